import { createFences } from '@exprsn/geo/fence'
import type { Benchmark } from '../../../scripts/bench/benchmark.ts'
import { stars } from './fences/stars.ts'

/** CPU seconds to read, check and index 100,000 fences. */
export const benchmark: Benchmark = {
  name: 'geo/fence-build-100k',
  unit: 's',
  measure: 'cpu',
  better: 'lower',
  target: 8,
  peers: [],
  async prepare() {
    const features = stars(100_000, 0.0035)
    return {
      async run() {
        const before = process.cpuUsage()
        const fences = createFences({ features })
        const { user, system } = process.cpuUsage(before)
        return { value: (user + system) / 1e6, hash: String(fences.statistics().indexBytes) }
      },
      async close() {},
    }
  },
}
