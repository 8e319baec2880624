import type { Benchmark } from '../../../scripts/bench/benchmark.ts'
import { prepareFiles } from './files/compare.ts'

/** Peak memory of the process that makes the first backup of a tree, its threads included. */
export const benchmark: Benchmark = {
  name: 'backup/full-memory',
  unit: 'MB',
  measure: 'rss',
  better: 'lower',
  target: 400,
  atLeast: 5,
  peers: [],
  prepare: ({ quick }) => prepareFiles('full-memory', quick),
}
