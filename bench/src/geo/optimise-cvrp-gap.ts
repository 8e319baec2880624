import { readCvrplib } from '@exprsn/geo/optimize'
import { compareGap } from './optimise/gap.ts'

/** Instances of the set X (Uchoa et al. 2017), 30 CPU seconds each. */
export const benchmark = compareGap({
  name: 'geo/optimise-cvrp-gap',
  read: readCvrplib,
  files: ['X-n101-k25', 'X-n120-k6', 'X-n153-k22', 'X-n200-k36', 'X-n303-k21', 'X-n376-k94', 'X-n401-k29'].map(
    (name) => `${name}.vrp`,
  ),
  ...{ seconds: 30, target: 0.15 },
})
