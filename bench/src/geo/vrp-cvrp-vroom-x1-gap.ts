import { readCvrplib } from '@exprsn/geo/optimize'
import { compareGap } from './vrp/gap.ts'
import { vroomOnX } from './vrp/published.ts'

/** Instances of the set X, each in the seconds that VROOM 1.15 took for it with its option `-x1`. */
const secondsOf = {
  'X-n101-k25.vrp': 0.25,
  'X-n153-k22.vrp': 1.2,
  'X-n200-k36.vrp': 0.6,
  'X-n303-k21.vrp': 1.8,
  'X-n376-k94.vrp': 2.7,
  'X-n401-k29.vrp': 11.8,
}

export const benchmark = compareGap({
  name: 'geo/vrp-cvrp-vroom-x1-gap',
  read: readCvrplib,
  files: Object.keys(secondsOf),
  published: vroomOnX,
  secondsOf,
  ...{ seconds: 30, target: 0.7 },
})
