import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createShipper } from '@exprsn/logs'
import type { Benchmark } from '../../../scripts/bench/benchmark.ts'
import { buildOnce } from '../../../scripts/bench/build-once.ts'
import { measureNode } from '../../../scripts/bench/child-process.ts'

const script = fileURLToPath(new URL('replay/read-spool.ts', import.meta.url))

/**
 * Lines of a log that another process left, read, checked and handed to a sink that does nothing with them: each round in a
 * process that has just begun and runs what users install, from `start()` until `flush()` has resolved.
 */
export const benchmark: Benchmark = {
  name: 'logs/replay',
  unit: 'lines/s',
  measure: 'cpu',
  better: 'higher',
  target: 2_500_000,
  peers: [],
  async prepare({ quick }) {
    await buildOnce('core', 'logs')
    const lines = quick ? 500_000 : 1_000_000
    const line = `${JSON.stringify({ level: 30, time: 1_795_000_000_000, reqId: 'a1b2c3', msg: 'm'.repeat(160) })}\n`
    return {
      async run() {
        const folder = mkdtempSync(join(tmpdir(), 'exprsn-bench-replay-'))
        const spool = `${folder}/spool`
        try {
          const writer = createShipper({ spool, maxSpool: 2 ** 31, sinks: [], durability: 'buffered' })
          for (let index = 0; index < lines; index++) writer.write(line)
          await writer.close()
          const { stdout } = await measureNode(script, [spool], { built: true })
          const { count, cpu } = JSON.parse(stdout) as { readonly count: number; readonly cpu: number }
          return { value: (count * 1e6) / cpu, hash: createHash('sha256').update(`${count}`).digest('hex') }
        } finally {
          rmSync(folder, { recursive: true, force: true })
        }
      },
      async close() {},
    }
  },
}
