import { openNetwork } from '@exprsn/geo/routing'
import type { Benchmark } from '../../../scripts/bench/benchmark.ts'
import { city } from './roads/city.ts'
import { cpuSeconds } from './roads/cpu.ts'
import { roadGraphOf } from './roads/network.ts'

/** CPU seconds to a router over Rome with other speeds on every road. */
export const benchmark: Benchmark = {
  name: 'geo/network-customise',
  target: 1,
  unit: 's',
  measure: 'cpu',
  better: 'lower',
  peers: [],
  async prepare() {
    const network = await openNetwork(roadGraphOf(city('rome')))
    const speed = ({ index }: { readonly index: number }) => 20 + ((index * 7_919) % 60)
    for (let warm = 0; warm < 2; warm++) network.router({ speed })
    return {
      async run() {
        return { value: cpuSeconds(() => network.router({ speed })), hash: String(network.graph.edges.heads.length) }
      },
      async close() {},
    }
  },
}
