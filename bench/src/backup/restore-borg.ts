import type { Benchmark } from '../../../scripts/bench/benchmark.ts'
import { prepareFiles } from './files/compare.ts'
import { borg } from './files/borg.ts'

/** Bringing a whole tree back, as a whole process, beside a program with a format of its own. */
export const benchmark: Benchmark = {
  name: 'backup/restore-borg',
  unit: 'ms',
  measure: 'wall',
  better: 'lower',
  target: 1.5,
  atLeast: 3,
  peers: [borg],
  prepare: ({ quick }) => prepareFiles('restore', quick),
}
