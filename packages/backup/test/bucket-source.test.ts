import { systemClock } from '@exprsn/core'
import { makeTemporaryFolder, readFile, removeTree, systemDisk } from '@exprsn/core/disk'
import { s3Store, type S3Store } from '@exprsn/core/drivers/s3'
import { folderStore, memoryStore, storageErrors, type ObjectStore, type ObjectVersions } from '@exprsn/core/storage'
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

function namesIn(path: string): string[] {
  return systemDisk.entriesSync(path).map(({ name }) => String(name))
}

/** Counts what is read, and does something before. */
function watched(store: ObjectStore, before: (key: string) => void | Promise<void> = () => {}) {
  const reads: string[] = []
  const watching: ObjectStore = {
    ...(store.versions === undefined ? {} : { versions: watchedVersions(store.versions) }),
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

  function watchedVersions(versions: ObjectVersions): ObjectVersions {
    return {
      areKept: (...call) => versions.areKept(...call),
      list: (...call) => versions.list(...call),
      async get(key, versionId, options) {
        reads.push(key)
        await before(key)
        return versions.get(key, versionId, options)
      },
    }
  }
}

/** What a store keeps of the past: of each key, what was stored and deleted, the newest first. */
async function historyOf(store: ObjectStore, prefix = ''): Promise<Record<string, (string | undefined)[]>> {
  const found: Record<string, (string | undefined)[]> = {}
  for await (const { key, versionId, isDeleted } of store.versions!.list({ prefix })) {
    const content = isDeleted ? undefined : await (await store.versions!.get(key, versionId)).bytes()
    ;(found[key.slice(prefix.length)] ??= []).push(content && Buffer.from(content).toString('latin1'))
  }
  return found
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

describe.each(['memory', 's3'] as const)('bucketSource of a %s store that keeps versions', (kind) => {
  let simulator: S3Simulator | undefined
  const opened: S3Store[] = []
  let store: ObjectStore
  let make: () => ObjectStore
  beforeEach(async () => {
    if (kind === 'memory') make = () => memoryStore({ versions: true })
    else {
      const names = ['one', 'two']
      simulator = simulateS3({ buckets: [...names.map((name) => ({ name, versioning: true })), 'plain'] })
      const { endpoint } = await simulator.start()
      const credentials = { accessKeyId: 'simulator', secretAccessKey: 'simulator-secret' }
      make = () => {
        const made = s3Store({ bucket: names.shift() ?? 'plain', endpoint, region: 'us-east-1', credentials })
        opened.push(made)
        return made
      }
    }
    store = make()
  })
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((each) => each.close()))
    await simulator?.close()
    simulator = undefined
  })

  it('brings the whole past back, with what was deleted and in its order', async () => {
    await store.put('in/a.txt', text('one'), { contentType: 'text/plain', metadata: { number: '1' } })
    await store.put('in/a.txt', text('three'), { metadata: { number: '3' } })
    await store.put('in/gone', text('gone'))
    await store.delete('in/gone')
    await store.put('in/again', text('before'))
    await store.delete('in/again')
    await store.put('in/again', text('after'))
    await store.put('in/deep/er', text('deep'))
    await store.put('out', text('not below the prefix'))
    const source = bucketSource({ store, prefix: 'in', versions: true })
    const { snapshot, files, bytes, filesRead } = await backUp(repository, source)
    expect({ files, bytes, filesRead }).toEqual({ files: 6, bytes: 27, filesRead: 6 })

    const target = make()
    const back = await restore(repository, source, { snapshot, into: { store: target, versions: 'all' } })
    expect(back).toEqual({ files: 6, folders: 0, bytes: 27, problems: [] })
    const past = await historyOf(target)
    expect(past).toEqual(await historyOf(store, 'in/'))
    expect(past).toEqual({
      'a.txt': ['three', 'one'],
      again: ['after', undefined, 'before'],
      'deep/er': ['deep'],
      gone: [undefined, 'gone'],
    })
    const versions = []
    for await (const version of target.versions!.list({ prefix: 'a.txt' })) versions.push(version)
    expect(await target.versions!.get('a.txt', versions[1]!.versionId)).toMatchObject({
      contentType: 'text/plain',
      metadata: { number: '1' },
    })
    await expect(
      restore(repository, source, { snapshot, into: { store: target, versions: 'all' } }),
    ).rejects.toMatchObject({ code: 'BACKUP_BUCKET_TARGET_NOT_EMPTY' })
  })

  it('brings back what is there now unless it is asked for more', async () => {
    for (const each of ['one', 'two']) await store.put('a', text(each))
    await store.put('gone', text('gone'))
    await store.delete('gone')
    const source = bucketSource({ store, versions: true })
    const { snapshot } = await backUp(repository, source)
    const target = make()
    const { files, bytes } = await restore(repository, source, { snapshot, into: { store: target } })
    expect({ files, bytes }).toEqual({ files: 1, bytes: 3 })
    expect(await contentOf(target)).toEqual({ a: 'two' })
    await restore(repository, source, { snapshot, into: `${folder}/back` })
    expect(namesIn(`${folder}/back`)).toEqual(['a'])
  })

  it('reads no version again, whatever became of it', async () => {
    for (const key of ['a', 'b']) for (const number of [1, 2]) await store.put(key, text(`${key}${number}`))
    const { store: observed, reads } = watched(store)
    const source = bucketSource({ store: observed, versions: true })
    const first = await backUp(repository, source)
    expect(reads.splice(0)).toHaveLength(4)
    expect((await backUp(repository, source)).tree).toBe(first.tree)
    expect(reads).toEqual([])

    await store.put('a', text('a3'))
    await store.delete('b')
    const third = await backUp(repository, source)
    expect(reads.splice(0)).toEqual(['a'])
    expect(third).toMatchObject({ files: 5, filesRead: 1 })

    // Versions may be asked for, or not any longer, from one backup to the next.
    const now = await backUp(repository, bucketSource({ store: observed }))
    expect(reads).toEqual([])
    expect(now).toMatchObject({ files: 1, filesRead: 0 })
    expect((await backUp(repository, source)).filesRead).toBe(4)
    expect(reads.toSorted()).toEqual(['a', 'a', 'b', 'b'])
  })
})

describe('bucketSource with versions', () => {
  /** A store in which each change happens a day after the one before. */
  const daily = () => {
    let today = 0
    const clock = { ...systemClock, now: () => today }
    const on = (day: number): Date => new Date(day * 86_400_000)
    const store = memoryStore({ versions: true, clock })
    return { store, on, begin: (day: number) => void (today = on(day).getTime()) }
  }

  it('brings a bucket back as it was at any moment', async () => {
    const step = fc.record({ key: fc.constantFrom('a', 'a/b', 'a/b/c', 'a.object', 'c'), deletes: fc.boolean() })
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
        await using repository = await openTestRepository(memoryStore())
        const { store, on, begin } = daily()
        const states: Record<string, string>[] = []
        for (const [day, { key, deletes }] of steps.entries()) {
          begin(day)
          if (deletes) await store.delete(key)
          else await store.put(key, text(`${key} ${day}`))
          states.push(await contentOf(store))
          if (day % 4 === 0) await backUp(repository, bucketSource({ store, versions: day % 8 === 0 }))
        }
        const source = bucketSource({ store, versions: true })
        const { snapshot } = await backUp(repository, source)
        for (const [day, state] of states.entries()) {
          const target = memoryStore()
          await restore(repository, source, { snapshot, into: { store: target, at: on(day + 0.5) } })
          expect(await contentOf(target)).toEqual(state)
        }
        const target = memoryStore({ versions: true })
        await restore(repository, source, { snapshot, into: { store: target, versions: 'all' } })
        expect(await historyOf(target)).toEqual(await historyOf(store))
      }),
      { numRuns: 30 },
    )
  }, 60_000)

  it('brings them into a folder, of a moment or with the time in their names', async () => {
    const { store, on, begin } = daily()
    for (const day of [1, 2, 3]) {
      begin(day)
      await store.put('x/a.txt', text(`day ${day}`))
    }
    begin(4)
    await store.delete('x/a.txt')
    const source = bucketSource({ store, versions: true })
    const { snapshot } = await backUp(repository, source)
    const read = async (path: string) => Buffer.from(await readFile(systemDisk, `${folder}/${path}`)).toString()
    await restore(repository, source, { snapshot, into: { folder: `${folder}/then`, at: on(2.5) } })
    expect(await read('then/x/a.txt')).toBe('day 2')
    await restore(repository, source, { snapshot, into: { folder: `${folder}/all`, versions: 'all' } })
    expect(namesIn(`${folder}/all/x`).toSorted()).toEqual([
      'a.txt@19700102T000000.000Z',
      'a.txt@19700103T000000.000Z',
      'a.txt@19700104T000000.000Z',
    ])
    expect(await read('all/x/a.txt@19700104T000000.000Z')).toBe('day 3')
    const into = { folder: `${folder}/one`, versions: 'all' }
    await restore(repository, source, { snapshot, into, include: ['/x/a.txt@19700102T000000.000Z'] })
    expect(await read('one/x/a.txt@19700102T000000.000Z')).toBe('day 1')
  })

  it('keeps versions apart from objects that are called as they would be', async () => {
    const { store, begin } = daily()
    const names = ['a', 'a@19700102T000000.000Z', 'a@19700102T000000.000Z.deleted', 'a/b']
    for (const day of [1, 1, 2]) {
      begin(day)
      for (const key of names) await store.put(key, text(`${key} on ${day}`))
      await store.delete('a')
    }
    const source = bucketSource({ store, versions: true })
    const { snapshot } = await backUp(repository, source)
    const target = memoryStore({ versions: true })
    await restore(repository, source, { snapshot, into: { store: target, versions: 'all' } })
    expect(await historyOf(target)).toEqual(await historyOf(store))
    const some = memoryStore({ versions: true })
    await restore(repository, source, { snapshot, into: { store: some, versions: 'all' }, include: ['/a/b'] })
    expect(Object.keys(await historyOf(some))).toEqual(['a/b'])
  })

  it('refuses what cannot be', async () => {
    const plain = memoryStore()
    await plain.put('a', text('a'))
    expect(() => bucketSource({ store: plain, versions: true })).toThrow(
      expect.objectContaining({ code: 'BACKUP_BUCKET_OPTION_INVALID' }),
    )
    const source = bucketSource({ store: plain })
    const { snapshot } = await backUp(repository, source)
    const back = (into: object) => restore(repository, source, { snapshot, into: { store: memoryStore(), ...into } })
    const invalid = { code: 'BACKUP_BUCKET_OPTION_INVALID' }
    await expect(back({ at: new Date(Number.NaN) })).rejects.toMatchObject(invalid)
    await expect(back({ at: '2026-11-21' })).rejects.toMatchObject(invalid)
    await expect(back({ versions: 'some' })).rejects.toMatchObject(invalid)
    await expect(back({ versions: 'all', at: new Date() })).rejects.toMatchObject(invalid)
    await expect(back({ at: new Date() })).rejects.toMatchObject({ code: 'BACKUP_BUCKET_NO_VERSIONS' })
    await expect(back({ versions: 'all' })).rejects.toMatchObject({ code: 'BACKUP_BUCKET_VERSIONS_UNSUPPORTED' })
  })

  it('names a version that expired while it was read', async () => {
    const store = memoryStore({ versions: true })
    for (const each of ['one', 'two']) await store.put('a', text(each))
    let reads = 0
    const { store: observed } = watched(store, (key) => {
      if (++reads === 2) throw storageErrors.CORE_STORAGE_NOT_FOUND({ key })
    })
    const { problems, files } = await backUp(
      repository,
      bucketSource({ store: observed, versions: true, concurrency: 1 }),
    )
    expect(problems.map(({ path, kind }) => `${kind} ${path}`)).toEqual(['vanished /a'])
    expect(files).toBe(1)
  })

  // Skipped where there is no restic to compare with.
  it.skipIf(resticMissing !== undefined)('is restored by restic, the present beside the past', async () => {
    const { store, begin } = daily()
    for (const day of [1, 2]) {
      begin(day)
      await store.put('a.txt', text(`day ${day}`))
    }
    const { snapshot } = await backUp(repository, bucketSource({ store, versions: true }))
    expect(restic(`${folder}/repository`, ['check', '--read-data'])).toContain('no errors were found')
    restic(`${folder}/repository`, ['restore', snapshot.id, '--target', `${folder}/by-restic`])
    const read = async (name: string) =>
      Buffer.from(await readFile(systemDisk, `${folder}/by-restic/${name}`)).toString()
    expect(await read('a.txt')).toBe('day 2')
    expect(await read('a.txt@19700102T000000.000Z')).toBe('day 1')
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
    expect(reads.toSorted()).toEqual(['x/a', 'x/a.object', 'x/a/b'])
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
        await using repository = await openTestRepository(memoryStore())
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
