import type { Benchmark } from '../../../scripts/bench/benchmark.ts'
import { prepareQueues, queuePeers } from './jobs/compare-queues.ts'

/** 10,000 jobs that do nothing, enqueued in lists of 1,000 and then run ten at a time on PostgreSQL, every commit synced. */
export const benchmark: Benchmark = {
  name: 'core/jobs-throughput-batched',
  unit: 'jobs/s',
  measure: 'wall',
  better: 'higher',
  target: 1.5,
  peers: queuePeers,
  prepare: ({ quick }) => prepareQueues({ count: quick ? 2_000 : 10_000, batched: true }, ({ rate }) => rate),
}
