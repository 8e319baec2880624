import { gearChunker } from '@exprsn/backup'
import type { Benchmark } from '../../../scripts/bench/benchmark.ts'
import { prepareChunker } from './files/chunk-stream.ts'

/** Cutting random bytes where content says so, in one thread. */
export const benchmark: Benchmark = {
  name: 'backup/chunker',
  unit: 'MB/s',
  measure: 'cpu',
  better: 'higher',
  target: 1_000,
  peers: [],
  prepare: async ({ quick }) => prepareChunker(quick, gearChunker({ seed: 0x3da3358b4dc173n })),
}
