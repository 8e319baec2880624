import { readLiLim } from '@exprsn/geo/optimize'
import { compareGap } from './vrp/gap.ts'

/** Instances of Li & Lim with 100 tasks, 10 CPU seconds each; fewer vehicles come first. */
export const benchmark = compareGap({
  name: 'geo/vrp-pdptw-gap',
  read: readLiLim,
  files: ['lilim-lc101.txt', 'lilim-lr105.txt', 'lilim-lr202.txt', 'lilim-lrc104.txt'],
  ...{ seconds: 10, target: 0.1 },
})
