import { openNetwork, type RoadNetwork } from '@exprsn/geo/routing'
import type { Benchmark } from '../../../scripts/bench/benchmark.ts'
import { city } from './roads/city.ts'
import { roadGraphOf } from './roads/network.ts'

/** CPU seconds to find the order of Rome, once for all conditions. */
export const benchmark: Benchmark = {
  name: 'geo/network-order',
  target: 8,
  unit: 's',
  measure: 'cpu',
  better: 'lower',
  peers: [],
  async prepare() {
    const graph = roadGraphOf(city('rome'))
    return {
      async run() {
        const before = process.cpuUsage()
        const network: RoadNetwork = await openNetwork(graph)
        const { user, system } = process.cpuUsage(before)
        return { value: (user + system) / 1e6, hash: String(network.graph.edges.heads.length) }
      },
      async close() {},
    }
  },
}
