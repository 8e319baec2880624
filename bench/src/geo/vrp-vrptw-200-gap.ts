import { readSolomon } from '@exprsn/geo/optimize'
import { compareGap } from './vrp/gap.ts'

/** Instances of Gehring and Homberger with 200 stops, 60 CPU seconds each; fewer vehicles come first. */
export const benchmark = compareGap({
  name: 'geo/vrp-vrptw-200-gap',
  read: readSolomon,
  files: ['gh200-c1_2_1.txt', 'gh200-r1_2_1.txt', 'gh200-rc2_2_5.txt'],
  ...{ seconds: 60, target: 0.4 },
})
