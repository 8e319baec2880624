import { mkdir, rmdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { loadSqlite } from '../sqlite/load-sqlite.ts'
import type { Database } from './database.ts'
import { sqliteDatabase, type SqliteDatabaseOptions } from './sqlite-database.ts'

const code = (expected: string): unknown => expect.objectContaining({ code: expected })

interface Held {
  readonly begun: Promise<void>
  readonly ended: Promise<void>
  finish(): void
}

/** A transaction that has written and stays open until told to finish. */
function hold(database: Database, statement: string): Held {
  let begin = (): void => {}
  let finish = (): void => {}
  const begun = new Promise<void>((resolve) => (begin = resolve))
  const finished = new Promise<void>((resolve) => (finish = resolve))
  const ended = database.transaction(async (tx) => {
    await tx.query(statement)
    begin()
    await finished
  })
  return { begun, ended, finish: () => finish() }
}

describe('sqliteDatabase', () => {
  let folder: string
  let path: string

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'exprsn-sqlite-'))
    path = join(folder, 'app.db')
  })

  afterEach(() => rm(folder, { recursive: true }))

  it('opens on the first call and not before', async () => {
    await using database = sqliteDatabase({ path })
    expect(await readdir(folder)).toEqual([])
    await database.query('select 1 as one')
    expect(await readdir(folder)).toContain('app.db')
  })

  it('opens nothing when it is closed unused', async () => {
    await sqliteDatabase({ path }).close()
    expect(await readdir(folder)).toEqual([])
  })

  it('leaves one file behind after closing, with everything in it', async () => {
    const database = sqliteDatabase({ path })
    await database.query('create table notes (id bigint)')
    await database.query('select * from notes')
    await database.close()
    expect(await readdir(folder)).toEqual(['app.db'])
    await using again = sqliteDatabase({ path })
    expect((await again.query('select * from notes')).count).toBe(0)
  })

  it('runs in WAL mode with foreign keys and full durability, or as asked', async () => {
    await using database = sqliteDatabase({ path })
    const settings = await database.transaction(async (tx) => [
      (await tx.query('pragma journal_mode')).rows[0],
      (await tx.query('pragma synchronous')).rows[0],
      (await tx.query('pragma foreign_keys')).rows[0],
    ])
    expect(settings).toEqual([{ journal_mode: 'wal' }, { synchronous: 2 }, { foreign_keys: 1 }])
    await using normal = sqliteDatabase({ path, synchronous: 'normal' })
    expect((await normal.query('pragma synchronous')).rows).toEqual([{ synchronous: 1 }])
  })

  it('reads from outside do not wait for an open transaction, and see only what is committed', async () => {
    await using database = sqliteDatabase({ path })
    await database.query('create table notes (id bigint)')
    const held = hold(database, 'insert into notes values (1)')
    await held.begun
    expect((await database.query('select * from notes')).count).toBe(0)
    held.finish()
    await held.ended
    expect((await database.query('select * from notes')).count).toBe(1)
  })

  it('in memory, reads from outside wait for an open transaction', async () => {
    await using database = sqliteDatabase({ path: ':memory:' })
    await database.query('create table notes (id bigint)')
    const held = hold(database, 'insert into notes values (1)')
    await held.begun
    const read = database.query('select * from notes')
    held.finish()
    expect((await read).count).toBe(1)
    await held.ended
  })

  it('gives up waiting for the turn', async () => {
    await using database = sqliteDatabase({ path })
    await database.query('create table notes (id bigint)')
    const held = hold(database, 'insert into notes values (1)')
    await held.begun
    const controller = new AbortController()
    const { signal } = controller
    const waiting = [
      database.query('insert into notes values (2)', [], { signal }),
      database.transaction((tx) => tx.query('insert into notes values (3)'), { signal }),
    ]
    controller.abort(new RangeError('enough'))
    for (const each of waiting) await expect(each).rejects.toThrow(RangeError)
    held.finish()
    await held.ended
    expect((await database.query('select * from notes')).rows).toEqual([{ id: 1 }])
  })

  it('waits for another connection’s lock without standing still', async () => {
    await using one = sqliteDatabase({ path })
    await using other = sqliteDatabase({ path })
    await one.query('create table notes (id bigint)')
    const held = hold(one, 'insert into notes values (1)')
    await held.begun
    const statement = other.query('insert into notes values (2)')
    const transaction = other.transaction((tx) => tx.query('insert into notes values (3)'))
    await new Promise((resolve) => setTimeout(resolve, 30))
    held.finish()
    await Promise.all([held.ended, statement, transaction])
    expect((await one.query('select * from notes')).count).toBe(3)
  })

  it('is busy, and says so, when the lock lasts longer than the busy timeout', async () => {
    await using one = sqliteDatabase({ path })
    await using other = sqliteDatabase({ path, busyTimeout: '20ms' })
    await one.query('create table notes (id bigint)')
    const held = hold(one, 'insert into notes values (1)')
    await held.begun
    const busy = { code: 'CORE_DATABASE_BUSY', retryable: true }
    await expect(other.query('insert into notes values (2)')).rejects.toMatchObject(busy)
    await expect(other.transaction(async () => {})).rejects.toMatchObject(busy)
    held.finish()
    await held.ended
    await other.query('insert into notes values (2)')
  })

  it('gives up waiting for another connection’s lock', async () => {
    await using one = sqliteDatabase({ path })
    await using other = sqliteDatabase({ path })
    await one.query('create table notes (id bigint)')
    const held = hold(one, 'insert into notes values (1)')
    await held.begun
    const signal = AbortSignal.timeout(20)
    await expect(other.query('insert into notes values (2)', [], { signal })).rejects.toThrow('timeout')
    await expect(other.transaction(async () => {}, { signal: AbortSignal.timeout(20) })).rejects.toThrow('timeout')
    held.finish()
    await held.ended
  })

  it('several processes’ worth of connections can open a new file at once', async () => {
    const databases = Array.from({ length: 5 }, () => sqliteDatabase({ path }))
    await Promise.all(databases.map((each) => each.query('create table if not exists notes (id bigint)')))
    await Promise.all(
      databases.map((each) => each.transaction((tx) => tx.query('insert into notes select count(*) from notes'))),
    )
    const { rows } = await databases[0]!.query('select id from notes order by id')
    expect(rows).toEqual([{ id: 0 }, { id: 1 }, { id: 2 }, { id: 3 }, { id: 4 }])
    await Promise.all(databases.map((each) => each.close()))
  })

  it('keeps statements right when the schema changes under them', async () => {
    await using database = sqliteDatabase({ path, statementCache: 2 })
    await database.query('create table notes (id bigint)')
    await database.query('insert into notes values (1)')
    expect((await database.query('select * from notes')).rows).toEqual([{ id: 1 }])
    await database.query("alter table notes add column word text default 'x'")
    expect((await database.query('select * from notes')).rows).toEqual([{ id: 1, word: 'x' }])
    await database.query('alter table notes drop column word')
    expect((await database.query('select * from notes')).rows).toEqual([{ id: 1 }])
  })

  it('a statement that makes SQLite roll back by itself ends the transaction cleanly', async () => {
    await using database = sqliteDatabase({ path })
    await database.query('create table notes (id bigint primary key)')
    const work = database.transaction(async (tx) => {
      await tx.query('insert into notes values (1)')
      await tx.transaction((inner) => inner.query('insert or rollback into notes values (1)')).catch(() => {})
      await tx.query('insert into notes values (2)')
    })
    await expect(work).rejects.toEqual(code('CORE_DATABASE_TRANSACTION_ABORTED'))
    expect((await database.query('select * from notes')).count).toBe(0)
    await database.transaction((tx) => tx.query('insert into notes values (3)'))
    expect((await database.query('select * from notes')).rows).toEqual([{ id: 3 }])
  })

  it('works after a transaction of another context: fire-and-forget code of an ended one may use the database', async () => {
    await using database = sqliteDatabase({ path })
    await database.query('create table notes (id bigint)')
    let later: Promise<unknown> | undefined
    await database.transaction(async () => {
      later = new Promise((resolve) => setTimeout(resolve, 5)).then(() =>
        database.query('insert into notes values (1)'),
      )
    })
    await later
    expect((await database.query('select * from notes')).count).toBe(1)
  })

  it('two databases can be nested in each other', async () => {
    await using one = sqliteDatabase({ path })
    await using other = sqliteDatabase({ path: ':memory:' })
    await one.transaction(async (tx) => {
      await tx.query('create table notes (id bigint)')
      await other.transaction(async (inner) => {
        await inner.query('create table copies (id bigint)')
        await tx.query('insert into notes values (1)')
        await expect(one.query('select * from notes')).rejects.toEqual(code('CORE_DATABASE_TRANSACTION_OUTSIDE'))
      })
    })
    expect((await one.query('select * from notes')).count).toBe(1)
  })

  it('leaves the host’s handle open', async () => {
    const { DatabaseSync } = await loadSqlite()
    const handle = new DatabaseSync(path)
    const database = sqliteDatabase({ handle })
    await database.query('create table notes (id bigint)')
    await database.close()
    expect(handle.prepare('select count(*) as n from notes').get()).toMatchObject({ n: 0 })
    handle.close()
  })

  it('makes the folders above a new file', async () => {
    await using database = sqliteDatabase({ path: join(folder, 'data', 'shop', 'app.db') })
    expect((await database.query('select 1 as one')).rows).toEqual([{ one: 1 }])
  })

  it('says which file cannot be opened, and tries again on the next call', async () => {
    const taken = join(folder, 'taken')
    await mkdir(taken)
    await using database = sqliteDatabase({ path: taken })
    const failure = { code: 'CORE_DATABASE_OPEN', message: expect.stringContaining(taken) }
    await expect(database.query('select 1 as one')).rejects.toMatchObject(failure)
    await expect(database.transaction(async () => {})).rejects.toMatchObject(failure)
    await rmdir(taken)
    expect((await database.query('select 1 as one')).rows).toEqual([{ one: 1 }])
  })

  it('says so when the file is gone before the first read', async () => {
    await using database = sqliteDatabase({ path })
    await database.query('create table notes (id bigint)')
    await rm(path)
    await expect(database.query('select * from notes')).rejects.toEqual(code('CORE_DATABASE_OPEN'))
  })

  it('says so when the file is not a database', async () => {
    await writeFile(path, 'certainly not a database, though long enough to have a header '.repeat(20))
    await using database = sqliteDatabase({ path })
    await expect(database.query('select 1 as one')).rejects.toMatchObject({
      code: 'CORE_DATABASE_CORRUPT',
      message: expect.stringContaining(path),
    })
  })

  it('says so when the database does not accept writes, or is full', async () => {
    const { DatabaseSync } = await loadSqlite()
    const limited = new DatabaseSync(':memory:')
    limited.exec('create table notes (word text); pragma max_page_count = 3')
    await using full = sqliteDatabase({ handle: limited })
    const insert = 'insert into notes values ($1)'
    await expect(full.query(insert, ['x'.repeat(50_000)])).rejects.toEqual(code('CORE_DATABASE_FULL'))
    limited.exec('pragma query_only = on')
    await expect(full.query(insert, ['x'])).rejects.toEqual(code('CORE_DATABASE_READONLY'))
    limited.close()
  })

  it.each<[string, SqliteDatabaseOptions]>([
    ['neither path nor handle', {}],
    ['an empty path', { path: '' }],
    ['a path with a NUL', { path: 'a\0b' }],
    ['an unknown synchronous', { path: 'a', synchronous: 'maybe' as 'off' }],
    ['an empty cache', { path: 'a', statementCache: 0 }],
  ])('refuses %s', (_, options) => {
    expect(() => sqliteDatabase(options)).toThrow(expect.objectContaining({ code: 'CORE_DATABASE_OPTIONS' }))
  })

  it('refuses a busy timeout that is no duration', () => {
    const options = { path: 'a', busyTimeout: 'soon' as '1s' }
    expect(() => sqliteDatabase(options)).toThrow(expect.objectContaining({ code: 'CORE_DURATION_INVALID' }))
  })
})
