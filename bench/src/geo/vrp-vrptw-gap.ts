import { readSolomon } from '@exprsn/geo/optimize'
import { compareGap } from './vrp/gap.ts'

/** Instances of Solomon, 20 CPU seconds each; fewer vehicles come first. */
export const benchmark = compareGap({
  name: 'geo/vrp-vrptw-gap',
  read: readSolomon,
  files: [
    'solomon-C101.txt',
    'solomon-R101.txt',
    'solomon-C104.txt',
    'solomon-C201.txt',
    'solomon-R105.txt',
    'solomon-R108.txt',
    'solomon-R208.txt',
    'solomon-RC101.txt',
    'solomon-RC104.txt',
    'solomon-RC206.txt',
  ],
  ...{ seconds: 20, target: 0.15 },
})
