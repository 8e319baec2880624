import type { Benchmark } from '../../../scripts/bench/benchmark.ts'
import { prepareQueues, queuePeers } from './jobs/compare-queues.ts'

/** 10,000 jobs that do nothing, enqueued one by one and then run ten at a time on PostgreSQL, every commit synced. */
export const benchmark: Benchmark = {
  name: 'core/jobs-throughput-one-by-one',
  unit: 'jobs/s',
  measure: 'wall',
  better: 'higher',
  target: 1.5,
  peers: queuePeers,
  prepare: ({ quick }) => prepareQueues({ count: quick ? 2_000 : 10_000, batched: false }, ({ rate }) => rate),
}
