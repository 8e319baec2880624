import { startPostgres } from '@exprsn/backup/server'
import { postgresDatabase } from '@exprsn/core/drivers/postgres'
import pg from 'pg'
import { ours, type Benchmark } from '../../../scripts/bench/benchmark.ts'
import { digestOf, openLedger, postAll, transfersOf, type BenchTransfer } from './ledger/post-transfers.ts'

/** What people write: a transaction per transfer, with one insert and two updates, on ten connections. */
async function naive(pool: pg.Pool, transfers: readonly BenchTransfer[]) {
  await pool.query('create table balances (code text primary key, amount bigint not null)')
  await pool.query('create table moves (id text primary key, debit text, credit text, amount bigint)')
  await pool.query("insert into balances select 'assets:a' || n, 0 from generate_series(0, 99) as n")
  const began = performance.now()
  let next = 0
  const work = async (): Promise<void> => {
    const client = await pool.connect()
    try {
      for (;;) {
        const transfer = transfers[next++]
        if (transfer === undefined) return
        const { id, debit, credit, amount } = transfer
        await client.query('begin')
        await client.query('insert into moves values ($1, $2, $3, $4)', [id, debit, credit, amount])
        // In one order, so that two of them cannot wait for each other.
        const sides: (readonly [string, bigint])[] = [[debit, amount] as const, [credit, -amount] as const]
        sides.sort(([left], [right]) => (left < right ? -1 : 1))
        for (const [code, by] of sides)
          await client.query('update balances set amount = amount + $2 where code = $1', [code, by])
        await client.query('commit')
      }
    } finally {
      client.release()
    }
  }
  await Promise.all(Array.from({ length: 10 }, work))
  const rate = transfers.length / ((performance.now() - began) / 1_000)
  const { rows } = await pool.query<{ code: string; amount: string }>('select code, amount from balances')
  return { rate, hash: digestOf(new Map(rows.map(({ code, amount }) => [code, BigInt(amount)]))) }
}

/** The same transfers on the same server, every commit synced: batched by the ledger, or one transaction each. */
export const benchmark: Benchmark = {
  name: 'payments/ledger-post-vs-naive',
  unit: 'transfers/s',
  measure: 'wall',
  better: 'higher',
  target: 10,
  peers: [{ name: 'one transaction each (pg)', available: async () => undefined, version: async () => '8.23.1' }],
  async prepare({ quick }) {
    const transfers = transfersOf(quick ? 3_000 : 10_000)
    const server = await startPostgres({ settings: { fsync: 'on', synchronous_commit: 'on' } })
    const database = postgresDatabase({ connection: { ...server.connection }, max: 4 })
    const pool = new pg.Pool({ ...server.connection, max: 10 })
    pool.on('error', () => {})
    return {
      async run(subject) {
        await database.query('drop schema public cascade')
        await database.query('create schema public')
        const { rate, hash } = await (subject === ours
          ? postAll(await openLedger(database), transfers)
          : naive(pool, transfers))
        return { value: rate, hash }
      },
      async close() {
        await pool.end()
        await database.close()
        await server.stop()
      },
    }
  },
}
