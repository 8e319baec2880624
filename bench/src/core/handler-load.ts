import type { Benchmark } from '../../../scripts/bench/benchmark.ts'
import { prepareLoad } from './node-handler/load.ts'

/** The 95th percentile of the answer time with 1,000 connections at once, none of which may fail. */
export const benchmark: Benchmark = {
  name: 'core/handler-load',
  unit: 'ms',
  measure: 'wall',
  better: 'lower',
  target: 500,
  peers: [],
  prepare: ({ quick }) => prepareLoad(['ours'], { connections: 1_000, seconds: quick ? 5 : 15 }, ({ p95 }) => p95),
}
