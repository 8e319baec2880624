import { DatabaseSync } from 'node:sqlite'
import { Kysely, SqliteDialect } from 'kysely'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { fromKysely } from './from-kysely.ts'

let handle: DatabaseSync
let kysely: Kysely<object>

/** The few members of better-sqlite3 that Kysely uses, over node:sqlite. */
function prepare(text: string) {
  const statement = handle.prepare(text)
  return {
    reader: statement.columns().length > 0,
    all: (parameters: readonly unknown[]) => statement.all(...(parameters as never[])),
    run: (parameters: readonly unknown[]) => statement.run(...(parameters as never[])),
    iterate: (parameters: readonly unknown[]) => statement.iterate(...(parameters as never[])),
  }
}

beforeEach(() => {
  handle = new DatabaseSync(':memory:')
  handle.exec('create table notes (id integer primary key, body text)')
  kysely = new Kysely<object>({ dialect: new SqliteDialect({ database: { prepare, close() {} } as never }) })
})

afterEach(() => handle.close())

const ids = () =>
  handle
    .prepare('select id from notes order by id')
    .all()
    .map(({ id }) => id)

describe('fromKysely over SQLite', () => {
  it('commits with the host, values bound in any order', async () => {
    await kysely.transaction().execute(async (trx) => {
      const tx = fromKysely(trx)
      expect(tx.dialect).toBe('sqlite')
      expect(await tx.query('insert into notes (body, id) values ($2, $1)', [7, "'; drop table notes"])).toEqual({
        rows: [],
        count: 1,
      })
      const { rows } = await tx.query('select * from notes where id = $1', [7])
      expect(rows).toEqual([{ id: 7, body: "'; drop table notes" }])
    })
    expect(ids()).toEqual([7])
  })

  it('rolls back with the host, and a savepoint alone', async () => {
    await kysely.transaction().execute(async (trx) => {
      const tx = fromKysely(trx)
      await tx.query('insert into notes (id) values (1)')
      const inner = tx.transaction(async (savepoint) => {
        await savepoint.query('insert into notes (id) values (2)')
        await savepoint.query('insert into notes (id) values (1)')
      })
      await expect(inner).rejects.toMatchObject({ code: 'CORE_DATABASE_CONFLICT' })
    })
    const undone = kysely.transaction().execute(async (trx) => {
      await fromKysely(trx).query('insert into notes (id) values (3)')
      throw new RangeError('no')
    })
    await expect(undone).rejects.toThrow(RangeError)
    expect(ids()).toEqual([1])
  })
})
