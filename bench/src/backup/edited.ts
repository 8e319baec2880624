import type { Benchmark } from '../../../scripts/bench/benchmark.ts'
import { prepareFiles } from './files/compare.ts'
import { restic } from './files/restic.ts'

/** A backup after 2 % of the files were edited, 1 % renamed, the biggest inserted into and a folder moved. */
export const benchmark: Benchmark = {
  name: 'backup/edited',
  unit: 'ms',
  measure: 'wall',
  better: 'lower',
  target: 1.7,
  atLeast: 5,
  peers: [restic],
  prepare: ({ quick }) => prepareFiles('edited', quick),
}
