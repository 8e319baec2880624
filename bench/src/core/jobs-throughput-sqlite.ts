import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sqliteDatabase } from '@exprsn/core/database'
import type { Benchmark } from '../../../scripts/bench/benchmark.ts'
import { throughput } from './jobs/compare-queues.ts'
import { ourQueue } from './jobs/our-queue.ts'

/** 10,000 jobs that do nothing, enqueued in lists and run ten at a time on SQLite, every commit synced. */
export const benchmark: Benchmark = {
  name: 'core/jobs-throughput-sqlite',
  unit: 'jobs/s',
  measure: 'wall',
  better: 'higher',
  target: 5_000,
  peers: [],
  async prepare({ quick }) {
    const count = quick ? 2_000 : 10_000
    return {
      async run() {
        const folder = mkdtempSync(join(tmpdir(), 'exprsn-bench-jobs-'))
        const queue = await ourQueue(sqliteDatabase({ path: join(folder, 'jobs.db') }))
        try {
          const { rate, sum } = await throughput(queue, count, true, 0)
          return { value: rate.rate, hash: createHash('sha256').update(`${count} ${sum}`).digest('hex') }
        } finally {
          await queue.close()
          rmSync(folder, { recursive: true })
        }
      },
      async close() {},
    }
  },
}
