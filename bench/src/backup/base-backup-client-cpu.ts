import type { Benchmark } from '../../../scripts/bench/benchmark.ts'
import { pgBasebackup, prepareBaseBackups } from './base-backup/compare.ts'

/** CPU time of the client for the same backup as in base-backup-throughput: at most 1.3 times the peer's. */
export const benchmark: Benchmark = {
  name: 'backup/base-backup-client-cpu',
  unit: 'ms',
  measure: 'cpu',
  better: 'lower',
  target: 0.77,
  peers: [pgBasebackup],
  prepare: () => prepareBaseBackups('tcp', ({ cpu }) => cpu),
}
