import { createHash } from 'node:crypto'
import type { PreparedBenchmark } from '../../../../scripts/bench/benchmark.ts'

/** Seals a content piece by piece and opens it as it comes; the pieces that come back go to `sink`. */
export type RoundTrip = (pieces: readonly Uint8Array[], sink: (piece: Uint8Array) => void) => Promise<void>

const pieceSize = 65_536
/** As many different pieces as fit the processor's cache, given over and over: what is measured is not the memory. */
const differentPieces = 16

/** MB/s of content that was sealed and opened again, in CPU time. The answer is the digest of a second, untimed trip. */
export function compareRoundTrips(mebibytes: number, subjects: Readonly<Record<string, RoundTrip>>): PreparedBenchmark {
  const pieces = contentOf(mebibytes)
  return {
    async run(subject) {
      const trip = subjects[subject]!
      let bytes = 0
      const before = process.cpuUsage()
      await trip(pieces, (piece) => (bytes += piece.length))
      const { user, system } = process.cpuUsage(before)
      const hash = createHash('sha256')
      await trip(pieces.slice(0, 64), (piece) => hash.update(piece))
      return { value: bytes / (user + system), hash: hash.digest('hex') }
    },
    async close() {},
  }
}

/** Pieces of 64 KiB, as a file stream gives them. */
function contentOf(mebibytes: number): Uint8Array[] {
  const distinct = Array.from({ length: differentPieces }, (_, index) =>
    Uint8Array.from({ length: pieceSize }, (__, at) => (at * 31 + index * 17 + (at >> 8)) & 255),
  )
  return Array.from({ length: (mebibytes * 2 ** 20) / pieceSize }, (_, index) => distinct[index % differentPieces]!)
}
