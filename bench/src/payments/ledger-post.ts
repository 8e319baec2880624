import { startPostgres } from '@exprsn/backup/server'
import { postgresDatabase } from '@exprsn/core/drivers/postgres'
import type { Benchmark } from '../../../scripts/bench/benchmark.ts'
import { openLedger, postAll, transfersOf } from './ledger/post-transfers.ts'

/** Transfers of concurrent callers on PostgreSQL, every commit synced, batched by the ledger itself. */
export const benchmark: Benchmark = {
  name: 'payments/ledger-post',
  unit: 'transfers/s',
  measure: 'wall',
  better: 'higher',
  target: 10_000,
  peers: [],
  async prepare({ quick }) {
    const transfers = transfersOf(quick ? 20_000 : 100_000)
    const server = await startPostgres({ settings: { fsync: 'on', synchronous_commit: 'on' } })
    const database = postgresDatabase({ connection: { ...server.connection }, max: 4 })
    return {
      async run() {
        await database.query('drop schema public cascade')
        await database.query('create schema public')
        const { rate, hash } = await postAll(await openLedger(database), transfers)
        return { value: rate, hash }
      },
      async close() {
        await database.close()
        await server.stop()
      },
    }
  },
}
