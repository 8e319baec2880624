import { readCordeau } from '@exprsn/geo/optimize'
import { compareGap } from './vrp/gap.ts'

/** Instances of Cordeau with several depots, 30 CPU seconds each. */
export const benchmark = compareGap({
  name: 'geo/vrp-mdvrp-gap',
  read: readCordeau,
  files: ['mdvrp-p01.txt', 'mdvrp-p04.txt', 'mdvrp-p08.txt'],
  ...{ seconds: 30, target: 0.5 },
})
