import { execFile } from 'node:child_process'
import {
  link,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  stat,
  symlink,
  truncate,
  utimes,
  writeFile,
} from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Disk } from '../../disk/disk.ts'
import { diskErrorOf } from '../../disk/disk-error.ts'
import { systemDisk } from '../../disk/system-disk.ts'
import { storageConformance } from '../../testing/storage-conformance.ts'
import { getText, keysOf, putText } from '../../testing/storage-conformance/expect.ts'
import { folderStore } from './folder-store.ts'

let path: string
beforeEach(async () => {
  path = await mkdtemp(join(tmpdir(), 'exprsn-store-'))
})
afterEach(() => rm(path, { recursive: true }))

describe('folderStore on the system disk', () => {
  it.each(storageConformance)('$name', ({ run }) => run(folderStore({ path: join(path, 'not', 'yet') })))
})

describe('folderStore where hard links do not exist', () => {
  const disk = diskWith({ link: (_, to) => Promise.reject(diskErrorOf('EPERM', 'link', to)) })
  const cases = storageConformance.filter(({ name }) => name.includes('ifNoneMatch'))
  it.each(cases)('$name', ({ run }) => run(folderStore({ path, disk })))
})

describe('the files of a folderStore', () => {
  it('are the objects, byte for byte, and nothing else is visible', async () => {
    const store = folderStore({ path })
    await putText(store, 'data/ab/1', 'content', { metadata: { a: 'b' } })
    expect(await readFile(join(path, 'data/ab/1'), 'utf8')).toBe('content')
    expect((await readdir(path)).sort()).toEqual(['.exprsn', 'data'])
    expect(await readdir(join(path, '.exprsn/tmp'))).toEqual([])
    expect(await keysOf(store)).toEqual(['data/ab/1'])
  })

  it('may be put there by other tools', async () => {
    await mkdir(join(path, 'keys'))
    await writeFile(join(path, 'keys/foreign'), 'theirs')
    const store = folderStore({ path })
    expect(await keysOf(store)).toEqual(['keys/foreign'])
    expect(await getText(store, 'keys/foreign')).toBe('theirs')
    const { etag } = (await store.head('keys/foreign'))!
    await writeFile(join(path, 'keys/foreign'), 'other!')
    await utimes(join(path, 'keys/foreign'), 1, 2)
    expect((await store.head('keys/foreign'))!.etag).not.toBe(etag)
    expect((await putText(store, 'keys/foreign', 'ours')).size).toBe(4)
  })

  it('are cut short by other tools without anybody taking the rest for the whole', async () => {
    const store = folderStore({ path })
    const content = Buffer.alloc(5_000_000, 7)
    for (const range of [undefined, { start: 4_500_000 }]) {
      for (const read of ['stream', 'whole'] as const) {
        await store.put('key', content)
        const object = await store.get('key', { range })
        await truncate(join(path, 'key'), 4_999_999)
        const chunks = async () => {
          for await (const chunk of object.body) expect(chunk.length).toBeGreaterThan(0)
        }
        await expect(read === 'whole' ? object.bytes() : chunks()).rejects.toMatchObject({
          code: 'CORE_STORAGE_TRUNCATED',
          details: { expected: range === undefined ? 5_000_000 : 500_000 },
        })
      }
    }
  })

  it('are read in one piece of memory, which is the reader’s own, and no longer than it wants', async () => {
    const store = folderStore({ path })
    const content = Buffer.from(Uint32Array.from({ length: 2_500_000 }, (_, index) => index).buffer)
    await store.put('key', content)
    const bytes = await (await store.get('key')).bytes()
    expect(Buffer.compare(bytes, content)).toBe(0)
    expect(bytes.buffer.byteLength).toBe(content.length)
    const part = await (await store.get('key', { range: { start: 3, end: 9_000_001 } })).bytes()
    expect(Buffer.compare(part, content.subarray(3, 9_000_001))).toBe(0)
    const reason = new Error('enough')
    const controller = new AbortController()
    const object = await store.get('key', { signal: controller.signal })
    controller.abort(reason)
    await expect(object.bytes()).rejects.toBe(reason)
    await expect(object.bytes()).rejects.toMatchObject({ code: 'CORE_STORAGE_BODY_USED' })
  })

  it('are never reached through symbolic links', async () => {
    await writeFile(join(path, 'real'), 'x')
    await symlink(join(path, 'real'), join(path, 'linked'))
    await symlink('/', join(path, 'root'))
    const store = folderStore({ path })
    expect(await keysOf(store)).toEqual(['real'])
    expect(await store.head('linked')).toBeUndefined()
    await expect(store.get('linked')).rejects.toMatchObject({ code: 'CORE_STORAGE_NOT_FOUND' })
  })

  it('do not collide with the private folder', async () => {
    const store = folderStore({ path })
    for (const key of ['.exprsn/tmp/x', '.exprsn', '.EXPRSN/x', `a/${'ü'.repeat(128)}`])
      await expect(putText(store, key, 'x')).rejects.toMatchObject({ code: 'CORE_STORAGE_KEY_INVALID' })
    await putText(store, 'a/.exprsn', 'fine')
    expect(await keysOf(store)).toEqual(['a/.exprsn'])
  })

  it('exclude folders of the same name, and give way when those are empty', async () => {
    const store = folderStore({ path })
    await putText(store, 'a/b/c', 'x')
    const obstructed = { code: 'CORE_STORAGE_KEY_OBSTRUCTED' }
    for (const options of [{}, { ifNoneMatch: '*' } as const]) {
      await expect(putText(store, 'a', 'x', options)).rejects.toMatchObject(obstructed)
      await expect(putText(store, 'a/b', 'x', options)).rejects.toMatchObject(obstructed)
      await expect(putText(store, 'a/b/c/d', 'x', options)).rejects.toMatchObject(obstructed)
    }
    expect(await store.head('a/b/c/d')).toBeUndefined()
    expect(await store.head('a/b')).toBeUndefined()
    await expect(store.get('a')).rejects.toMatchObject({ code: 'CORE_STORAGE_NOT_FOUND' })
    await store.delete('a/b')
    expect(await getText(store, 'a/b/c')).toBe('x')
    await store.delete('a/b/c')
    await putText(store, 'a', 'now a file', { ifNoneMatch: '*' })
    expect(await keysOf(store)).toEqual(['a'])
    expect(await readdir(join(path, '.exprsn/tmp'))).toEqual([])
  })

  it('keep their metadata in a copy that keeps times', async () => {
    const store = folderStore({ path: join(path, 'one') })
    await putText(store, 'key', 'x', { metadata: { a: 'b' } })
    await promisify(execFile)('cp', ['-a', join(path, 'one'), join(path, 'two')])
    expect((await folderStore({ path: join(path, 'two') }).head('key'))?.metadata).toEqual({ a: 'b' })
  })

  it('lose metadata that was damaged, not their content', async () => {
    const store = folderStore({ path })
    await putText(store, 'key', 'x', { metadata: { a: 'b' } })
    const [sidecar] = await sidecars()
    await writeFile(sidecar!, '{"metadata": {"a": 5}, "contentType"')
    expect(await store.head('key')).toMatchObject({ size: 1, metadata: undefined })
    await writeFile(sidecar!, '{"metadata": {"a": 5}, "contentType": 7}')
    expect(await getText(store, 'key')).toBe('x')
  })

  it('leave no metadata behind when they are replaced or deleted', async () => {
    const store = folderStore({ path })
    for (let round = 0; round < 5; round++) await putText(store, 'key', 'x', { metadata: { round: String(round) } })
    expect(await sidecars()).toHaveLength(1)
    expect((await store.head('key'))?.metadata).toEqual({ round: '4' })
    await store.delete('key')
    expect(await sidecars()).toEqual([])
  })
})

describe('folderStore.put', () => {
  it('never shows content with the metadata of another version', async () => {
    const store = folderStore({ path, durable: false })
    let writing = true
    const writer = (async () => {
      for (let round = 0; round < 300; round++)
        await putText(store, 'key', `v${round % 7}`.repeat((round % 7) + 1), { metadata: { round: `v${round % 7}` } })
      writing = false
    })()
    let seen = 0
    while (writing) {
      if ((await store.head('key')) === undefined) continue
      const object = await store.get('key')
      const text = new TextDecoder().decode(await object.bytes())
      expect(text.slice(0, 2)).toBe(object.metadata?.['round'])
      seen++
    }
    await writer
    expect(seen).toBeGreaterThan(10)
  })

  it('syncs content before the name, and the name before it returns', async () => {
    const steps: string[] = []
    const disk = diskWith({
      open: async (file, mode) => {
        const opened = await systemDisk.open(file, mode)
        return new Proxy(opened, {
          get: (target, property) => {
            const value: unknown = Reflect.get(target, property, target)
            if (property !== 'fsync') return typeof value === 'function' ? value.bind(target) : value
            return () => (steps.push('fsync'), target.fsync())
          },
        })
      },
      rename: (from, to) => (steps.push('rename'), systemDisk.rename(from, to)),
      link: (from, to) => (steps.push('link'), systemDisk.link(from, to)),
      fsyncFolder: (folder) => (
        steps.push(`folder ${String(folder).slice(path.length)}`),
        systemDisk.fsyncFolder(folder)
      ),
    })
    const store = folderStore({ path, disk })
    await putText(store, 'a/b/c', 'x')
    const last = steps.lastIndexOf('rename')
    expect(steps.slice(0, last)).toContain('fsync')
    expect(steps.slice(0, last)).toContain('folder /a')
    expect(steps.slice(0, last)).toContain('folder ')
    expect(steps.slice(last)).toEqual(['rename', 'folder /a/b'])
    steps.length = 0
    await putText(store, 'a/b/d', 'x', { ifNoneMatch: '*' })
    expect(steps).toEqual(['fsync', 'link', 'folder /a/b'])
    steps.length = 0
    await store.delete('a/b/d')
    expect(steps).toEqual(['folder /a/b'])
    steps.length = 0
    await putText(folderStore({ path, disk, durable: false }), 'a/b/e', 'x')
    expect(steps).toEqual(['rename'])
  })

  it('takes the answer of a link that succeeded and was asked for twice as success', async () => {
    const disk = diskWith({
      link: async (from, to) => {
        await systemDisk.link(from, to)
        throw diskErrorOf('EEXIST', 'link', to)
      },
    })
    const store = folderStore({ path, disk })
    await putText(store, 'key', 'mine', { ifNoneMatch: '*', metadata: { a: 'b' } })
    expect(await getText(store, 'key')).toBe('mine')
    expect((await store.head('key'))?.metadata).toEqual({ a: 'b' })
    expect(await readdir(join(path, '.exprsn/tmp'))).toEqual([])
  })

  it('makes its folders again when somebody removes them', async () => {
    const store = folderStore({ path: join(path, 'store') })
    await putText(store, 'a/b', 'x')
    await rm(join(path, 'store/a'), { recursive: true })
    await putText(store, 'a/b', 'y')
    expect(await getText(store, 'a/b')).toBe('y')
  })

  it('tells a full disk, a refusal and other failures apart and leaves nothing behind', async () => {
    const codes = {
      ENOSPC: 'CORE_STORAGE_FULL',
      EACCES: 'CORE_STORAGE_DENIED',
      EIO: 'CORE_STORAGE_FAILED',
      EMFILE: 'CORE_STORAGE_UNAVAILABLE',
    }
    for (const [errno, code] of Object.entries(codes)) {
      const disk = diskWith({ rename: (from) => Promise.reject(diskErrorOf(errno, 'rename', from)) })
      const put = putText(folderStore({ path, disk }), 'key', 'x', { metadata: { a: 'b' } })
      await expect(put).rejects.toMatchObject({ code, details: { operation: 'put', key: 'key', errno } })
      expect(await readdir(join(path, '.exprsn/tmp'))).toEqual([])
      expect(await sidecars()).toEqual([])
    }
  })

  it('lets exactly one of several processes make an object', async () => {
    const rounds = 40
    const run = async (name: string): Promise<number[]> => {
      const args = [
        '--conditions=@exprsn/source',
        '--input-type=module',
        '--eval',
        raceWriter,
        path,
        name,
        String(rounds),
      ]
      return JSON.parse((await promisify(execFile)(process.execPath, args)).stdout) as number[]
    }
    const [first, second] = await Promise.all([run('first'), run('second')])
    expect([...first!, ...second!].sort((left, right) => left - right)).toEqual(
      Array.from({ length: rounds }, (_, round) => round),
    )
    const store = folderStore({ path })
    for (const [name, won] of [
      ['first', first!],
      ['second', second!],
    ] as const)
      for (const round of won) {
        expect(await getText(store, `race/${round}`)).toBe(name)
        expect((await store.head(`race/${round}`))?.metadata).toEqual({ writer: name })
      }
  })
})

describe('folderStore.sweep', () => {
  it('removes old leftovers of killed writers, and nothing that is young or in use', async () => {
    const store = folderStore({ path, sweepAfter: '1h' })
    await putText(store, 'kept', 'x', { metadata: { a: 'b' } })
    const [kept] = await sidecars()
    await writeFile(join(path, '.exprsn/tmp/old'), 'x')
    await writeFile(join(path, '.exprsn/tmp/young'), 'x')
    await link(kept!, kept!.replace(/\.[^/]*$/, '.0-0.json'))
    const longAgo = new Date(Date.now() - 2 * 3_600_000)
    await utimes(join(path, '.exprsn/tmp/old'), longAgo, longAgo)
    await utimes(kept!, longAgo, longAgo)
    expect(await store.sweep()).toEqual({ temporaryFiles: 1, sidecars: 1 })
    expect(await readdir(join(path, '.exprsn/tmp'))).toEqual(['young'])
    expect((await store.head('kept'))?.metadata).toEqual({ a: 'b' })
  })

  it('happens at the first put', async () => {
    await mkdir(join(path, '.exprsn/tmp'), { recursive: true })
    await writeFile(join(path, '.exprsn/tmp/old'), 'x')
    await utimes(join(path, '.exprsn/tmp/old'), 1, 1)
    await putText(folderStore({ path }), 'key', 'x')
    expect(await readdir(join(path, '.exprsn/tmp'))).toEqual([])
  })

  it('finds nothing in a folder that does not exist', async () => {
    expect(await folderStore({ path: join(path, 'none') }).sweep()).toEqual({ temporaryFiles: 0, sidecars: 0 })
  })
})

describe('a factory', () => {
  it('does nothing before the first call, and reading does not make the folder', async () => {
    const store = folderStore({ path: join(path, 'none') })
    expect(await store.head('key')).toBeUndefined()
    expect(await keysOf(store)).toEqual([])
    await store.delete('key')
    await expect(stat(join(path, 'none'))).rejects.toMatchObject({ code: 'ENOENT' })
  })
})

/** A process of its own that tries to be the first to store each of some keys; prints those it won. */
const raceWriter = `
  import { folderStore } from ${JSON.stringify(new URL('folder-store.ts', import.meta.url).href)}
  const [path, name, count] = process.argv.slice(1)
  const store = folderStore({ path })
  const won = []
  for (let round = 0; round < Number(count); round++)
    try {
      await store.put('race/' + round, Buffer.from(name), { ifNoneMatch: '*', metadata: { writer: name } })
      won.push(round)
    } catch (error) {
      if (error.code !== 'CORE_STORAGE_CONFLICT') throw error
    }
  process.stdout.write(JSON.stringify(won))
`

async function sidecars(): Promise<string[]> {
  const names = await readdir(join(path, '.exprsn/metadata'), { recursive: true }).catch(() => [])
  return names.filter((name) => name.endsWith('.json')).map((name) => join(path, '.exprsn/metadata', name))
}

function diskWith(changes: Partial<Disk>): Disk {
  return new Proxy(systemDisk, {
    get: (target, property) => Reflect.get(changes, property) ?? Reflect.get(target, property, target),
  })
}
