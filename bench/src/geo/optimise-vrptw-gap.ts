import { readSolomon } from '@exprsn/geo/optimize'
import { compareGap } from './optimise/gap.ts'

/** Instances of Solomon, 20 CPU seconds each; fewer vehicles come first. */
export const benchmark = compareGap({
  name: 'geo/optimise-vrptw-gap',
  read: readSolomon,
  files: ['C101', 'R101', 'C104', 'C201', 'R105', 'R108', 'R208', 'RC101', 'RC104', 'RC206'].map(
    (name) => `solomon-${name}.txt`,
  ),
  ...{ seconds: 20, target: 0.2 },
})
