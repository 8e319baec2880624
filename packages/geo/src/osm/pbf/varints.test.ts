import { encodeVarint, zigzag } from '@exprsn/core/bytes'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addSums, readInt64, readVarint, varintEnd } from './varints.ts'

/** Numbers of every length of a varint. */
const signed = fc.oneof(
  fc.integer({ min: -64, max: 63 }),
  fc.integer({ min: -9_000, max: 9_000 }),
  fc.integer(),
  fc.integer({ min: -(2 ** 40), max: 2 ** 40 }),
)

describe('readVarint', () => {
  it('gives back any number, and where it ends', () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), fc.nat(5), (value, before) => {
        const bytes = Buffer.concat([new Uint8Array(before), encodeVarint(value), Uint8Array.of(0x80, 1)])
        expect([readVarint(bytes, before), varintEnd]).toEqual([value, bytes.length - 2])
      }),
      { numRuns: 200 },
    )
  })

  it('is not a number beyond ten bytes', () => {
    expect(readVarint(new Uint8Array(12).fill(0xff), 0)).toBeNaN()
  })
})

describe('readInt64', () => {
  it('gives back any number, negative ones in ten bytes', () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), (value) => {
        expect(readInt64(encodeVarint(BigInt.asUintN(64, BigInt(value))), 0)).toBe(value)
      }),
      { numRuns: 200 },
    )
  })
})

describe('addSums', () => {
  const packed = (values: readonly number[]): Uint8Array =>
    Buffer.concat(values.map((value) => encodeVarint(BigInt.asUintN(64, zigzag(BigInt(value))))))

  it('adds up any differences as adding them one by one does', () => {
    fc.assert(
      fc.property(fc.array(signed, { maxLength: 50 }), fc.array(signed, { maxLength: 5 }), (values, before) => {
        const sums = new Float64Array(before.length + values.length)
        sums.set(before)
        const bytes = packed(values)
        // The list goes on from the last number of its own part, which begins at the second.
        const start = Math.min(1, before.length)
        expect(addSums(bytes, 0, bytes.length, sums, start, before.length)).toBe(sums.length)
        let sum = before.length > start ? before.at(-1)! : 0
        expect([...sums.subarray(before.length)]).toEqual(values.map((value) => (sum += value)))
      }),
      { numRuns: 500 },
    )
  })

  it('tells where a sum is not exact', () => {
    const bytes = packed([2 ** 52, 2 ** 52])
    expect(addSums(bytes, 0, bytes.length, new Float64Array(2), 0, 0)).toBe(-1)
    const most = packed([-(2 ** 53) + 1])
    expect(addSums(most, 0, most.length, new Float64Array(1), 0, 0)).toBe(1)
  })
})
