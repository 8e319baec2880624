import { createHash, randomBytes } from 'node:crypto'
import type { Chunker } from '@exprsn/backup'
import type { PreparedBenchmark } from '../../../../scripts/bench/benchmark.ts'

/** Cuts the same random bytes in each round. */
export function prepareChunker(quick: boolean, chunker: Chunker): PreparedBenchmark {
  const bytes = randomBytes((quick ? 64 : 256) * 1_048_576)
  return {
    async run() {
      const before = process.cpuUsage()
      const lengths: number[] = []
      for (let start = 0; start < bytes.length;) {
        const cut = chunker.cut(bytes.subarray(start)) || bytes.length - start
        lengths.push(cut)
        start += cut
      }
      chunker.reset()
      const { user, system } = process.cpuUsage(before)
      const hash = createHash('sha256').update(lengths.join()).digest('hex')
      return { value: bytes.length / (user + system), hash }
    },
    close: async () => {},
  }
}
