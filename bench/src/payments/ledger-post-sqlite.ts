import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sqliteDatabase } from '@exprsn/core/database'
import type { Benchmark } from '../../../scripts/bench/benchmark.ts'
import { openLedger, postAll, transfersOf } from './ledger/post-transfers.ts'

/** Transfers of concurrent callers on SQLite, every commit synced, batched by the ledger itself. */
export const benchmark: Benchmark = {
  name: 'payments/ledger-post-sqlite',
  unit: 'transfers/s',
  measure: 'wall',
  better: 'higher',
  target: 8_000,
  peers: [],
  async prepare({ quick }) {
    const transfers = transfersOf(quick ? 20_000 : 100_000)
    return {
      async run() {
        const folder = mkdtempSync(join(tmpdir(), 'exprsn-bench-ledger-'))
        const database = sqliteDatabase({ path: join(folder, 'books.db') })
        try {
          const { rate, hash } = await postAll(await openLedger(database), transfers)
          return { value: rate, hash }
        } finally {
          await database.close()
          rmSync(folder, { recursive: true })
        }
      },
      async close() {},
    }
  },
}
