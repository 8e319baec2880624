import { readCvrplib } from '@exprsn/geo/optimize'
import { compareGap } from './vrp/gap.ts'
import { vroomOnX } from './vrp/published.ts'

/** Instances of the set X, each in the seconds that VROOM 1.15 took for it with its option `-x5`. */
const secondsOf = {
  'X-n101-k25.vrp': 3.3,
  'X-n153-k22.vrp': 15,
  'X-n200-k36.vrp': 8.7,
  'X-n303-k21.vrp': 29,
  'X-n376-k94.vrp': 46,
  'X-n401-k29.vrp': 111,
}

export const benchmark = compareGap({
  name: 'geo/vrp-cvrp-vroom-x5-gap',
  read: readCvrplib,
  files: Object.keys(secondsOf),
  published: vroomOnX,
  secondsOf,
  ...{ seconds: 30, target: 0.2 },
})
