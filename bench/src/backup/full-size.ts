import type { Benchmark } from '../../../scripts/bench/benchmark.ts'
import { prepareFiles } from './files/compare.ts'
import { restic } from './files/restic.ts'

/** Mebibytes of the repository after the first backup of a tree. */
export const benchmark: Benchmark = {
  name: 'backup/full-size',
  unit: 'MiB',
  measure: 'bytes',
  better: 'lower',
  target: 0.98,
  atLeast: 3,
  peers: [restic],
  prepare: ({ quick }) => prepareFiles('full-size', quick),
}
