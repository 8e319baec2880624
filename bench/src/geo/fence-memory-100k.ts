import { createFences } from '@exprsn/geo/fence'
import type { Benchmark } from '../../../scripts/bench/benchmark.ts'
import { stars } from './fences/stars.ts'

/** Bytes of the index per fence of 32 corners, coordinates included, at 100,000 fences. */
export const benchmark: Benchmark = {
  name: 'geo/fence-memory-100k',
  unit: 'B/fence',
  measure: 'bytes',
  better: 'lower',
  target: 1_200,
  peers: [],
  async prepare() {
    const bytes = createFences({ features: stars(100_000, 0.0035) }).statistics().indexBytes
    return { run: async () => ({ value: bytes / 100_000, hash: String(bytes) }), close: async () => {} }
  },
}
