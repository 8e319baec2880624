import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { ours, type Benchmark } from '../../../scripts/bench/benchmark.ts'
import { ourRoundTrip } from './aead/ours.ts'
import { compareRoundTrips } from './aead/round-trip.ts'

const manifest = fileURLToPath(new URL('../../node_modules/age-encryption/package.json', import.meta.url))

/**
 * Sealing and opening a stream, against age in TypeScript. Ours gives the memory of a piece back when it was handled, which
 * the sink allows: it keeps none.
 */
export const benchmark: Benchmark = {
  name: 'core/aead-stream-age',
  unit: 'MB/s',
  measure: 'cpu',
  better: 'higher',
  target: 15,
  peers: [
    {
      name: 'age-encryption',
      available: async () => (existsSync(manifest) ? undefined : 'age-encryption is not installed'),
      version: async () => (JSON.parse(readFileSync(manifest, 'utf8')) as { readonly version: string }).version,
    },
  ],
  async prepare({ quick }) {
    const { ageRoundTrip } = await import('./aead/age.ts')
    return compareRoundTrips(quick ? 32 : 64, {
      [ours]: ourRoundTrip({ release: true }),
      'age-encryption': await ageRoundTrip(),
    })
  },
}
