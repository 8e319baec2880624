import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fromHex, toHex } from './hex.ts'

describe('hex', () => {
  it('writes two lower-case digits a byte', () => {
    expect(toHex(Uint8Array.of(0, 1, 0x7f, 0xab, 0xff))).toBe('00017fabff')
    expect(toHex(new Uint8Array(0))).toBe('')
  })

  it('reads back what it wrote, and upper case', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        expect(fromHex(toHex(bytes))).toEqual(bytes)
        expect(fromHex(toHex(bytes).toUpperCase())).toEqual(bytes)
      }),
      { numRuns: 200 },
    )
  })

  it('sees only its part of a larger buffer', () => {
    expect(toHex(Uint8Array.of(1, 2, 3, 4).subarray(1, 3))).toBe('0203')
  })

  it.each([
    ['0', 1],
    ['abc', 3],
    ['0x12', 1],
    ['12 34', 2],
    ['zz', 0],
    ['12é4', 2],
    ['ab\n', 2],
  ])('refuses %j at character %i', (text, index) => {
    expect(() => fromHex(text)).toThrow(expect.objectContaining({ code: 'CORE_BYTES_HEX_INVALID', details: { index } }))
  })
})
