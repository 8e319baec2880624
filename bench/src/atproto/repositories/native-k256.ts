import secp256k1 from 'secp256k1'
import { useNativeK256 } from '@exprsn/atproto/crypto'
import type { Benchmark } from '../../../../scripts/bench/benchmark.ts'

/** A benchmark in which ours verifies K-256 with libsecp256k1. */
export function withNativeK256(benchmark: Benchmark): Benchmark {
  return {
    ...benchmark,
    async prepare(options) {
      const prepared = await benchmark.prepare(options)
      useNativeK256(secp256k1)
      return {
        run: (subject) => prepared.run(subject),
        async close() {
          useNativeK256(undefined)
          await prepared.close()
        },
      }
    },
  }
}
