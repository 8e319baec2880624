import { readLiLim } from '@exprsn/geo/optimize'
import { compareGap } from './optimise/gap.ts'

/** Instances of Li & Lim with 100 tasks, 10 CPU seconds each; fewer vehicles come first. */
export const benchmark = compareGap({
  name: 'geo/optimise-pdptw-gap',
  read: readLiLim,
  files: ['lilim-lc101', 'lilim-lr105', 'lilim-lr202', 'lilim-lrc104'].map((name) => `${name}.txt`),
  ...{ seconds: 10, target: 0.1 },
})
