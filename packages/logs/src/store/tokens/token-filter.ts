import { mixHash } from './token-hash.ts'

/** Bytes that one question reads of each block: a line of the processor's cache. */
export const filterLineBytes = 64

const bitsPerToken = 12
const bitsPerLine = filterLineBytes * 8
const probes = 6

/**
 * The filters of a segment for tokens that stand in one row of a block only: a blocked Bloom filter for each block (Putze,
 * Sanders and Singler, "Cache-, Hash- and Space-Efficient Bloom Filters", 2007), laid out so that the line that a token falls
 * on stands beside those of all other blocks: one read answers for all of them. Pauses after each block.
 */
export function* buildFilter(
  singles: readonly Uint32Array[],
): Generator<undefined, { readonly bytes: Uint8Array; readonly lines: number }> {
  const most = singles.reduce((count, { length }) => Math.max(count, length), 0)
  const lines = Math.ceil((most * bitsPerToken) / bitsPerLine)
  const bytes = new Uint8Array(lines * singles.length * filterLineBytes)
  for (const [block, hashes] of singles.entries()) {
    for (const hash of hashes) {
      const line = (filterLine(hash, lines) * singles.length + block) * filterLineBytes
      forProbes(hash, (bit) => {
        bytes[line + (bit >> 3)]! |= 1 << (bit & 7)
        return true
      })
    }
    yield
  }
  return { bytes, lines }
}

/** Which line a token falls on. */
export function filterLine(hash: number, lines: number): number {
  return mixHash(hash) % lines
}

/** Whether a line may hold the token: never false for one it holds. */
export function isInFilter(line: Uint8Array, at: number, hash: number): boolean {
  return forProbes(hash, (bit) => (line[at + (bit >> 3)]! & (1 << (bit & 7))) !== 0)
}

/** Calls with each bit of a token until the answer is false. */
function forProbes(hash: number, onBit: (bit: number) => boolean): boolean {
  const first = mixHash(hash ^ 0x9e37_79b9)
  const step = (mixHash(hash ^ 0x7f4a_7c15) | 1) >>> 0
  for (let probe = 0; probe < probes; probe++)
    if (!onBit((first + Math.imul(probe, step)) & (bitsPerLine - 1))) return false
  return true
}
