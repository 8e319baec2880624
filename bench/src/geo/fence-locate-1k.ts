import { ours } from '../../../scripts/bench/benchmark.ts'
import { compareLocate, flatbushAndTurf } from './fences/locate.ts'

/** Which of 1,000 fences contain a place, beside a box index with Turf's test behind it. */
export const benchmark = compareLocate({
  name: 'geo/fence-locate-1k',
  target: 10,
  peers: [flatbushAndTurf],
  ...{ fences: 1_000, radius: 0.02 },
  places: { [ours]: 1_000_000, [flatbushAndTurf.name]: 200_000 },
})
