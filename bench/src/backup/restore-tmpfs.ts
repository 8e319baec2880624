import type { Benchmark } from '../../../scripts/bench/benchmark.ts'
import { prepareFiles } from './files/compare.ts'
import { restic } from './files/restic.ts'

/** Bringing a whole tree back into memory, where no disk is waited for. */
export const benchmark: Benchmark = {
  name: 'backup/restore-tmpfs',
  unit: 'ms',
  measure: 'wall',
  better: 'lower',
  target: 1,
  atLeast: 5,
  peers: [restic],
  prepare: ({ quick }) => prepareFiles('restore-tmpfs', quick),
}
