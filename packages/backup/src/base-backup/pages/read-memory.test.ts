import { crc32c } from '@exprsn/core/bytes'
import { SeededRandom } from '@exprsn/core/testing'
import { describe, expect, it } from 'vitest'
import { isPageFitForBackup, pageChecksum } from './page-checksum.ts'
import { pageSize } from './page.ts'
import { createReadMemory, pieceSize } from './read-memory.ts'

const random = new SeededRandom(11)
/** From 0 to 1. */
const uniform = (): number => random.uint32() / 2 ** 32
const start = 0x2_0000_0000n

describe.each([
  ['the kernel', createReadMemory()],
  ['plain JavaScript', createReadMemory('')],
])('reading into memory with %s', (_, memory) => {
  const [first, second] = memory.buffers

  it('computes the CRC-32C of core, of any length and from any seed, and leaves the bytes as they were', () => {
    // Around what is folded at once, a step of it, and what is left at its end.
    const around = [8_192, 3_344 + 16_384, 2 * 3_344, 3_344 + 3 * 16_384].flatMap((length) =>
      Array.from({ length: 10 }, (_, index) => length + 16 * (index - 5)),
    )
    const lengths = [0, 1, 15, 16, 8_191, 8_193, 20_001, 65_537, ...around, pieceSize - 1, pieceSize]
    for (const length of lengths)
      for (const seed of [0, 1, 0xffff_ffff, random.uint32()]) {
        const bytes = random.bytes(length)
        for (const buffer of [first, second]) {
          buffer.set(bytes)
          expect(memory.crc32c(buffer.subarray(0, length), seed)).toBe(crc32c(bytes, seed))
          expect(Buffer.compare(buffer.subarray(0, length), bytes)).toBe(0)
        }
      }
  })

  it('computes what follows from what came before', () => {
    const bytes = random.bytes(3 * 100_000)
    let checksum = 0
    for (let from = 0; from < bytes.length; from += 100_000) {
      second.set(bytes.subarray(from, from + 100_000))
      checksum = memory.crc32c(second.subarray(0, 100_000), checksum)
    }
    expect(checksum).toBe(crc32c(bytes))
  })

  it('finds the first page that is wrong, and lets new and young ones be', () => {
    const count = 9
    const block = 131_072 + 5
    for (let round = 0; round < 40; round++) {
      const pages = second.subarray(0, count * pageSize)
      for (let index = 0; index < count; index++) pages.set(rightPage(block + index), index * pageSize)
      expect(memory.firstUnfit(pages, block, start)).toBe(count)
      const at = Math.floor(uniform() * count)
      const bit = Math.floor(uniform() * pageSize * 8)
      pages[at * pageSize + (bit >> 3)]! ^= 1 << (bit & 7)
      const words = new Uint32Array(pages.slice(at * pageSize, (at + 1) * pageSize).buffer)
      // A bit of the position may make it look young.
      const isFit = isPageFitForBackup(words, block + at, start)
      expect(memory.firstUnfit(pages, block, start)).toBe(isFit ? count : at)
      // The same page elsewhere in the relation is wrong.
      pages.set(rightPage(block + at), at * pageSize)
      expect(memory.firstUnfit(pages.subarray(at * pageSize), block + at + 1, start)).toBe(0)
      // What changed since the start comes back from the log.
      for (const [position, fit] of [
        [start - 1n, at],
        [start, count],
        [start + 1n, count],
        [0xffff_ffff_0000_0001n, count],
      ] as const) {
        setPosition(pages.subarray(at * pageSize), position)
        expect(memory.firstUnfit(pages, block, start)).toBe(fit)
      }
      pages.fill(0, at * pageSize, (at + 1) * pageSize)
      expect(memory.firstUnfit(pages, block, start)).toBe(count)
    }
  })
})

/** A page from before the start with the checksum that is right at this block. */
function rightPage(block: number): Uint8Array {
  const page = random.bytes(pageSize)
  setPosition(page, start - 1n - BigInt(Math.floor(uniform() * 1_000_000)))
  const view = new DataView(page.buffer, page.byteOffset)
  view.setUint16(14, 8_000, true)
  const words = new Uint32Array(page.slice().buffer)
  words[2] = ((words[2]! & 0xffff_0000) | pageChecksum(words, block)) >>> 0
  return new Uint8Array(words.buffer)
}

function setPosition(page: Uint8Array, position: bigint): void {
  const view = new DataView(page.buffer, page.byteOffset)
  view.setUint32(0, Number(position >> 32n), true)
  view.setUint32(4, Number(position & 0xffff_ffffn), true)
}
