import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { shuffled } from '@exprsn/core'
import { sqliteDatabase, type Database } from '@exprsn/core/database'
import { postgresDatabase } from '@exprsn/core/drivers/postgres'
import { SeededRandom } from '@exprsn/core/testing'
import { freshPostgresDatabase } from '@exprsn/real-servers/postgres'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { drawRows, type DrawnRows } from '../../../test/reconcile/draw-rows.ts'
import { CsvRows } from '../../statement/csv/csv-rows.ts'
import { viewOf } from '../files/byte-view.ts'
import { hashName } from '../files/hash-name.ts'
import { checkProof, reconcileFiles, reconcileTables, type ReconcileTablesOptions } from '../index.ts'

let folder = ''
let database: Database
let drop: () => Promise<void>
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'exprsn-tables-'))
  const server = await freshPostgresDatabase()
  database = postgresDatabase({ connection: { ...server.connection }, max: 2 })
  drop = () => server.drop()
  await database.query(
    `create table books ("order" text, charge text, amount numeric(20, 2), date date, currency text)`,
  )
  await database.query(
    `create table report (transaction text, charge text, amount text, date timestamptz, currency text, text text)`,
  )
})
afterAll(async () => {
  await database.close()
  await drop()
  rmSync(folder, { recursive: true, force: true })
})

const rules = { tolerance: { EUR: 5n } }
const oursColumns = { id: 'order', key: 'charge', amount: 'amount', date: 'date', group: 'order', currency: 'currency' }
const gatewayColumns = { ...oursColumns, id: 'transaction', group: undefined, text: 'text' }

const inTables: ReconcileTablesOptions = {
  get database() {
    return database
  },
  ours: { from: 'books', columns: oursColumns },
  gateway: { name: 'stripe', from: 'public.report', columns: gatewayColumns },
  rules,
}

async function fill(table: string, rows: readonly (readonly string[])[]): Promise<void> {
  await database.query(`delete from ${table}`)
  for (const row of rows)
    await database.query(
      `insert into ${table} values (${row.map((_, at) => `$${at + 1}`).join(', ')})`,
      row.map((value) => (value === '' ? null : value)),
    )
}

function fieldsOf(lines: readonly string[]): string[][] {
  const rows = new CsvRows(',')
  return [...rows.push(lines.map((line) => `${line}\n`).join('')), ...rows.end()].map(({ fields }) => [...fields])
}

/** The same rows in files. */
async function inFiles({ ours, gateway }: DrawnRows) {
  const paths = { ours: join(folder, 'ours.csv'), gateway: join(folder, 'gateway.csv') }
  writeFileSync(paths.ours, ['order,charge,amount,date,currency', ...ours, ''].join('\n'))
  writeFileSync(paths.gateway, ['transaction,charge,amount,date,currency,text', ...gateway, ''].join('\n'))
  return reconcileFiles({
    ours: { path: paths.ours, columns: oursColumns },
    gateway: { name: 'stripe', path: paths.gateway, columns: gatewayColumns },
    rules,
  })
}

describe('tables of PostgreSQL', () => {
  it('give the bytes that files with the same rows give', { timeout: 60_000 }, async () => {
    for (const seed of [1, 2, 3]) {
      const drawn = drawRows(seed, 250)
      const [first] = drawn.gateway
      // The same line twice, and a name that is left to the rules because it is so long.
      const long = `o-long,${'é'.repeat(128)},7.00,2026-10-03,EUR`
      const all = { ours: [...drawn.ours, long], gateway: [...drawn.gateway, first!, `t-long${long.slice(6)},`] }
      await fill('books', fieldsOf(all.ours))
      await fill('report', fieldsOf(shuffled(new SeededRandom(seed), all.gateway)))
      const [report, expected] = [await reconcileTables(inTables), await inFiles(all)]
      expect(report.exact).toEqual(expected.exact)
      expect(report.exact.length).toBe(2)
      expect([report.hash, JSON.stringify(report)]).toEqual([expected.hash, JSON.stringify(expected)])
      expect([report.rows, report.repeated.length]).toEqual([expected.rows, 1])
      expect(checkProof(report.proof)).toEqual([])
    }
    const left = await database.query(`select relname from pg_class where relname like 'exprsn%'`)
    expect(left.rows).toEqual([])
  })

  it('may be a select with values, and have amounts in minor units, days by UTC and one currency', async () => {
    await fill('books', [['o1', 'c1', '1000', '2026-10-01', 'JPY']])
    await database.query('delete from report')
    await database.query(`insert into report values ('t1', 'c1', '1000', '2026-10-01 23:30:00-05', 'JPY', 'of o1')`)
    const { currency: _, ...columns } = gatewayColumns
    const report = await reconcileTables({
      ...inTables,
      ours: { ...inTables.ours, from: 'select * from books where "order" = $1', values: ['o1'] },
      gateway: { ...inTables.gateway, columns, currency: 'JPY', amounts: 'minor' },
      asOf: new Date('2026-10-09'),
    })
    expect(report.exact).toEqual([{ pairs: 1, sum: { amount: 1_000n, currency: 'JPY' } }])
    const none = await reconcileTables({
      ...inTables,
      ours: { ...inTables.ours, from: 'select * from books where "order" = $1', values: ['none'] },
    })
    expect(none.exceptions.map(({ item, age, amount }) => [item, age, amount])).toEqual([
      ['stripe:t1', 0, { amount: 1_000n, currency: 'JPY' }],
    ])
    expect(none.hash).not.toBe(report.hash)
  })

  it.each([
    [
      'three decimals',
      `select 'o1' as "order", '' as charge, 1.001 as amount, date '2026-10-01' as date, 'EUR' as currency`,
      /o1 .* amount/,
    ],
    [
      'no number',
      `select 'o1' as "order", '' as charge, 'NaN'::numeric as amount, date '2026-10-01' as date, 'EUR' as currency`,
      /o1 .* amount/,
    ],
    [
      'beyond 2⁵³',
      `select 'o1' as "order", '' as charge, 90071992547409.92 as amount, date '2026-10-01' as date, 'EUR' as currency`,
      /o1 .* amount/,
    ],
    [
      'no amount',
      `select 'o1' as "order", '' as charge, null::numeric as amount, date '2026-10-01' as date, 'EUR' as currency`,
      /o1 .* amount/,
    ],
    [
      'a currency that is none',
      `select 'o1' as "order", '' as charge, 1 as amount, date '2026-10-01' as date, 'EUX' as currency`,
      /o1 .* currency/,
    ],
    [
      'no day',
      `select 'o1' as "order", '' as charge, 1 as amount, null::date as date, 'EUR' as currency`,
      /o1 .* date/,
    ],
    [
      'no id',
      `select null as "order", '' as charge, 1 as amount, date '2026-10-01' as date, 'EUR' as currency`,
      / id /,
    ],
  ])('fault: a row with %s is refused', async (_, from, message) => {
    const wrong = reconcileTables({ ...inTables, ours: { ...inTables.ours, from } })
    await expect(wrong).rejects.toMatchObject({
      code: 'PAYMENTS_RECONCILE_INPUT_INVALID',
      message: expect.stringMatching(message),
    })
  })

  it('fault: other databases, odd options, one name for two movements and an early end are refused', async () => {
    await using sqlite = sqliteDatabase({ path: ':memory:' })
    await expect(reconcileTables({ ...inTables, database: sqlite })).rejects.toThrow(/not PostgreSQL/)
    const { currency: _, ...columns } = oursColumns
    await expect(reconcileTables({ ...inTables, ours: { from: 'books', columns } })).rejects.toThrow(/neither given/)
    const ours = { from: 'books', columns, currency: 'EUX' }
    await expect(reconcileTables({ ...inTables, ours })).rejects.toMatchObject({ code: 'PAYMENTS_CURRENCY_UNKNOWN' })
    const named = { ...inTables.gateway, name: 'ours' }
    await expect(reconcileTables({ ...inTables, gateway: named })).rejects.toThrow(/no name of a gateway/)
    await expect(
      reconcileTables({ ...inTables, ours: { from: 'none"; drop table books', columns: oursColumns } }),
    ).rejects.toMatchObject({ code: 'CORE_DATABASE_STATEMENT' })
    await expect(reconcileTables({ ...inTables, signal: AbortSignal.abort() })).rejects.toThrow(/abort/)
    const twice = ['1.00', '2.00'].map((amount) => ['o1', '', amount, '2026-10-01', 'EUR'])
    await fill('books', twice)
    await expect(reconcileTables(inTables)).rejects.toMatchObject({ code: 'PAYMENTS_RECONCILE_CONFLICT' })
  })
})

describe('the hash of a name', () => {
  it('is the one of PostgreSQL', async () => {
    const names = fc.sample(fc.string({ unit: 'grapheme-composite', maxLength: 40 }), { numRuns: 1_000, seed: 7 })
    const texts = [
      ...names.filter((name) => !name.includes('\0')),
      ...Array.from({ length: 40 }, (_, at) => 'x'.repeat(at)),
    ]
    const { rows } = await database.query<{ name: string; hash: number }>(
      `select name, hashtext(name) as hash from (values ${texts.map((__, at) => `($${at + 1})`).join(', ')}) as n (name)`,
      texts,
    )
    expect(rows.length).toBe(texts.length)
    for (const { name, hash } of rows) {
      const bytes = new TextEncoder().encode(`«${name}»`)
      // What stands behind a name makes no difference, nor that nothing does.
      for (const view of [viewOf(bytes), viewOf(bytes.subarray(0, -2))])
        expect([name, hashName(view, 2, bytes.length - 2)]).toEqual([name, hash])
    }
  })
})
