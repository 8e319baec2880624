import { makeTemporaryFolder, readFile, removeTree, systemDisk } from '@exprsn/core/disk'
import { s3Store, type S3Store } from '@exprsn/core/drivers/s3'
import { folderStore, memoryStore, storageErrors, type ObjectStore } from '@exprsn/core/storage'
import { SeededRandom, simulateS3, type S3Simulator } from '@exprsn/core/testing'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Repository } from '../src/repository/index.ts'
import { bucketSource } from '../src/sources/index.ts'
import { restic, resticMissing } from './restic.ts'
import { backUp, openTestRepository, restore } from './run-source.ts'

let folder: string
let repository: Repository
beforeEach(async () => {
  folder = await makeTemporaryFolder(systemDisk)
  repository = await openTestRepository(`${folder}/repository`)
})
afterEach(async () => {
  await repository.close()
  await removeTree(systemDisk, folder)
})

const text = (value: string) => Buffer.from(value)

async function contentOf(store: ObjectStore, prefix = ''): Promise<Record<string, string>> {
  const found: Record<string, string> = {}
  for await (const { key } of store.list({ prefix }))
    found[key.slice(prefix.length)] = Buffer.from(await (await store.get(key)).bytes()).toString('latin1')
  return found
}

/** Counts what is read, and does something before. */
function watched(store: ObjectStore, before: (key: string) => void | Promise<void> = () => {}) {
  const reads: string[] = []
  const watching: ObjectStore = {
    put: (...call) => store.put(...call),
    head: (...call) => store.head(...call),
    list: (...call) => store.list(...call),
    delete: (...call) => store.delete(...call),
    async get(key, options) {
      reads.push(key)
      await before(key)
      return store.get(key, options)
    },
  }
  return { store: watching, reads }
}

describe.each(['memory', 'folder', 's3'] as const)('bucketSource of a %s store', (kind) => {
  let simulator: S3Simulator | undefined
  let remote: S3Store | undefined
  let store: ObjectStore
  beforeEach(async () => {
    if (kind === 'memory') store = memoryStore()
    else if (kind === 'folder') store = folderStore({ path: `${folder}/objects` })
    else {
      simulator = simulateS3({ buckets: ['bucket'] })
      const { endpoint } = await simulator.start()
      const credentials = { accessKeyId: 'simulator', secretAccessKey: 'simulator-secret' }
      store = remote = s3Store({ bucket: 'bucket', endpoint, region: 'us-east-1', credentials })
    }
  })
  afterEach(async () => {
    await remote?.close()
    await simulator?.close()
    remote = simulator = undefined
  })

  it('brings content, metadata and media types back into a bucket', async () => {
    const large = new SeededRandom(1).bytes(3_000_000)
    await store.put('media/a.txt', text('first'), { contentType: 'text/plain', metadata: { owner: 'Zoë', age: '3' } })
    await store.put('media/deep/er/large', large)
    await store.put('media/deep-er', text('beside'))
    await store.put('media/empty', new Uint8Array(0))
    await store.put('mediation', text('not below the prefix'))
    const source = bucketSource({ store, prefix: 'media' })
    const { snapshot, files, folders, bytes, paths } = await backUp(repository, source)
    expect({ files, folders, bytes, paths }).toEqual({ files: 4, folders: 2, bytes: 3_000_011, paths: ['/files'] })

    const target = memoryStore()
    const back = await restore(repository, source, { snapshot, into: { store: target, prefix: 'again/' } })
    expect(back).toEqual({ files: 4, folders: 0, bytes: 3_000_011, problems: [] })
    expect(await contentOf(target, 'again/')).toEqual(await contentOf(store, 'media/'))
    expect(await target.head('again/a.txt')).toMatchObject({
      contentType: 'text/plain',
      metadata: { owner: 'Zoë', age: '3' },
    })
  })

  it('reads again only what changed', async () => {
    for (const key of ['a', 'b/c', 'b/d']) await store.put(key, text(key))
    const { store: observed, reads } = watched(store)
    const source = bucketSource({ store: observed })
    const first = await backUp(repository, source)
    expect(reads.splice(0).toSorted()).toEqual(['a', 'b/c', 'b/d'])
    const second = await backUp(repository, source)
    expect(reads).toEqual([])
    expect(second.tree).toBe(first.tree)
    expect(second).toMatchObject({ files: 3, folders: 1, bytes: 7, filesRead: 0 })

    await store.put('b/c', text('new'))
    await store.delete('a')
    const third = await backUp(repository, source)
    expect(reads).toEqual(['b/c'])
    const target = memoryStore()
    await restore(repository, source, { snapshot: third.snapshot, into: { store: target } })
    expect(await contentOf(target)).toEqual({ 'b/c': 'new', 'b/d': 'b/d' })
  })
})

describe('bucketSource', () => {
  it('restores into a folder, as files of whoever restores', async () => {
    const store = memoryStore()
    await store.put('a/b.txt', text('content'), { metadata: { some: 'thing' } })
    await store.put('c', text('other'))
    const source = bucketSource({ store })
    const { snapshot } = await backUp(repository, source)
    const into = `${folder}/back`
    const { problems, files } = await restore(repository, source, { snapshot, into, include: ['/a'] })
    expect({ problems, files }).toEqual({ problems: [], files: 1 })
    expect(Buffer.from(await readFile(systemDisk, `${into}/a/b.txt`)).toString()).toBe('content')
    const { modifiedAt } = (await store.head('a/b.txt'))!
    // The system's disk keeps microseconds.
    const restored = (await systemDisk.stat(`${into}/a/b.txt`)).modifiedAt / 1_000n
    expect(restored).toBe(BigInt(modifiedAt.getTime()) * 1_000n)
    await expect(systemDisk.stat(`${into}/c`)).rejects.toMatchObject({ code: 'CORE_DISK_NOT_FOUND' })
  })

  it('keeps an object beside the folder of its name', async () => {
    const store = memoryStore()
    for (const key of ['x/a', 'x/a/b', 'x/a.object']) await store.put(key, text(key))
    const { store: observed, reads } = watched(store)
    const source = bucketSource({ store: observed })
    const { tree } = await backUp(repository, source)
    const again = await backUp(repository, source)
    expect(again.tree).toBe(tree)
    expect(reads.toSorted()).toEqual(['x/a', 'x/a', 'x/a.object', 'x/a/b'])
    const target = memoryStore()
    await restore(repository, source, { snapshot: again.snapshot, into: { store: target } })
    expect(await contentOf(target)).toEqual({ 'x/a': 'x/a', 'x/a/b': 'x/a/b', 'x/a.object': 'x/a.object' })
    await restore(repository, source, { snapshot: again.snapshot, into: `${folder}/back` })
    expect(Buffer.from(await readFile(systemDisk, `${folder}/back/x/a.object_`)).toString()).toBe('x/a')
  })

  it('brings any keys back', async () => {
    const part = fc.constantFrom('a', 'b', 'a-', 'a.object', 'ä', '\u{1f600}', '\uff5e')
    const keys = fc.uniqueArray(fc.array(part, { minLength: 1, maxLength: 4 }), { selector: (key) => key.join('/') })
    await fc.assert(
      fc.asyncProperty(keys, keys, async (first, second) => {
        const store = memoryStore()
        const source = bucketSource({ store })
        for (const key of first) await store.put(key.join('/'), text(`1 ${key.join('/')}`))
        await backUp(repository, source)
        for (const key of second) await store.put(key.join('/'), text(`2 ${key.join('/')}`))
        const { snapshot } = await backUp(repository, source)
        const target = memoryStore()
        await restore(repository, source, { snapshot, into: { store: target } })
        expect(await contentOf(target)).toEqual(await contentOf(store))
      }),
      { numRuns: 30 },
    )
  }, 60_000)

  it('names what vanished or is denied, and leaves it out', async () => {
    const store = memoryStore()
    for (const key of ['a', 'gone', 'secret']) await store.put(key, text(key))
    const { store: observed } = watched(store, async (key) => {
      if (key === 'gone') await store.delete('gone')
      if (key === 'secret') throw storageErrors.CORE_STORAGE_DENIED({ operation: 'get', key })
    })
    const { problems, problemCount, files } = await backUp(repository, bucketSource({ store: observed }))
    expect(problems.map(({ path, kind }) => `${kind} ${path}`).toSorted()).toEqual([
      'unreadable /secret',
      'vanished /gone',
    ])
    expect({ problemCount, files }).toEqual({ problemCount: 2, files: 1 })
  })

  it('saves no snapshot when the store fails', async () => {
    const store = memoryStore()
    for (let index = 0; index < 20; index++) await store.put(`a/${index}`, text(`${index}`))
    const { store: observed } = watched(store, (key) => {
      if (key === 'a/7') throw storageErrors.CORE_STORAGE_UNAVAILABLE({ operation: 'get', key })
    })
    await expect(backUp(repository, bucketSource({ store: observed }))).rejects.toMatchObject({
      code: 'CORE_STORAGE_UNAVAILABLE',
    })
    await expect(repository.snapshot('latest')).rejects.toMatchObject({ code: 'BACKUP_SNAPSHOT_NOT_FOUND' })
  })

  it('ends with its signal', async () => {
    const store = memoryStore()
    await store.put('a', text('a'))
    const controller = new AbortController()
    const { store: observed } = watched(store, () => controller.abort(new Error('enough')))
    const run = backUp(repository, bucketSource({ store: observed }), { signal: controller.signal })
    await expect(run).rejects.toThrow('enough')
  })

  it('overwrites nothing', async () => {
    const store = memoryStore()
    await store.put('a', text('a'))
    const source = bucketSource({ store })
    const { snapshot } = await backUp(repository, source)
    await expect(restore(repository, source, { snapshot, into: { store } })).rejects.toMatchObject({
      code: 'BACKUP_BUCKET_TARGET_NOT_EMPTY',
    })
    await expect(restore(repository, source, { snapshot, into: 7 })).rejects.toMatchObject({
      code: 'BACKUP_FILES_TARGET_INVALID',
    })
    const target = memoryStore()
    await expect(
      restore(repository, source, { snapshot, into: { store: target }, include: ['/none'] }),
    ).rejects.toMatchObject({ code: 'BACKUP_FILES_NOT_IN_SNAPSHOT' })
    expect(await contentOf(target)).toEqual({})
  })

  it('refuses options that mean nothing', () => {
    for (const options of [{ prefix: '/a' }, { prefix: 'a//b' }, { prefix: '..' }, { concurrency: 0 }])
      expect(() => bucketSource({ store: memoryStore(), ...options })).toThrow(
        expect.objectContaining({ code: 'BACKUP_BUCKET_OPTION_INVALID' }),
      )
  })

  // Skipped where there is no restic to compare with.
  it.skipIf(resticMissing !== undefined)('is restored by restic', async () => {
    const store = memoryStore()
    const large = new SeededRandom(2).bytes(2_500_000)
    await store.put('deep/large', large)
    await store.put('text', text('content'), { contentType: 'text/plain' })
    const { snapshot } = await backUp(repository, bucketSource({ store }))
    expect(restic(`${folder}/repository`, ['check', '--read-data'])).toContain('no errors were found')
    restic(`${folder}/repository`, ['restore', snapshot.id, '--target', `${folder}/by-restic`])
    expect(Buffer.compare(await readFile(systemDisk, `${folder}/by-restic/deep/large`), large)).toBe(0)
    expect(Buffer.from(await readFile(systemDisk, `${folder}/by-restic/text`)).toString()).toBe('content')
  })
})
