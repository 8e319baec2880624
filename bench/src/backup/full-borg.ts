import type { Benchmark } from '../../../scripts/bench/benchmark.ts'
import { prepareFiles } from './files/compare.ts'
import { borg } from './files/borg.ts'

/** The first backup of a tree, as a whole process, beside a program with a format of its own. */
export const benchmark: Benchmark = {
  name: 'backup/full-borg',
  unit: 'ms',
  measure: 'wall',
  better: 'lower',
  target: 2,
  atLeast: 4,
  peers: [borg],
  prepare: ({ quick }) => prepareFiles('full', quick),
}
