import assert from 'node:assert/strict'
import type { Database, SqlValue } from '../../database/database.ts'
import type { ConformanceCase } from '../conformance.ts'
import { expectCode } from './expect-code.ts'

const columns = 'id bigint primary key, word text, big bigint, ratio double precision, raw BYTES, doc jsonb'

async function createTable(database: Database): Promise<void> {
  const bytes = database.dialect === 'sqlite' ? 'blob' : 'bytea'
  await database.query(`create table things (${columns.replace('BYTES', bytes)})`)
}

async function roundTrip(database: Database, column: string, value: SqlValue): Promise<unknown> {
  await database.query('delete from things')
  await database.query(`insert into things (id, ${column}) values ($1, $2)`, [1, value])
  const { rows } = await database.query(`select ${column} as value from things`)
  return rows[0]?.['value']
}

/** How values go in and come out. */
export const databaseValueCases: readonly ConformanceCase<Database>[] = [
  {
    name: 'integers come as number when safe, else as bigint',
    async run(database) {
      await createTable(database)
      const safest = Number.MAX_SAFE_INTEGER
      for (const safe of [0, 1, -1, 2 ** 31, safest, -safest])
        assert.equal(await roundTrip(database, 'big', safe), safe)
      for (const large of [2n ** 53n, -(2n ** 53n), 2n ** 63n - 1n, -(2n ** 63n)])
        assert.equal(await roundTrip(database, 'big', large), large)
      assert.equal(await roundTrip(database, 'big', 7n), 7)
    },
  },
  {
    name: 'counts and sums cast to bigint are numbers',
    async run(database) {
      await createTable(database)
      await database.query('insert into things (id, big) values ($1, $2), ($3, $4)', [1, 20, 2, 22])
      const { rows } = await database.query('select count(*) as n, cast(sum(big) as bigint) as total from things')
      assert.deepEqual(rows, [{ n: 2, total: 42 }])
    },
  },
  {
    name: 'floating-point numbers keep every bit',
    async run(database) {
      await createTable(database)
      for (const ratio of [0.1, -1.5, 5, 1e-300, 123456789.123, 2 / 3])
        assert.equal(await roundTrip(database, 'ratio', ratio), ratio)
    },
  },
  {
    name: 'an integral number in a text column has no decimal point',
    async run(database) {
      await createTable(database)
      assert.equal(await roundTrip(database, 'word', 5), '5')
      assert.equal(await roundTrip(database, 'word', 2.5), '2.5')
    },
  },
  {
    name: 'text keeps its characters',
    async run(database) {
      await createTable(database)
      for (const word of ['', ' ', "it's $1 or ?", '"quoted"', 'ÄöŁ 🌍', 'back\\slash', 'line\nbreak', '-- no comment'])
        assert.equal(await roundTrip(database, 'word', word), word)
    },
  },
  {
    name: 'null stays null',
    async run(database) {
      await createTable(database)
      for (const column of ['word', 'big', 'ratio', 'raw', 'doc'])
        assert.equal(await roundTrip(database, column, null), null)
    },
  },
  {
    name: 'bytes come back as bytes',
    async run(database) {
      await createTable(database)
      const all = Uint8Array.from({ length: 256 }, (_, index) => index)
      for (const bytes of [all, all.subarray(10, 20), new Uint8Array(0)]) {
        const back = await roundTrip(database, 'raw', bytes)
        assert.ok(back instanceof Uint8Array)
        assert.deepEqual([...back], [...bytes])
      }
      await database.query('update things set raw = $1 where id = $2', [all, 1])
      assert.equal((await database.query('select id from things where raw = $1', [all])).count, 1)
    },
  },
  {
    name: 'a Date is stored as milliseconds, a boolean as 1 or 0',
    async run(database) {
      await createTable(database)
      assert.equal(await roundTrip(database, 'big', new Date(1_763_700_000_123)), 1_763_700_000_123)
      assert.equal(await roundTrip(database, 'big', true), 1)
      assert.equal(await roundTrip(database, 'big', false), 0)
    },
  },
  {
    name: 'a boolean column is read as 1 or 0',
    async run(database) {
      await database.query('create table flags (id bigint primary key, raised boolean)')
      await database.query('insert into flags values ($1, $2), ($3, $4), ($5, $6)', [1, true, 2, false, 3, null])
      const { rows } = await database.query('select raised from flags order by id')
      assert.deepEqual(rows, [{ raised: 1 }, { raised: 0 }, { raised: null }])
    },
  },
  {
    name: 'JSON comes as text and its parts can be asked for',
    async run(database) {
      await createTable(database)
      const text = await roundTrip(database, 'doc', JSON.stringify({ s: 'x', list: [1, { z: 'deep' }] }))
      assert.equal(typeof text, 'string')
      assert.deepEqual(JSON.parse(text as string), { s: 'x', list: [1, { z: 'deep' }] })
      const { rows } = await database.query("select doc ->> 's' as s, doc -> 'list' -> 1 ->> 'z' as z from things")
      assert.deepEqual(rows, [{ s: 'x', z: 'deep' }])
    },
  },
  {
    name: 'placeholders in quotes, comments and names are left alone; order and repetition are free',
    async run(database) {
      await createTable(database)
      await database.query('insert into things (id, word) values ($2, $1)', ['b', 1])
      const { rows } = await database.query(
        `select '$1' as "a$1", '?' as mark, word as "$2" /* $3 ' */ from things -- $4
         where word = $2 and word = $2 and id = $1`,
        [1, 'b'],
      )
      assert.deepEqual(rows, [{ a$1: '$1', mark: '?', $2: 'b' }])
    },
  },
  {
    name: 'count is the number of rows that were changed or read',
    async run(database) {
      assert.equal((await database.query('create table counted (id bigint primary key, n bigint)')).count, 0)
      assert.equal((await database.query('insert into counted values ($1, $2), ($3, $4)', [1, 1, 2, 1])).count, 2)
      assert.equal((await database.query('create index counted_n on counted (n)')).count, 0)
      assert.equal((await database.query('update counted set n = n + 1 where id = $1', [2])).count, 1)
      assert.equal((await database.query('select * from counted')).count, 2)
      const upsert = 'insert into counted values ($1, $2) on conflict (id) do update set n = excluded.n returning id, n'
      assert.deepEqual(await database.query(upsert, [2, 9]), { rows: [{ id: 2, n: 9 }], count: 1 })
      assert.equal((await database.query('insert into counted values (1, 1) on conflict (id) do nothing')).count, 0)
      assert.equal((await database.query('delete from counted')).count, 2)
    },
  },
  {
    name: 'a value that cannot be stored is refused by its placeholder',
    async run(database) {
      await createTable(database)
      const bad = [
        undefined,
        Number.NaN,
        Infinity,
        2 ** 60,
        2n ** 63n,
        {},
        [],
        Symbol('x'),
        'a\0b',
        new Date(Number.NaN),
      ]
      for (const value of bad) {
        const text = 'insert into things (id, word) values ($1, $2)'
        const error = await expectCode(database.query(text, [1, value as SqlValue]), 'CORE_DATABASE_VALUE')
        assert.match(error.message, /\$2/)
      }
      assert.equal((await database.query('select * from things')).count, 0)
    },
  },
  {
    name: 'the number of values must fit the placeholders',
    async run(database) {
      await createTable(database)
      const text = 'select * from things where id = $1 and word = $2'
      await expectCode(database.query(text, [1]), 'CORE_DATABASE_PLACEHOLDER')
      await expectCode(database.query(text, [1, 'a', 'b']), 'CORE_DATABASE_PLACEHOLDER')
      await expectCode(database.query('select * from things where word = $2', [1, 'a']), 'CORE_DATABASE_PLACEHOLDER')
    },
  },
]
