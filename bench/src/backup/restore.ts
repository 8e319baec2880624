import type { Benchmark } from '../../../scripts/bench/benchmark.ts'
import { prepareFiles } from './files/compare.ts'
import { restic } from './files/restic.ts'

/** Bringing a whole tree back, as a whole process. */
export const benchmark: Benchmark = {
  name: 'backup/restore',
  unit: 'ms',
  measure: 'wall',
  better: 'lower',
  target: 1,
  atLeast: 4,
  peers: [restic],
  prepare: ({ quick }) => prepareFiles('restore', quick),
}
