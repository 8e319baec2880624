import { weightedGraph } from '@exprsn/geo/graph'
import { buildHierarchy, createSearch } from '@exprsn/geo/routing'
import type { Benchmark } from '../../../../scripts/bench/benchmark.ts'
import { randomPairs, type City } from './city.ts'
import { queryTimes } from './query-times.ts'

interface QuantileBenchmark {
  readonly name: string
  readonly target: number
  readonly quantile: number
  readonly roads: () => City
}

/** Elapsed time of a query for the length between two random places, of so many of a hundred. */
export function queryQuantile({ quantile, roads, ...benchmark }: QuantileBenchmark): Benchmark {
  return {
    ...benchmark,
    unit: 'µs',
    measure: 'wall',
    better: 'lower',
    peers: [],
    async prepare() {
      const graph = roads()
      const search = createSearch(buildHierarchy(weightedGraph(graph.nodes, graph)))
      const pairs = randomPairs(graph.nodes, 10_000, 'queries')
      return {
        async run() {
          const times = queryTimes(search, pairs)
          return { value: times[Math.floor(times.length * quantile)]!, hash: String(graph.nodes) }
        },
        async close() {},
      }
    },
  }
}
