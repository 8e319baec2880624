import type { Benchmark } from '../../../scripts/bench/benchmark.ts'
import { prepareFiles } from './files/compare.ts'
import { restic } from './files/restic.ts'

/** A backup of a tree in which nothing changed, as a whole process. */
export const benchmark: Benchmark = {
  name: 'backup/no-change',
  unit: 'ms',
  measure: 'wall',
  better: 'lower',
  target: 4,
  peers: [restic],
  prepare: ({ quick }) => prepareFiles('no-change', quick),
}
