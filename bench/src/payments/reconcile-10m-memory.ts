import { createHash } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import type { Benchmark } from '../../../scripts/bench/benchmark.ts'
import { buildOnce } from '../../../scripts/bench/build-once.ts'
import { measureNode } from '../../../scripts/bench/child-process.ts'
import { drawFiles } from './reconcile/draw-files.ts'

/** The most memory that ten million rows from two files take, parted on disk. */
export const benchmark: Benchmark = {
  name: 'payments/reconcile-10m-memory',
  unit: 'MB',
  measure: 'rss',
  better: 'lower',
  target: 1_024,
  peers: [],
  async prepare({ quick }) {
    await buildOnce('core', 'payments')
    const folder = drawFiles(quick ? 1_000_000 : 5_000_000)
    const script = fileURLToPath(new URL('reconcile/ours.ts', import.meta.url))
    return {
      async run() {
        const { rss, stdout } = await measureNode(script, [folder, '67108864'], { built: true })
        const { wall: _, ...found } = JSON.parse(stdout) as Record<string, unknown>
        return { value: rss / 1024, hash: createHash('sha256').update(JSON.stringify(found)).digest('hex') }
      },
      async close() {},
    }
  },
}
