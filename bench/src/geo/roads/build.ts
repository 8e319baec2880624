import { weightedGraph } from '@exprsn/geo/graph'
import { buildHierarchy, type Hierarchy } from '@exprsn/geo/routing'
import type { Benchmark } from '../../../../scripts/bench/benchmark.ts'
import type { City } from './city.ts'
import { cpuSeconds } from './cpu.ts'

interface BuildBenchmark {
  readonly name: string
  readonly target: number
  readonly roads: () => City
}

/** CPU seconds to contract a road network. */
export function buildBenchmark({ roads, ...benchmark }: BuildBenchmark): Benchmark {
  return {
    ...benchmark,
    unit: 's',
    measure: 'cpu',
    better: 'lower',
    peers: [],
    async prepare() {
      const input = roads()
      const graph = weightedGraph(input.nodes, input)
      return {
        async run() {
          let hierarchy: Hierarchy | undefined
          const value = cpuSeconds(() => (hierarchy = buildHierarchy(graph)))
          return { value, hash: String(hierarchy!.edges.length) }
        },
        async close() {},
      }
    },
  }
}

/** Bytes that a hierarchy keeps per node of the graph. */
export function bytesPerNode({ nodes, places, first, edges, between, core }: Hierarchy): number {
  const lists: ArrayBufferView[] = [places, first, edges, between]
  // Both ways share their labels where all roads lead both ways.
  for (const labels of new Set(core === undefined ? [] : [core.up, core.down]))
    lists.push(labels.first, labels.hubs, labels.lengths)
  return lists.reduce((bytes, { byteLength }) => bytes + byteLength, 0) / nodes
}
