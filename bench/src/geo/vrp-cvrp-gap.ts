import { readCvrplib } from '@exprsn/geo/optimize'
import { compareGap } from './vrp/gap.ts'
import { vroomOnX } from './vrp/published.ts'

/** Instances of the set X (Uchoa et al. 2017), 30 CPU seconds each. */
export const benchmark = compareGap({
  name: 'geo/vrp-cvrp-gap',
  read: readCvrplib,
  files: [
    'X-n101-k25.vrp',
    'X-n120-k6.vrp',
    'X-n153-k22.vrp',
    'X-n200-k36.vrp',
    'X-n303-k21.vrp',
    'X-n376-k94.vrp',
    'X-n401-k29.vrp',
  ],
  published: vroomOnX,
  ...{ seconds: 30, target: 0.12 },
})
