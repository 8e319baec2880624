import { silentLogger } from '@exprsn/core'
import { folderStore, memoryStore, type ObjectStore } from '@exprsn/core/storage'
import { faultyStore, SeededRandom } from '@exprsn/core/testing'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { sealPlain } from '../seal/index.ts'
import { contextOf } from './repository-context.ts'
import { openRepository, type OpenRepositoryOptions } from './open-repository.ts'
import { encodeTree } from './tree/encode-tree.ts'
import type { Repository } from './repository.ts'

const scrypt = { N: 1_024, r: 8, p: 1 }
let store: ObjectStore

beforeEach(() => {
  store = memoryStore()
})

const open = (options: Partial<OpenRepositoryOptions> = {}): Promise<Repository> =>
  openRepository({ store, password: 'secret', scrypt, ...options })
const make = (options: Partial<OpenRepositoryOptions> = {}): Promise<Repository> => open({ create: 'new', ...options })

const keysOf = async (): Promise<string[]> => {
  const keys: string[] = []
  for await (const { key } of store.list()) keys.push(key)
  return keys
}
const damage = async (key: string, index: number): Promise<void> => {
  const bytes = await (await store.get(key)).bytes()
  bytes[index < 0 ? bytes.length + index : index]! ^= 1
  await store.put(key, bytes)
}

async function backup(repository: Repository, text = 'hello', tags: readonly string[] = []): Promise<string> {
  const session = await repository.begin({ parent: {} })
  try {
    const { id } = await session.writer.save('data', Buffer.from(text))
    const facts = { mode: 0o644, modifiedAt: 0n, accessedAt: 0n, changedAt: 0n, userId: 0, groupId: 0 }
    const file = { ...facts, name: 'file', type: 'file', size: text.length, content: [id] } as const
    const inner = await session.writer.save('tree', encodeTree([file]))
    const tree = await session.writer.save(
      'tree',
      encodeTree([{ ...facts, name: 'dir', type: 'dir', subtree: inner.id }]),
    )
    const snapshot = await session.commit({
      time: new Date(),
      tree: tree.id,
      paths: ['/dir'],
      hostname: 'host',
      username: 'user',
      tags,
      excludes: [],
      omitted: ['extended attributes'],
      problems: [{ path: '/dir/gone', kind: 'vanished' }],
      problemCount: 1,
      source: 'files',
    })
    return snapshot.id
  } finally {
    await session.end()
  }
}

async function text(repository: Repository, snapshot: string, path: string): Promise<string> {
  const parts: Uint8Array[] = []
  for await (const part of repository.open(snapshot, path)) parts.push(part)
  return Buffer.concat(parts).toString()
}

describe('openRepository', () => {
  it('makes a repository, and opens it again with what was stored', async () => {
    const first = await make()
    const id = await backup(first)
    const second = await open()
    expect(second.id).toBe(first.id)
    expect(second.version).toBe(2)
    const [snapshot] = await second.snapshots()
    expect(snapshot).toMatchObject({
      id,
      paths: ['/dir'],
      source: 'files',
      omitted: ['extended attributes'],
      problems: [{ path: '/dir/gone', kind: 'vanished' }],
      problemCount: 1,
    })
    expect(await text(second, 'latest', '/dir/file')).toBe('hello')
  })

  it.each([
    ['there is none', {}, 'BACKUP_REPOSITORY_MISSING'],
    ['the password is empty', { password: '' }, 'BACKUP_REPOSITORY_OPTION_INVALID'],
    ['packs would be tiny', { packSize: 5 }, 'BACKUP_REPOSITORY_OPTION_INVALID'],
    [
      'scrypt would take all memory',
      { create: 'new', scrypt: { N: 2 ** 30, r: 8, p: 1 } },
      'BACKUP_REPOSITORY_OPTION_INVALID',
    ],
    ['scrypt has an odd cost', { create: 'new', scrypt: { N: 1_000, r: 8, p: 1 } }, 'BACKUP_REPOSITORY_OPTION_INVALID'],
  ] as const)('refuses when %s', async (_when, options, code) => {
    await expect(open(options)).rejects.toMatchObject({ code })
    expect(await keysOf()).toEqual([])
  })

  it('does not make a second one over the first, nor in a folder of something else', async () => {
    await make()
    await expect(make()).rejects.toMatchObject({ code: 'BACKUP_REPOSITORY_EXISTS' })
    store = memoryStore()
    await store.put('photos/cat.jpg', Buffer.from('cat'))
    await expect(open({ create: 'if-missing' })).rejects.toMatchObject({
      code: 'BACKUP_REPOSITORY_FOREIGN',
      details: { key: 'photos/cat.jpg' },
    })
  })

  it('takes up what an interrupted creation left', async () => {
    await store.put('keys/aa', Buffer.from('half'))
    const repository = await make()
    await backup(repository)
    expect(await (await open()).snapshots()).toHaveLength(1)
  })

  it('is made once when two programs make it in the same moment', async () => {
    const [one, two] = await Promise.all([open({ create: 'if-missing' }), open({ create: 'if-missing' })])
    expect(one.id).toBe(two.id)
    expect((await keysOf()).filter((key) => key.startsWith('keys/'))).toHaveLength(1)
  })

  it('works where the store knows no conditions', async () => {
    const conditionless: ObjectStore = {
      ...store,
      put: (key, body, options) =>
        options?.ifNoneMatch === undefined
          ? store.put(key, body, options)
          : Promise.reject(
              Object.assign(new Error('no'), {
                [Symbol.for('@exprsn/error')]: true,
                code: 'CORE_STORAGE_CONDITION_UNSUPPORTED',
              }),
            ),
    }
    const repository = await make({ store: conditionless })
    await backup(repository)
    expect(await (await open()).snapshots()).toHaveLength(1)
  })

  it('refuses a wrong password, without a hint', async () => {
    await make()
    await expect(open({ password: 'Secret' })).rejects.toMatchObject({
      code: 'BACKUP_REPOSITORY_PASSWORD',
      status: 401,
    })
  })

  it('says so when the keys are gone or damaged', async () => {
    await make()
    const [key] = (await keysOf()).filter((each) => each.startsWith('keys/'))
    await damage(key!, 50)
    await expect(open()).rejects.toMatchObject({ code: 'BACKUP_REPOSITORY_NO_KEY' })
    await store.delete(key!)
    await expect(open()).rejects.toMatchObject({ code: 'BACKUP_REPOSITORY_NO_KEY' })
  })

  it('refuses a damaged config, and one of the future', async () => {
    const repository = await make()
    const { key, random } = contextOf(repository)
    for (const [config, code] of [
      ['{"version":3,"id":"x","chunker_polynomial":"3da3358b4dc173"}', 'BACKUP_REPOSITORY_VERSION'],
      ['{"version":2,"chunker_polynomial":"3da3358b4dc173"}', 'BACKUP_OBJECT_CORRUPT'],
      ['{"version":2,"id":"x"}', 'BACKUP_OBJECT_CORRUPT'],
      ['{"version":2,"id":"x","chunker_polynomial":"3da3358b4dc172"}', 'BACKUP_OBJECT_CORRUPT'],
    ]) {
      await store.put('config', sealPlain(key, Buffer.from(config!), random))
      await expect(open(), config).rejects.toMatchObject({ code })
    }
    await store.put('config', Buffer.from('rubbish'))
    await expect(open()).rejects.toMatchObject({ code: 'BACKUP_OBJECT_CORRUPT' })
  })

  it('keeps passwords out of everything it throws', async () => {
    await make()
    const error: unknown = await open({ password: 'a password to hide' }).catch((caught: unknown) => caught)
    expect(JSON.stringify(error)).not.toContain('hide')
  })
})

describe('a repository', () => {
  it('opens with several passwords, and no longer with one that was removed', async () => {
    const repository = await make()
    await repository.addKey('second', { cost: scrypt })
    const second = await open({ password: 'second' })
    const slots = await second.keys()
    expect(slots).toHaveLength(2)
    const current = slots.find((slot) => slot.current)!
    await expect(second.removeKey(current.id)).rejects.toMatchObject({ code: 'BACKUP_REPOSITORY_OPTION_INVALID' })
    await second.removeKey(slots.find((slot) => !slot.current)!.id)
    await expect(open()).rejects.toMatchObject({ code: 'BACKUP_REPOSITORY_PASSWORD' })
  })

  it('finds snapshots by their first digits, and says when it cannot', async () => {
    const repository = await make()
    await expect(repository.snapshot('latest')).rejects.toMatchObject({ code: 'BACKUP_SNAPSHOT_NOT_FOUND' })
    const id = await backup(repository, 'one', ['a'])
    await backup(repository, 'two', ['b'])
    expect((await repository.snapshot(id.slice(0, 8))).id).toBe(id)
    await expect(repository.snapshot('')).rejects.toMatchObject({ code: 'BACKUP_SNAPSHOT_NOT_FOUND' })
    await expect(repository.snapshot('zzzzzz')).rejects.toMatchObject({ code: 'BACKUP_SNAPSHOT_NOT_FOUND' })
    expect((await repository.snapshots({ tag: 'b' })).map(({ tags }) => tags)).toEqual([['b']])
    expect(await repository.snapshots({ source: 'other' })).toEqual([])
    expect(await repository.snapshots({ hostname: 'elsewhere' })).toEqual([])
  })

  it('is browsed by path', async () => {
    const repository = await make()
    await backup(repository)
    const paths = async (path: string, recursive = false): Promise<string[]> => {
      const found: string[] = []
      for await (const entry of repository.entries('latest', path, { recursive })) found.push(entry.path)
      return found
    }
    expect(await paths('/')).toEqual(['/dir'])
    expect(await paths('/', true)).toEqual(['/dir', '/dir/file'])
    expect(await paths('dir/')).toEqual(['/dir/file'])
    expect(await paths('/dir/file')).toEqual(['/dir/file'])
    await expect(paths('/dir/none')).rejects.toMatchObject({ code: 'BACKUP_PATH_NOT_FOUND' })
    await expect(paths('/dir/file/below')).rejects.toMatchObject({ code: 'BACKUP_PATH_NOT_FOUND' })
    await expect(text(repository, 'latest', '/dir')).rejects.toMatchObject({ code: 'BACKUP_PATH_NOT_FILE' })
    await expect(text(repository, 'latest', '/')).rejects.toMatchObject({ code: 'BACKUP_PATH_NOT_FILE' })
  })

  it('stores equal content once', async () => {
    const repository = await make()
    await backup(repository)
    const before = (await keysOf()).filter((key) => key.startsWith('data/'))
    await backup(repository)
    expect((await keysOf()).filter((key) => key.startsWith('data/'))).toEqual(before)
  })

  it('never gives out damaged content, and reads another copy when there is one', async () => {
    const repository = await make()
    await backup(repository)
    for (const key of (await keysOf()).filter((each) => each.startsWith('data/'))) await damage(key, 20)
    await expect(text(await open(), 'latest', '/dir/file')).rejects.toMatchObject({ code: 'BACKUP_BLOB_CORRUPT' })
    for (const key of (await keysOf()).filter((each) => each.startsWith('data/'))) await store.delete(key)
    await expect(text(await open(), 'latest', '/dir/file')).rejects.toMatchObject({ code: 'BACKUP_OBJECT_MISSING' })
    for (const key of (await keysOf()).filter((each) => each.startsWith('index/'))) await store.delete(key)
    await expect(text(await open(), 'latest', '/dir/file')).rejects.toMatchObject({ code: 'BACKUP_BLOB_MISSING' })
    // A second store of the same content lies in packs of its own.
    await backup(await open())
    expect(await text(await open(), 'latest', '/dir/file')).toBe('hello')
  })

  it('leaves damaged snapshots out of the list', async () => {
    const repository = await make()
    const id = await backup(repository, 'one')
    await backup(repository, 'two')
    await damage(`snapshots/${id}`, -1)
    expect(await (await open()).snapshots()).toHaveLength(1)
    await expect((await open()).prune()).rejects.toMatchObject({ code: 'BACKUP_PRUNE_UNSAFE' })
  })

  it('refuses calls after it was closed', async () => {
    const repository = await make()
    await repository.close()
    await expect(repository.snapshots()).rejects.toMatchObject({ code: 'BACKUP_REPOSITORY_CLOSED' })
    await expect(repository.begin()).rejects.toMatchObject({ code: 'BACKUP_REPOSITORY_CLOSED' })
    await expect(repository.prune()).rejects.toMatchObject({ code: 'BACKUP_REPOSITORY_CLOSED' })
  })

  it('refuses to be anything but the object that openRepository gave', async () => {
    const copy = { ...(await make()) }
    expect(() => contextOf(copy)).toThrow(expect.objectContaining({ code: 'BACKUP_REPOSITORY_OPTION_INVALID' }))
  })

  it('notices a store that keeps less than it was sent', async () => {
    const short: ObjectStore = {
      ...store,
      put: async (key, body, options) => {
        const info = await store.put(key, body, options)
        return key.startsWith('data/') ? { ...info, size: info.size - 1 } : info
      },
    }
    const repository = await make({ store: short, attempts: 1 })
    await expect(backup(repository)).rejects.toMatchObject({ code: 'BACKUP_STORE_DAMAGED_UPLOAD' })
  })

  it('works through a store that fails now and then', async () => {
    const faulty = faultyStore(store, {
      random: new SeededRandom(5),
      faults: { unavailable: 0.1, 'lost-response': 0.1, truncated: 0.05, corrupted: 0.05 },
    })
    const repository = await make({ store: faulty, attempts: 8, logger: silentLogger })
    await backup(repository)
    expect(await text(repository, 'latest', '/dir/file')).toBe('hello')
  })

  it('stops when it is told to', async () => {
    const repository = await make()
    await expect(repository.snapshots({}, { signal: AbortSignal.abort(new Error('enough')) })).rejects.toThrow('enough')
  })
})

describe('prune', () => {
  it('shows its plan, then frees what only forgotten snapshots needed', async () => {
    const repository = await make()
    const gone = await backup(repository, 'gone '.repeat(50))
    await backup(repository, 'kept')
    await repository.forget([gone])
    const plan = await repository.prune({ dryRun: true, maxUnused: 0 })
    expect(plan).toMatchObject({ dryRun: true, removed: [], waitingFor: [] })
    expect(plan.remove.length + plan.repack.length).toBeGreaterThan(0)
    const before = await keysOf()
    const result = await repository.prune({ maxUnused: 0 })
    expect([...result.removed].sort()).toEqual([...plan.remove, ...plan.repack].sort())
    expect((await keysOf()).length).toBeLessThan(before.length)
    expect(await text(repository, 'latest', '/dir/file')).toBe('kept')
    expect((await repository.prune({ maxUnused: 0 })).removed).toEqual([])
  })

  it('waits for a backup that began before, and keeps what it came to need', async () => {
    const repository = await make({ packSize: 1_024 })
    const gone = await backup(repository, 'shared')
    const running = await repository.begin()
    expect(await running.writer.save('data', Buffer.from('shared'))).toMatchObject({ added: false })
    await repository.forget([gone])
    const first = await (await open()).prune({ maxUnused: 0 })
    expect(first.removed).toEqual([])
    expect(first.waitingFor).toEqual([expect.stringContaining('a backup on')])
    const inner = await running.writer.save(
      'tree',
      encodeTree([
        {
          name: 'file',
          type: 'file',
          mode: 0o600,
          modifiedAt: 0n,
          accessedAt: 0n,
          changedAt: 0n,
          userId: 0,
          groupId: 0,
          size: 6,
          content: [(await running.writer.save('data', Buffer.from('shared'))).id],
        },
      ]),
    )
    await running.commit({
      time: new Date(),
      tree: inner.id,
      paths: ['/'],
      hostname: '',
      username: '',
      tags: [],
      excludes: [],
      omitted: [],
      problems: [],
      problemCount: 0,
    })
    await running.end()
    const second = await (await open()).prune({ maxUnused: 0 })
    expect(second.kept.length).toBeGreaterThan(0)
    expect(await text(await open(), 'latest', '/file')).toBe('shared')
  })

  it('removes packs that interrupted backups left', async () => {
    const repository = await make()
    const session = await repository.begin()
    await session.writer.save('data', Buffer.from('never committed'))
    await session.writer.flush()
    await session.end()
    for (const key of (await keysOf()).filter((each) => each.startsWith('index/'))) await store.delete(key)
    expect((await repository.prune()).orphans).toHaveLength(1)
    expect((await keysOf()).filter((key) => key.startsWith('data/'))).toEqual([])
  })
})

describe('a repository in a folder', () => {
  let folder: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'exprsn-repository-'))
  })
  afterEach(() => rmSync(folder, { recursive: true, force: true }))

  it('is left clean by a backup: no sessions, no locks', async () => {
    store = folderStore({ path: folder })
    const repository = await make()
    await backup(repository)
    const kinds = new Set((await keysOf()).map((key) => key.split('/')[0]))
    expect([...kinds].sort((left, right) => (left! < right! ? -1 : 1))).toEqual([
      'config',
      'data',
      'index',
      'keys',
      'snapshots',
    ])
  })
})
