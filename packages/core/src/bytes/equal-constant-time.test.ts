import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { equalConstantTime } from './equal-constant-time.ts'

describe('equalConstantTime', () => {
  it('is true for equal bytes and false after any flip', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 1, maxLength: 64 }),
        fc.nat(),
        fc.integer({ min: 1, max: 255 }),
        (bytes, at, flip) => {
          expect(equalConstantTime(bytes, bytes.slice())).toBe(true)
          const other = bytes.slice()
          other[at % other.length]! ^= flip
          expect(equalConstantTime(bytes, other)).toBe(false)
        },
      ),
      { numRuns: 200 },
    )
  })

  it('is false, without throwing, for different lengths', () => {
    expect(equalConstantTime(new Uint8Array(3), new Uint8Array(4))).toBe(false)
    expect(equalConstantTime(new Uint8Array(0), new Uint8Array(0))).toBe(true)
  })
})
