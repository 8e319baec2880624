import { buildBenchmark } from './roads/build.ts'
import { city, stitched } from './roads/city.ts'

/** Nine copies of Rome joined by motorways: 2,110,464 nodes. Networks of this size are not in the shared data. */
export const benchmark = buildBenchmark({
  name: 'geo/ch-build-2m',
  target: 80,
  roads: () => stitched(city('rome'), 9),
})
