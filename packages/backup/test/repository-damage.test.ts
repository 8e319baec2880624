import { memoryStore, type ObjectStore } from '@exprsn/core/storage'
import { SimulatedClock } from '@exprsn/core/testing'
import { describe, expect, it } from 'vitest'
import { listForeignLocks, deleteStaleLocks, putLock } from '../src/repository/lock/lock-record.ts'
import { compress, decompressExactly } from '../src/repository/object/compression.ts'
import { sha256 } from '../src/repository/object/load-verified.ts'
import { openBlob } from '../src/repository/pack/open-blob.ts'
import { PackBuilder } from '../src/repository/pack/pack-builder.ts'
import { encodePackHeader } from '../src/repository/pack/pack-header.ts'
import { packKey } from '../src/repository/pack/pack-key.ts'
import { readPackHeader } from '../src/repository/pack/read-pack-header.ts'
import { listFossils, putFossils } from '../src/repository/prune/fossil-list.ts'
import { contextOf } from '../src/repository/repository-context.ts'
import { openRepository } from '../src/repository/open-repository.ts'
import { beginSession } from '../src/repository/session/begin-session.ts'
import { listSessions } from '../src/repository/session/session-record.ts'
import { loadSnapshots } from '../src/repository/snapshot/snapshots.ts'
import { encodeTree } from '../src/repository/tree/encode-tree.ts'
import { sealPlain } from '../src/seal/index.ts'
import { cheapScrypt, readAll, sampleFiles, sampleRepository } from './sample-repository.ts'

const minute = 60_000
const zeros = '0'.repeat(64)

/** A store whose `get` of some keys is another: what a listing showed a moment ago may be gone, or away. */
function getting(store: ObjectStore, change: (key: string) => Promise<void> | void): ObjectStore {
  return {
    ...store,
    get: async (key, options) => {
      await change(key)
      return store.get(key, options)
    },
  }
}

/** A lock as a restic client writes it. */
const resticLock = (exclusive: boolean): Uint8Array =>
  Buffer.from(JSON.stringify({ time: '2026-01-01T00:00:00Z', exclusive, hostname: 'other', username: 'me', pid: 7 }))

describe('locks', () => {
  it('honours a client of restic, and waits with the removal of packs until it is gone', async () => {
    const { repository } = await sampleRepository(2)
    const { objects } = contextOf(repository)
    const lock = await objects.save('locks', resticLock(false))
    const oldest = (await repository.snapshots())[0]!
    await repository.forget([oldest.id])
    const first = await repository.prune({ maxUnused: 0 })
    expect(first).toMatchObject({ removed: [], waitingFor: ['restic, process 7 on other since 2026-01-01T00:00:00Z'] })
    await contextOf(repository).store.delete(`locks/${lock}`)
    expect((await repository.prune({ maxUnused: 0 })).removed.length).toBeGreaterThan(0)
    expect(await readAll(repository)).toEqual(new Map([['1', sampleFiles(1)]]))
  })

  it('does not begin beside an exclusive lock, and leaves nothing of its own behind', async () => {
    const { repository, keys } = await sampleRepository(0)
    const { objects } = contextOf(repository)
    const lock = await objects.save('locks', resticLock(true))
    await expect(repository.begin()).rejects.toMatchObject({
      code: 'BACKUP_REPOSITORY_LOCKED',
      message: expect.stringContaining('process 7 on other'),
    })
    expect(await keys('locks/')).toEqual([`locks/${lock}`])
    expect(await keys('x-exprsn/')).toEqual([])
  })

  it('counts neither its own locks, nor stale ones, nor those that nobody can read', async () => {
    const { repository, store } = await sampleRepository(0)
    const context = contextOf(repository)
    await putLock(context, 'mine', false)
    await store.put(`locks/${zeros}`, Buffer.from('rubbish'))
    await context.objects.save('locks', Buffer.from('not JSON'))
    expect(await listForeignLocks(context, Date.now())).toEqual([])
    await context.objects.save('locks', resticLock(true))
    expect(await listForeignLocks(context, Date.now())).toHaveLength(1)
    expect(await listForeignLocks(context, Date.now() + 31 * minute)).toEqual([])
  })

  it('removes its own stale locks and leaves those of restic to restic', async () => {
    const { repository, keys } = await sampleRepository(0)
    const context = contextOf(repository)
    const mine = await putLock(context, 'dead', true)
    const theirs = await context.objects.save('locks', resticLock(false))
    await deleteStaleLocks(context, Date.now())
    expect((await keys('locks/')).toSorted()).toEqual([`locks/${mine}`, `locks/${theirs}`].toSorted())
    await deleteStaleLocks(context, Date.now() + 31 * minute)
    expect(await keys('locks/')).toEqual([`locks/${theirs}`])
  })

  it('does not take a store that is away for a lock that is gone', async () => {
    const { repository, store } = await sampleRepository(0)
    await contextOf(repository).objects.save('locks', resticLock(true))
    const away = getting(store, (key) => {
      if (key.startsWith('locks/')) throw new Error('away')
    })
    const context = contextOf(
      await openRepository({ store: away, password: 'secret', scrypt: cheapScrypt, attempts: 1 }),
    )
    await expect(listForeignLocks(context, Date.now())).rejects.toThrow('away')
  })

  it('refreshes the lock of a long session, and has one lock at every moment', async () => {
    const clock = new SimulatedClock()
    const store = memoryStore({ clock })
    const { repository, keys } = await sampleRepository(0, { store, clock, sessionTimeout: '1h' })
    const session = await beginSession(contextOf(repository), { kind: 'backup' })
    const [first] = await keys('locks/')
    await clock.advanceBy(11 * minute)
    const [second, ...more] = await keys('locks/')
    expect(more).toEqual([])
    expect(second).not.toBe(first)
    const [record] = await listSessions(contextOf(repository))
    expect(record!.seenAt - record!.startedAt).toBeGreaterThanOrEqual(10 * minute)
    await session.end()
    await session.end()
    expect(await keys('locks/')).toEqual([])
  })
})

describe('objects that are not what they should be', () => {
  it('are refused though their hash is right: another key sealed them, or they hold something else', async () => {
    const { repository, store } = await sampleRepository(0)
    const { repository: other } = await sampleRepository(0)
    const { key, random, objects } = contextOf(repository)
    const put = async (sealed: Uint8Array): Promise<string> => {
      const id = sha256(sealed)
      await store.put(`index/${id}`, sealed)
      return id
    }
    const foreign = await put(sealPlain(contextOf(other).key, Buffer.from('{}'), random))
    const odd = await put(sealPlain(key, Buffer.from('?{}'), random))
    const empty = await put(sealPlain(key, Buffer.alloc(0), random))
    const broken = await put(sealPlain(key, Buffer.of(2, 1, 2, 3), random))
    for (const [id, reason] of [
      [foreign, 'authenticator'],
      [odd, 'begins with 63'],
      [empty, 'begins with nothing'],
      [broken, 'cannot be decompressed'],
    ] as const)
      await expect(objects.load('index', id), reason).rejects.toMatchObject({
        code: 'BACKUP_OBJECT_CORRUPT',
        message: expect.stringContaining(reason),
      })
  })

  it('of the first format are read as they are', async () => {
    const { repository } = await sampleRepository(0)
    const { key, random, objects, store } = contextOf(repository)
    const sealed = sealPlain(key, Buffer.from('{"packs":[]}'), random)
    await store.put(`index/${sha256(sealed)}`, sealed)
    expect(Buffer.from(await objects.load('index', sha256(sealed))).toString()).toBe('{"packs":[]}')
  })

  it('are not opened as blobs that they are not', async () => {
    const { repository } = await sampleRepository(0)
    const { key, random } = contextOf(repository)
    const sealed = sealPlain(key, Buffer.from('plain'), random)
    const blob = { type: 'data', id: sha256(Buffer.from('plain')), offset: 0, length: sealed.length } as const
    const whole = { ...blob, uncompressedLength: undefined }
    expect(Buffer.from(openBlob(key, whole, sealed)).toString()).toBe('plain')
    expect(() => openBlob(key, { ...blob, uncompressedLength: 9 }, sealed)).toThrow('does not decompress to 9 bytes')
    expect(() => openBlob(key, { ...whole, id: zeros }, sealed)).toThrow('another hash')
  })

  it('are not read as packs whose header and blobs contradict each other', async () => {
    const { repository } = await sampleRepository(0)
    const { key, random } = contextOf(repository)
    const blob = { type: 'data', id: zeros, offset: 0, length: 40, uncompressedLength: undefined } as const
    const header = sealPlain(key, encodePackHeader([blob]), random)
    const length = Buffer.alloc(4)
    length.writeUInt32LE(header.length)
    const read = (bytes: Uint8Array) =>
      readPackHeader(zeros, bytes.length, key, (start, end) => Promise.resolve(bytes.subarray(start, end)))
    const bytes = (padding: number): Uint8Array => Buffer.concat([Buffer.alloc(padding), header, length])
    expect(await read(bytes(40))).toEqual([blob])
    await expect(read(bytes(41))).rejects.toMatchObject({ message: expect.stringContaining('blobs end at 40') })
  })

  it('are compressed with the settings given, and decompressed to their exact size or not at all', () => {
    const text = Buffer.from('again and again '.repeat(50))
    for (const settings of [
      { level: 1, minMatch: 0 },
      { level: 2, minMatch: 5 },
    ]) {
      const compressed = compress(text, settings)
      expect(Buffer.compare(decompressExactly(compressed, text.length)!, text)).toBe(0)
      expect(decompressExactly(compressed, text.length - 1)).toBeUndefined()
      expect(decompressExactly(compressed, text.length + 1)).toBeUndefined()
    }
  })
})

describe('listings that are a moment old', () => {
  it('leave out snapshots that were forgotten meanwhile, and do not take a store that is away for that', async () => {
    const { repository, store } = await sampleRepository(2)
    const [oldest] = await repository.snapshots()
    let away = false
    const racing = getting(store, async (key) => {
      if (away) throw new Error('away')
      if (key === `snapshots/${oldest!.id}`) await store.delete(key)
    })
    const open = () => openRepository({ store: racing, password: 'secret', scrypt: cheapScrypt, attempts: 1 })
    expect((await (await open()).snapshots()).map(({ tags }) => tags)).toEqual([['1']])
    const context = contextOf(await open())
    away = true
    await expect(loadSnapshots(context)).rejects.toThrow('away')
  })

  it('leave out lists of packs and sessions that are gone', async () => {
    const { repository, store } = await sampleRepository(0)
    await putFossils(contextOf(repository), [zeros])
    const session = await beginSession(contextOf(repository), { kind: 'backup' })
    const racing = getting(store, (key) => (key.startsWith('x-exprsn/') ? store.delete(key) : undefined))
    const context = contextOf(await openRepository({ store: racing, password: 'secret', scrypt: cheapScrypt }))
    expect(await listFossils(context)).toEqual([])
    expect(await listSessions(context)).toEqual([])
    await session.end()
  })

  it('say so when a list of packs is damaged, rather than use a pack that may go', async () => {
    const { repository, keys, flip } = await sampleRepository(0)
    await putFossils(contextOf(repository), [zeros])
    const [list] = await keys('x-exprsn/fossils/')
    await flip(list!, -1)
    await expect(listFossils(contextOf(repository))).rejects.toMatchObject({ code: 'BACKUP_OBJECT_CORRUPT' })
  })
})

describe('prune', () => {
  it('stops when the store is away, and takes nothing for unneeded', async () => {
    const { repository, store, known } = await sampleRepository(2)
    const [oldest] = await repository.snapshots()
    await repository.forget([oldest!.id])
    const failing = getting(store, (key) => {
      if (key.startsWith('data/')) throw new Error('away')
    })
    const other = await openRepository({ store: failing, password: 'secret', scrypt: cheapScrypt, attempts: 1 })
    await expect(other.prune({ maxUnused: 0 })).rejects.toThrow('away')
    expect(await readAll(repository)).toEqual(new Map([['1', known.get('1')]]))
  })

  it('does not copy a blob that is not where the index says', async () => {
    const { repository, store, keys, reopen } = await sampleRepository(0)
    const { key, random, objects } = contextOf(repository)
    const packed = (content: Uint8Array) => ({ id: sha256(content), sealed: sealPlain(key, content, random) })
    const facts = { mode: 0o644, modifiedAt: 0n, accessedAt: 0n, changedAt: 0n, userId: 0, groupId: 0 }
    const file = packed(Buffer.from('content'))
    const unneeded = packed(Buffer.from('nobody needs this'))
    const tree = packed(encodeTree([{ ...facts, name: 'file', type: 'file', size: 7, content: [file.id] }]))
    const builder = new PackBuilder()
    for (const { id, sealed } of [file, unneeded])
      builder.add({ type: 'data', id, sealed, uncompressedLength: undefined })
    const data = builder.finish(key, random)
    const trees = new PackBuilder()
    trees.add({ type: 'tree', ...tree, uncompressedLength: undefined })
    const folders = trees.finish(key, random)
    for (const { id, bytes } of [data, folders]) await store.put(packKey(id), bytes)
    const moved = data.blobs.map((blob) => ({ ...blob, offset: blob.offset + 1 }))
    const row = ({ type, id, offset, length }: (typeof moved)[number]) => ({ type, id, offset, length })
    const packs = [
      { id: data.id, blobs: moved.map(row) },
      { id: folders.id, blobs: folders.blobs.map(row) },
    ]
    await objects.save('index', Buffer.from(JSON.stringify({ packs })))
    const snapshot = { time: '2026-01-01T00:00:00Z', tree: tree.id, paths: ['/'], hostname: 'h', username: 'u' }
    await objects.save('snapshots', Buffer.from(JSON.stringify(snapshot)))
    await expect((await reopen()).prune({ maxUnused: 0 })).rejects.toMatchObject({ code: 'BACKUP_BLOB_CORRUPT' })
    expect(await keys('data/')).toHaveLength(2)
  })

  it('leaves alone what is no pack, and tells a missing pack by its name', async () => {
    const { repository, store } = await sampleRepository(1)
    await store.put('data/readme', Buffer.from('a note'))
    expect((await repository.prune({ maxUnused: 0 })).orphans).toEqual([])
    expect(await store.head('data/readme')).toBeDefined()
  })
})

describe('a backup of many small packs', () => {
  it('lists them while it runs, so that an interrupted one loses little', async () => {
    const { repository, keys } = await sampleRepository(0)
    const session = await repository.begin()
    for (let number = 0; number < 40; number++)
      await session.writer.save('data', Buffer.from(`${number} `.repeat(600)), { compress: false })
    await expect.poll(() => keys('index/')).not.toEqual([])
    await session.end()
  })
})

describe('paths', () => {
  it('below something that is no folder, or without content, are told apart', async () => {
    const { repository } = await sampleRepository(0)
    const session = await repository.begin()
    const facts = { mode: 0o644, modifiedAt: 0n, accessedAt: 0n, changedAt: 0n, userId: 0, groupId: 0 }
    const { id } = await session.writer.save('tree', encodeTree([{ ...facts, name: 'empty', type: 'file', size: 0 }]))
    const snapshot = { paths: ['/'], hostname: '', username: '', tags: [], excludes: [], omitted: [], problems: [] }
    await session.commit({ ...snapshot, time: new Date(), tree: id, problemCount: 0 })
    await session.end()
    const parts: Uint8Array[] = []
    for await (const part of repository.open('latest', '/empty')) parts.push(part)
    expect(parts).toEqual([])
  })

  it('are refused when the beginning of a snapshot`s id stands for two', async () => {
    const { repository } = await sampleRepository(0)
    const { objects } = contextOf(repository)
    const seen = new Map<string, string>()
    for (let number = 0; ; number++) {
      const time = new Date(Date.UTC(2026, 0, 1, 0, 0, number)).toISOString()
      const row = { time, tree: zeros, paths: ['/'], hostname: 'h', username: 'u' }
      const id = await objects.save('snapshots', Buffer.from(JSON.stringify(row)))
      const start = id.slice(0, 4)
      if (seen.has(start)) {
        await expect(repository.snapshot(start)).rejects.toMatchObject({ code: 'BACKUP_SNAPSHOT_AMBIGUOUS' })
        return
      }
      seen.set(start, id)
    }
  })
})
