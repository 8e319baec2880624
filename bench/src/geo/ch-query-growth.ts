import { weightedGraph } from '@exprsn/geo/graph'
import { buildHierarchy, createSearch } from '@exprsn/geo/routing'
import type { Benchmark } from '../../../scripts/bench/benchmark.ts'
import { city, randomPairs, stitched, type City } from './roads/city.ts'
import { queryTimes } from './roads/query-times.ts'

/** How many times as long half of the queries take in nine copies of Rome joined by motorways as in one. */
export const benchmark: Benchmark = {
  name: 'geo/ch-query-growth',
  unit: '×',
  measure: 'wall',
  better: 'lower',
  target: 3,
  peers: [],
  async prepare() {
    const rome = city('rome')
    const [one, nine] = [medianQuery(rome), medianQuery(stitched(rome, 9))]
    return {
      // One after the other, so that whatever else the machine does slows both.
      run: async () => ({ value: nine() / one(), hash: String(rome.nodes) }),
      close: async () => {},
    }
  },
}

/** Elapsed time of the median query, whenever it is asked for. */
function medianQuery(roads: City): () => number {
  const search = createSearch(buildHierarchy(weightedGraph(roads.nodes, roads)))
  const pairs = randomPairs(roads.nodes, 10_000, 'queries')
  return () => queryTimes(search, pairs)[pairs.length >> 1]!
}
