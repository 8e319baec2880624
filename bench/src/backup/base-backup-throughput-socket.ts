import type { Benchmark } from '../../../scripts/bench/benchmark.ts'
import { pgBasebackup, prepareBaseBackups } from './base-backup/compare.ts'

/**
 * As base-backup-throughput, over a Unix socket. It holds only 0.2 MB, so the server stands still whenever the reader wakes
 * up later than it takes to fill that; a process that does nothing else wakes up sooner than an event loop.
 */
export const benchmark: Benchmark = {
  name: 'backup/base-backup-throughput-socket',
  unit: 'MB/s',
  measure: 'wall',
  better: 'higher',
  target: 1,
  peers: [pgBasebackup],
  prepare: () => prepareBaseBackups('socket', ({ bytes, wall }) => bytes / 1000 / wall),
}
