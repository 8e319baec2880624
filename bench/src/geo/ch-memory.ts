import { weightedGraph } from '@exprsn/geo/graph'
import { buildHierarchy } from '@exprsn/geo/routing'
import type { Benchmark } from '../../../scripts/bench/benchmark.ts'
import { bytesPerNode } from './roads/build.ts'
import { city } from './roads/city.ts'

/** Bytes that a hierarchy of Rome keeps per node. */
export const benchmark: Benchmark = {
  name: 'geo/ch-memory',
  unit: 'B/node',
  measure: 'bytes',
  better: 'lower',
  target: 40,
  peers: [],
  async prepare() {
    const rome = city('rome')
    const value = bytesPerNode(buildHierarchy(weightedGraph(rome.nodes, rome)))
    return { run: async () => ({ value, hash: String(value) }), close: async () => {} }
  },
}
