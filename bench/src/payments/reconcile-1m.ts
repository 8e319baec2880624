import type { Benchmark } from '../../../scripts/bench/benchmark.ts'
import { peers, prepareFiles } from './reconcile/compare.ts'

/**
 * Two CSV files of a million rows to a report, one row in twenty beyond names. The peers compute the exact part alone: the same
 * pairs, rest and sums.
 */
export const benchmark: Benchmark = {
  name: 'payments/reconcile-1m',
  unit: 'ms',
  measure: 'wall',
  better: 'lower',
  target: 1,
  peers,
  prepare: ({ quick }) => prepareFiles(quick ? 300_000 : 1_000_000, 'wall'),
}
