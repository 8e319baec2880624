import type { CharRange } from './pattern-node.ts'

/** The first and the last byte in each place of a character. */
export type ByteRanges = readonly (readonly [number, number])[]

/** Sequences of ranges of bytes that are the UTF-8 of a range of code points, and of nothing else. Surrogates have none. */
export function utf8Ranges([from, to]: CharRange): ByteRanges[] {
  const found: ByteRanges[] = []
  // Lengths change here, and what lies between the last two has no UTF-8.
  for (const [first, last] of [
    [0, 0x7f],
    [0x80, 0x7ff],
    [0x800, 0xd7ff],
    [0xe000, 0xffff],
    [0x1_0000, 0x10_ffff],
  ] as const)
    if (from <= last && to >= first) split(Math.max(from, first), Math.min(to, last), found)
  return found
}

/** Both have as many bytes. */
function split(from: number, to: number, found: ByteRanges[]): void {
  // From the last byte to the first: where the bytes before differ, those behind have to be all there are.
  for (let bits = 6; from >> bits !== to >> bits && bits < 21; bits += 6) {
    const mask = (1 << bits) - 1
    if ((from & mask) !== 0) {
      split(from, from | mask, found)
      split((from | mask) + 1, to, found)
      return
    }
    if ((to & mask) !== mask) {
      split(from, (to & ~mask) - 1, found)
      split(to & ~mask, to, found)
      return
    }
  }
  const [first, last] = [Buffer.from(String.fromCodePoint(from)), Buffer.from(String.fromCodePoint(to))]
  found.push(Array.from(first, (byte, index) => [byte, last[index]!] as const))
}
