import { mixHash } from './token-hash.ts'

/** Bytes that one question reads of each block: a line of the processor's cache. */
export const filterLineBytes = 64

const bitsPerToken = 16
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
  const bits = new Uint16Array(probes)
  /** Of one block: those of all others between its lines would be in the way in a processor's cache. */
  const own = new Uint8Array(lines * filterLineBytes)
  for (const [block, hashes] of singles.entries()) {
    own.fill(0)
    for (let index = 0; index < hashes.length; index++) {
      const line = filterLine(hashes[index]!, lines) * filterLineBytes
      setProbes(bits, hashes[index]!)
      for (let probe = 0; probe < probes; probe++) own[line + (bits[probe]! >> 3)]! |= 1 << (bits[probe]! & 7)
    }
    for (let line = 0; line < lines; line++) {
      const from = line * filterLineBytes
      bytes.set(own.subarray(from, from + filterLineBytes), (line * singles.length + block) * filterLineBytes)
    }
    yield
  }
  return { bytes, lines }
}

/** Which line a token falls on. */
export function filterLine(hash: number, lines: number): number {
  return mixHash(hash) % lines
}

/** The bits of a line that a token sets. */
export function filterBits(hash: number): Uint16Array {
  const bits = new Uint16Array(probes)
  setProbes(bits, hash)
  return bits
}

/** Whether a line may hold the token of these bits: never false for one it holds. */
export function isInFilter(line: Uint8Array, at: number, bits: Uint16Array): boolean {
  for (let probe = 0; probe < probes; probe++)
    if ((line[at + (bits[probe]! >> 3)]! & (1 << (bits[probe]! & 7))) === 0) return false
  return true
}

function setProbes(bits: Uint16Array, hash: number): void {
  const first = mixHash(hash ^ 0x9e37_79b9)
  const step = (mixHash(hash ^ 0x7f4a_7c15) | 1) >>> 0
  for (let probe = 0; probe < probes; probe++) bits[probe] = (first + Math.imul(probe, step)) & (bitsPerLine - 1)
}
