import type { Benchmark } from '../../../scripts/bench/benchmark.ts'
import { prepareQueues, queuePeers } from './jobs/compare-queues.ts'

/** From calling enqueue to the handler in the same process, on an idle queue in PostgreSQL: the 99th of 100. */
export const benchmark: Benchmark = {
  name: 'core/jobs-pick-up',
  unit: 'ms',
  measure: 'wall',
  better: 'lower',
  target: 1,
  peers: queuePeers,
  prepare: ({ quick }) => prepareQueues({ count: 100, batched: true }, ({ pickUp }) => pickUp, quick ? 20 : 100),
}
