import type { Benchmark } from '../../../scripts/bench/benchmark.ts'
import { pgBasebackup, prepareBaseBackups } from './base-backup/compare.ts'

/**
 * Reading a whole cluster through the replication protocol into nothing, with equal checkpoint and checksum settings, over
 * TCP as databases are reached. The first backup of our process: nothing was compiled before.
 */
export const benchmark: Benchmark = {
  name: 'backup/base-backup-throughput',
  unit: 'MB/s',
  measure: 'wall',
  better: 'higher',
  target: 1,
  peers: [pgBasebackup],
  prepare: () => prepareBaseBackups('tcp', ({ bytes, wall }) => bytes / 1000 / wall),
}
