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
  /** Of one block: those of all others between its lines would be in the way in a processor's cache. */
  const own = new Uint8Array(lines * filterLineBytes)
  for (const [block, hashes] of singles.entries()) {
    own.fill(0)
    fillLines(own, hashes, lines)
    placeLines(bytes, own, block, singles.length)
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
  const [first, step] = [firstProbe(hash), probeStep(hash)]
  return Uint16Array.from({ length: probes }, (_, probe) => (first + Math.imul(probe, step)) & (bitsPerLine - 1))
}

/** Whether a line may hold the token of these bits: never false for one it holds. */
export function isInFilter(line: Uint8Array, at: number, bits: Uint16Array): boolean {
  for (let probe = 0; probe < probes; probe++)
    if ((line[at + (bits[probe]! >> 3)]! & (1 << (bits[probe]! & 7))) === 0) return false
  return true
}

/** Sets the bits of all tokens in the lines of a block; not in a generator, whose loops are slower. */
function fillLines(own: Uint8Array, hashes: Uint32Array, lines: number): void {
  for (let index = 0; index < hashes.length; index++) {
    const hash = hashes[index]!
    const line = filterLine(hash, lines) * filterLineBytes
    const step = probeStep(hash)
    let bit = firstProbe(hash)
    for (let probe = 0; probe < probes; probe++) {
      own[line + ((bit & (bitsPerLine - 1)) >> 3)]! |= 1 << (bit & 7)
      bit = (bit + step) | 0
    }
  }
}

/** Copies the lines of a block to where they stand among those of all. */
function placeLines(bytes: Uint8Array, own: Uint8Array, block: number, blocks: number): void {
  const [from, to] = [new Uint32Array(own.buffer), new Uint32Array(bytes.buffer)]
  const words = filterLineBytes / 4
  for (let start = 0, end = block * words; start < from.length; start += words, end += blocks * words)
    for (let word = 0; word < words; word++) to[end + word] = from[start + word]!
}

function firstProbe(hash: number): number {
  return mixHash(hash ^ 0x9e37_79b9) | 0
}

function probeStep(hash: number): number {
  return mixHash(hash ^ 0x7f4a_7c15) | 1
}
