import type { Benchmark } from '../../../scripts/bench/benchmark.ts'
import { pgBasebackup, prepareBaseBackups } from './base-backup/compare.ts'

/** As base-backup-throughput, into a folder that both sides make durable before they end. */
export const benchmark: Benchmark = {
  name: 'backup/base-backup-folder',
  unit: 'MB/s',
  measure: 'wall',
  better: 'higher',
  target: 1.1,
  peers: [pgBasebackup],
  prepare: () => prepareBaseBackups('tcp', ({ bytes, wall }) => bytes / 1000 / wall, 'folder'),
}
