import type { Benchmark } from '../../../scripts/bench/benchmark.ts'
import { peers, prepareFiles } from './reconcile/compare.ts'

/** The most memory that `payments/reconcile-1m` takes, with all of Node. */
export const benchmark: Benchmark = {
  name: 'payments/reconcile-1m-memory',
  unit: 'MB',
  measure: 'rss',
  better: 'lower',
  target: 1.6,
  peers,
  prepare: ({ quick }) => prepareFiles(quick ? 300_000 : 1_000_000, 'rss'),
}
