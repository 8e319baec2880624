import { readCvrplib } from '@exprsn/geo/optimize'
import { compareGap } from './vrp/gap.ts'

/** The largest instances of the set X that lie at hand, 60 CPU seconds each. */
export const benchmark = compareGap({
  name: 'geo/vrp-cvrp-large-gap',
  read: readCvrplib,
  files: ['X-n561-k42.vrp', 'X-n1001-k43.vrp'],
  ...{ seconds: 60, target: 0.65 },
})
