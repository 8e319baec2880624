import type { Benchmark } from '../../../scripts/bench/benchmark.ts'
import { prepareFiles } from './files/compare.ts'
import { restic } from './files/restic.ts'

/** Reading and checking every byte of a repository, as a whole process. */
export const benchmark: Benchmark = {
  name: 'backup/check-read-data',
  unit: 'ms',
  measure: 'wall',
  better: 'lower',
  target: 1.2,
  peers: [restic],
  prepare: ({ quick }) => prepareFiles('check', quick),
}
