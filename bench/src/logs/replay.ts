import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createShipper, type Sink } from '@exprsn/logs'
import type { Benchmark } from '../../../scripts/bench/benchmark.ts'

/** Lines of a log that another process left, read, checked and handed to a sink that does nothing with them. */
export const benchmark: Benchmark = {
  name: 'logs/replay',
  unit: 'lines/s',
  measure: 'cpu',
  better: 'higher',
  target: 2_500_000,
  peers: [],
  async prepare({ quick }) {
    const lines = quick ? 200_000 : 1_000_000
    const line = `${JSON.stringify({ level: 30, time: 1_795_000_000_000, reqId: 'a1b2c3', msg: 'm'.repeat(160) })}\n`
    return {
      async run() {
        const folder = mkdtempSync(join(tmpdir(), 'exprsn-bench-replay-'))
        const options = { spool: `${folder}/spool`, maxSpool: 2 ** 31, adoptAfter: 0 }
        try {
          const writer = createShipper({ ...options, sinks: [], durability: 'buffered' })
          for (let index = 0; index < lines; index++) writer.write(line)
          await writer.close()
          let count = 0
          const sink: Sink = {
            name: 'count',
            async send({ records }) {
              count += records.length
            },
          }
          const reader = createShipper({ ...options, sinks: [sink] })
          const before = process.cpuUsage()
          await reader.start()
          await reader.flush()
          const { user, system } = process.cpuUsage(before)
          await reader.close()
          return { value: (count * 1e6) / (user + system), hash: createHash('sha256').update(`${count}`).digest('hex') }
        } finally {
          rmSync(folder, { recursive: true, force: true })
        }
      },
      async close() {},
    }
  },
}
