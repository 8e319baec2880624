import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { crc32cBitwise } from './crc32c-bitwise.ts'
import { crc32c } from './crc32c.ts'

const ascii = (text: string): Uint8Array => new TextEncoder().encode(text)

describe('crc32c', () => {
  // RFC 3720 appendix B.4, and the catalogue's check value.
  it.each([
    ['123456789', ascii('123456789'), 0xe306_9283],
    ['32 zero bytes', new Uint8Array(32), 0x8a91_36aa],
    ['32 bytes of 255', new Uint8Array(32).fill(255), 0x62a8_ab43],
    ['32 ascending bytes', Uint8Array.from({ length: 32 }, (_, index) => index), 0x46dd_794e],
    ['32 descending bytes', Uint8Array.from({ length: 32 }, (_, index) => 31 - index), 0x113f_db5c],
    ['nothing', new Uint8Array(0), 0],
  ])('gives the published checksum of %s', (_name, bytes, expected) => {
    expect(crc32c(bytes)).toBe(expected)
    expect(crc32cBitwise(bytes)).toBe(expected)
  })

  it('agrees with the definition for every length around the word path, at every alignment', () => {
    const memory = Uint8Array.from({ length: 512 }, (_, index) => (index * 167 + 13) & 255)
    for (let start = 0; start < 8; start++)
      for (let length = 0; length <= 160; length++) {
        const bytes = memory.subarray(start, start + length)
        expect(crc32c(bytes, 0xdead_beef), `${length} bytes from ${start}`).toBe(crc32cBitwise(bytes, 0xdead_beef))
      }
  })

  it('agrees with the definition for any bytes and seed', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 2_000 }), fc.integer({ min: 0, max: 2 ** 32 - 1 }), (bytes, seed) => {
        expect(crc32c(bytes, seed)).toBe(crc32cBitwise(bytes, seed))
      }),
      { numRuns: 200 },
    )
  })

  it('continues from the checksum of what stands before', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 600 }), fc.nat(600), (bytes, cut) => {
        expect(crc32c(bytes.subarray(cut), crc32c(bytes.subarray(0, cut)))).toBe(crc32c(bytes))
      }),
      { numRuns: 200 },
    )
  })

  it('notices every single flipped bit of a block', () => {
    const bytes = Uint8Array.from({ length: 256 }, (_, index) => index)
    const expected = crc32c(bytes)
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const flipped = bytes.slice()
      flipped[bit >> 3]! ^= 1 << (bit & 7)
      expect(crc32c(flipped)).not.toBe(expected)
    }
  })
})
