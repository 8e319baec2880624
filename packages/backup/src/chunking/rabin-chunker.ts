import { chunkSizesOf, type Chunker, type ChunkSizes } from './chunker.ts'
import { createKernel, searchWindows, type ChunkerKernel } from './kernel.ts'
import { rabinTables, rabinWindow, remainder } from './rabin-tables.ts'
import { scanStream } from './scan-stream.ts'

/** Options of {@link rabinChunker}. */
export interface RabinChunkerOptions extends ChunkSizes {
  /** The repository's chunker polynomial: irreducible, of degree 53. */
  readonly polynomial: bigint
}

/**
 * Cuts exactly where restic does: a file that a restic client stored in the repository is recognised, and the other way
 * round. A third as fast as {@link gearChunker}.
 *
 * @example
 * ```ts
 * import { rabinChunker } from '@exprsn/backup'
 *
 * const chunker = rabinChunker({ polynomial: 0x3da3358b4dc173n })
 * const bytes = new Uint8Array(100_000)
 * console.log(chunker.cut(bytes)) // 0: too short for a cut, the rest of a stream is its last chunk
 * ```
 */
export function rabinChunker(
  options: RabinChunkerOptions,
  makeKernel: () => ChunkerKernel | undefined = createKernel,
): Chunker {
  const { minSize, maxSize, averageBits } = chunkSizesOf(options)
  const kernel = makeKernel()
  if (kernel === undefined) return rabinChunkerPlain(options)
  const memory = new Uint8Array(kernel.memory.buffer)
  const { out, mod } = rabinTables(options.polynomial)
  new BigUint64Array(kernel.memory.buffer, 4_096, 256).set(out)
  new BigUint64Array(kernel.memory.buffer, 8_192, 256).set(mod)
  const mask = (1n << BigInt(averageBits)) - 1n
  return scanStream({
    maxSize,
    start: minSize - rabinWindow,
    forget: kernel.reset,
    findCut(bytes, from, to) {
      const filled = Math.min(to, minSize)
      searchWindows(memory, bytes, { from, to: filled }, (first, last) => (kernel.rabinFill(first, last), 0))
      if (from < minSize && filled === minSize && kernel.rabinIsCut(mask) === 1) return minSize
      return searchWindows(memory, bytes, { from: Math.max(from, minSize), to }, (first, last) =>
        kernel.rabin(first, last, mask),
      )
    },
  })
}

/** The same cuts by the definition of the hash: what the fast one is compared with, and used where there is none. */
export function rabinChunkerPlain(options: RabinChunkerOptions): Chunker {
  const { minSize, maxSize, averageBits } = chunkSizesOf(options)
  const { out, mod } = rabinTables(options.polynomial)
  const mask = (1n << BigInt(averageBits)) - 1n
  let digest = 0n
  return scanStream({
    maxSize,
    start: minSize - rabinWindow,
    forget: () => (digest = 0n),
    findCut(bytes, from, to) {
      for (let at = from; at < to; at++) {
        if (at >= minSize) digest ^= out[bytes[at - rabinWindow]!]!
        digest = (digest << 8n) | BigInt(bytes[at]!)
        digest ^= mod[Number(digest >> 53n)]!
        if (at + 1 >= minSize && (digest & mask) === 0n) return at + 1
      }
      return 0
    },
  })
}

/** The fingerprint of 64 bytes from the definition alone, for tests. */
export function rabinFingerprint(bytes: Uint8Array, polynomial: bigint): bigint {
  return remainder(BigInt(`0x${Buffer.from(bytes).toString('hex')}`), polynomial)
}
