import { ours, type Benchmark } from '../../../scripts/bench/benchmark.ts'
import { ourRoundTrip } from './aead/ours.ts'
import { rawRoundTrip } from './aead/raw.ts'
import { compareRoundTrips } from './aead/round-trip.ts'

/**
 * Sealing and opening a stream, against the cipher alone: what authentication of place, keys and framing cost. Both leave
 * the memory of pieces to the collector of garbage.
 */
export const benchmark: Benchmark = {
  name: 'core/aead-stream',
  unit: 'MB/s',
  measure: 'cpu',
  better: 'higher',
  target: 0.85,
  peers: [{ name: 'node:crypto', available: async () => undefined, version: async () => process.versions.node }],
  async prepare({ quick }) {
    return compareRoundTrips(quick ? 64 : 256, { [ours]: ourRoundTrip(), 'node:crypto': rawRoundTrip() })
  },
}
