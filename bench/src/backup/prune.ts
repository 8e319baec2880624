import type { Benchmark } from '../../../scripts/bench/benchmark.ts'
import { prepareFiles } from './files/compare.ts'
import { restic } from './files/restic.ts'

/** Keeping the latest of two snapshots and no byte that it does not need: packs with waste are copied. */
export const benchmark: Benchmark = {
  name: 'backup/prune',
  unit: 'ms',
  measure: 'wall',
  better: 'lower',
  target: 3,
  atLeast: 3,
  peers: [restic],
  prepare: ({ quick }) => prepareFiles('prune', quick),
}
