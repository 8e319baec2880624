import { ours } from '../../../scripts/bench/benchmark.ts'
import { compareLocate, flatbushAndTurf } from './fences/locate.ts'

/** Which of 100,000 fences contain a place. */
export const benchmark = compareLocate({
  name: 'geo/fence-locate-100k',
  target: 12,
  peers: [flatbushAndTurf],
  ...{ fences: 100_000, radius: 0.0035 },
  places: { [ours]: 1_000_000, [flatbushAndTurf.name]: 60_000 },
})
