import { createHash } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import { ours, type Peer, type PreparedBenchmark } from '../../../../scripts/bench/benchmark.ts'
import { buildOnce } from '../../../../scripts/bench/build-once.ts'
import { measureNode } from '../../../../scripts/bench/child-process.ts'
import { npmPeer } from '../../core/resilience/compare-calls.ts'
import { drawFiles } from './draw-files.ts'
import type { Printed } from './exact-part.ts'

const scripts: Readonly<Record<string, string>> = {
  [ours]: 'ours.ts',
  'DuckDB, 2 threads': 'duckdb.ts',
  'a Map of strings': 'naive.ts',
}

/** What computes the exact part alone; ours decides about the rest as well. */
export const peers: readonly Peer[] = [
  { ...npmPeer('@duckdb/node-api'), name: 'DuckDB, 2 threads' },
  { name: 'a Map of strings', available: async () => undefined, version: async () => process.version },
]

/** Runs each subject in a process of its own over the same two files. */
export async function prepareFiles(rows: number, value: 'wall' | 'rss'): Promise<PreparedBenchmark> {
  await buildOnce('core', 'payments')
  const folder = drawFiles(rows)
  return {
    async run(subject) {
      const script = fileURLToPath(new URL(scripts[subject]!, import.meta.url))
      const cost = await measureNode(script, [folder], { built: true })
      const { wall, ...found } = JSON.parse(cost.stdout) as Printed
      const text = JSON.stringify(Object.entries(found).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      return {
        value: value === 'wall' ? wall : cost.rss / 1024,
        hash: createHash('sha256').update(text).digest('hex'),
      }
    },
    async close() {},
  }
}
