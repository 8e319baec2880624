import { chunkSizesOf, type Chunker, type ChunkSizes } from './chunker.ts'
import { gearTable } from './gear-table.ts'
import { createKernel, searchWindows, type ChunkerKernel } from './kernel.ts'
import { scanStream } from './scan-stream.ts'

/** Options of {@link gearChunker}. */
export interface GearChunkerOptions extends ChunkSizes {
  /** Decides the table: equal content is cut equally under equal seeds. A repository's chunker polynomial serves well. */
  readonly seed: bigint
}

/**
 * Cuts where content says so, by the Gear hash (Xia et al., "Ddelta: A deduplication-inspired fast delta compression
 * approach", 2014): an insertion moves the cuts near it and leaves the others. 3 GB/s.
 *
 * @example
 * ```ts
 * import { gearChunker } from '@exprsn/backup'
 *
 * const chunker = gearChunker({ seed: 0x3da3358b4dc173n })
 * const bytes = new Uint8Array(100_000)
 * console.log(chunker.cut(bytes)) // 0: too short for a cut, the rest of a stream is its last chunk
 * ```
 */
export function gearChunker(
  options: GearChunkerOptions,
  makeKernel: () => ChunkerKernel | undefined = createKernel,
): Chunker {
  const { minSize, maxSize, averageBits } = chunkSizesOf(options)
  const kernel = makeKernel()
  if (kernel === undefined) return gearChunkerPlain(options)
  const memory = new Uint8Array(kernel.memory.buffer)
  new Uint32Array(kernel.memory.buffer, 0, 256).set(gearTable(options.seed))
  const mask = -1 << (32 - averageBits)
  return scanStream({
    maxSize,
    start: minSize,
    forget: kernel.reset,
    findCut: (bytes, from, to) =>
      searchWindows(memory, bytes, { from, to }, (first, last) => kernel.gear(first, last, mask)),
  })
}

/** The same cuts without WebAssembly: what the fast one is compared with, and used where there is none. */
export function gearChunkerPlain(options: GearChunkerOptions): Chunker {
  const { minSize, maxSize, averageBits } = chunkSizesOf(options)
  const table = Int32Array.from(gearTable(options.seed))
  const mask = -1 << (32 - averageBits)
  let hash = 0
  return scanStream({
    maxSize,
    start: minSize,
    forget: () => (hash = 0),
    findCut(bytes, from, to) {
      for (let at = from; at < to; at++) {
        hash = ((hash << 1) + table[bytes[at]!]!) | 0
        if ((hash & mask) === 0) return at + 1
      }
      return 0
    },
  })
}
