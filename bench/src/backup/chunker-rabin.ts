import { rabinChunker } from '@exprsn/backup'
import type { Benchmark } from '../../../scripts/bench/benchmark.ts'
import { prepareChunker } from './files/chunk-stream.ts'

/** Cutting random bytes where restic cuts them, in one thread. */
export const benchmark: Benchmark = {
  name: 'backup/chunker-rabin',
  unit: 'MB/s',
  measure: 'cpu',
  better: 'higher',
  target: 450,
  peers: [],
  prepare: async ({ quick }) => prepareChunker(quick, rabinChunker({ polynomial: 0x3da3358b4dc173n })),
}
