import { ours } from '../../../scripts/bench/benchmark.ts'
import { compareLocate, turf } from './fences/locate.ts'

/** Which of 1,000 fences contain a place, beside asking Turf for each. */
export const benchmark = compareLocate({
  name: 'geo/fence-locate-1k-turf',
  target: 1_500,
  peers: [turf],
  ...{ fences: 1_000, radius: 0.02 },
  places: { [ours]: 1_000_000, [turf.name]: 2_000 },
})
