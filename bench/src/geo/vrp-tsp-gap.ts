import { readTsplib } from '@exprsn/geo/optimize'
import { compareGap } from './vrp/gap.ts'

/** Round trips of TSPLIB with up to 783 places, 10 CPU seconds each. */
export const benchmark = compareGap({
  name: 'geo/vrp-tsp-gap',
  read: readTsplib,
  files: ['berlin52.tsp', 'kroA100.tsp', 'a280.tsp', 'pcb442.tsp', 'rat783.tsp'],
  ...{ seconds: 10, target: 0.8 },
})
