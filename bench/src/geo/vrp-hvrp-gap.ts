import { readTaillard } from '@exprsn/geo/optimize'
import { compareGap } from './vrp/gap.ts'

/** Instances of Taillard with several types of vehicles, 30 CPU seconds each. */
export const benchmark = compareGap({
  name: 'geo/vrp-hvrp-gap',
  read: readTaillard,
  files: ['HVRP13.txt', 'HVRP17.txt'],
  ...{ seconds: 30, target: 0.5 },
})
