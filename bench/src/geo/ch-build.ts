import { buildBenchmark } from './roads/build.ts'
import { city } from './roads/city.ts'

/** Rome: 234,496 nodes. */
export const benchmark = buildBenchmark({ name: 'geo/ch-build', target: 4, roads: () => city('rome') })
