import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ByteReader } from './byte-reader.ts'
import { ByteWriter } from './byte-writer.ts'
import { encodeVarint, unzigzag, zigzag } from './varint.ts'

const unsigned64 = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n })
const signed64 = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })

describe('varint', () => {
  it('is the same from a writer that grows as by itself, for small numbers and large', () => {
    const bounds = [7, 14, 21, 28, 31, 32, 35, 49].map((bits) => 2 ** bits)
    for (const value of [0, 1, ...bounds.flatMap((bound) => [bound - 1, bound, bound + 1])]) {
      const writer = new ByteWriter({ capacity: 1 }).uint8(7).varint(value).uint8(9)
      expect([...writer.finish()]).toEqual([7, ...encodeVarint(value), 9])
    }
  })

  // Examples from the protobuf encoding guide and DWARF 5 §7.6.
  it.each([
    [0n, [0]],
    [1n, [1]],
    [127n, [0x7f]],
    [128n, [0x80, 0x01]],
    [150n, [0x96, 0x01]],
    [300n, [0xac, 0x02]],
    [624_485n, [0xe5, 0x8e, 0x26]],
    [2n ** 53n - 1n, [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x0f]],
    [2n ** 53n, [0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x10]],
    [2n ** 64n - 1n, [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01]],
  ])('writes and reads %s', (value, bytes) => {
    expect([...encodeVarint(value)]).toEqual(bytes)
    expect(new ByteReader(Uint8Array.from(bytes)).varint()).toBe(value)
  })

  it('reads back every integer of 64 bits, given as bigint or number', () => {
    fc.assert(
      fc.property(unsigned64, (value) => {
        expect(new ByteReader(encodeVarint(value)).varint()).toBe(value)
        if (value <= Number.MAX_SAFE_INTEGER) expect(encodeVarint(Number(value))).toEqual(encodeVarint(value))
      }),
      { numRuns: 200 },
    )
  })

  it('reads numbers of every size exactly', () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), (value) => {
        expect(new ByteReader(encodeVarint(value)).safeVarint()).toBe(value)
      }),
      { numRuns: 200 },
    )
  })

  it('accepts padded encodings', () => {
    expect(new ByteReader(Uint8Array.of(0x81, 0x80, 0x00)).varint()).toBe(1n)
    expect(new ByteReader(Uint8Array.of(0x81, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x00)).safeVarint()).toBe(
      1,
    )
  })

  it.each([
    ['the tenth byte is above 1', [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x02]],
    ['it never ends', Array.from({ length: 12 }, () => 0x80)],
  ])('is refused when %s', (_why, bytes) => {
    const reader = new ByteReader(Uint8Array.from(bytes))
    expect(() => reader.varint()).toThrow(
      expect.objectContaining({ code: 'CORE_BYTES_VARINT_INVALID', details: { offset: 0, bits: 64 } }),
    )
    expect(reader.offset).toBe(0)
  })

  it.each([-1, 1.5, Number.NaN, 2 ** 53, Infinity, -1n, 2n ** 64n])('is not written for %s', (value) => {
    expect(() => encodeVarint(value)).toThrow(expect.objectContaining({ code: 'CORE_BYTES_VALUE_INVALID' }))
  })
})

describe('zigzag', () => {
  it.each([
    [0n, 0n],
    [-1n, 1n],
    [1n, 2n],
    [-2n, 3n],
    [2_147_483_647n, 4_294_967_294n],
    [-2_147_483_648n, 4_294_967_295n],
    [-(2n ** 63n), 2n ** 64n - 1n],
  ])('folds %s to %s', (value, folded) => {
    expect(zigzag(value)).toBe(folded)
    expect(unzigzag(folded)).toBe(value)
  })

  it('unfolds what it folded', () => {
    fc.assert(
      fc.property(signed64, (value) => {
        expect(unzigzag(zigzag(value))).toBe(value)
      }),
      { numRuns: 200 },
    )
  })
})
