import type { Benchmark } from '../../../scripts/bench/benchmark.ts'
import { prepareFiles } from './files/compare.ts'
import { restic } from './files/restic.ts'

/** The first backup of a tree, as a whole process. */
export const benchmark: Benchmark = {
  name: 'backup/full',
  unit: 'ms',
  measure: 'wall',
  better: 'lower',
  target: 1.3,
  atLeast: 5,
  peers: [restic],
  prepare: ({ quick }) => prepareFiles('full', quick),
}
