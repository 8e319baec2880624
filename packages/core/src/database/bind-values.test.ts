import { describe, expect, it } from 'vitest'
import { bindValues } from './bind-values.ts'

const bind = (value: unknown): unknown => bindValues([value], 1)[0]

describe('bindValues', () => {
  it('brings values into the types that engines store alike', () => {
    const bytes = Uint8Array.of(1, 2)
    const values = ['a', 5, -0, 2.5, 7n, true, false, new Date(1234), bytes, null]
    expect(bindValues(values, values.length)).toEqual(['a', 5n, 0n, 2.5, 7n, 1n, 0n, 1234n, bytes, null])
  })

  it('accepts the ends of 64 bits', () => {
    expect(bind(2n ** 63n - 1n)).toBe(2n ** 63n - 1n)
    expect(bind(-(2n ** 63n))).toBe(-(2n ** 63n))
  })

  it.each([
    ['undefined', undefined, 'undefined'],
    ['NaN', Number.NaN, 'finite'],
    ['Infinity', -Infinity, 'finite'],
    ['an unsafe integer', 2 ** 53, 'bigint'],
    ['a bigint too large', 2n ** 63n, '64 bits'],
    ['a bigint too small', -(2n ** 63n) - 1n, '64 bits'],
    ['an invalid date', new Date(Number.NaN), 'invalid'],
    ['a NUL character', 'a\0', 'NUL'],
    ['an object', { a: 1 }, 'an object'],
    ['an array', [1], 'an array'],
    ['other typed arrays', new Float64Array(1), 'an object'],
    ['a function', () => 1, 'a function'],
    ['a symbol', Symbol('x'), 'a symbol'],
  ])('refuses %s', (_, value, reason) => {
    expect(() => bindValues([1, value], 2)).toThrow(
      expect.objectContaining({
        code: 'CORE_DATABASE_VALUE',
        message: expect.stringMatching(new RegExp(`\\$2.*${reason}`)),
      }),
    )
  })

  it('never shows the value', () => {
    expect(() => bind('secret\0')).toThrow(expect.objectContaining({ message: expect.not.stringContaining('secret') }))
  })

  it('refuses the holes of a sparse array', () => {
    // oxlint-disable-next-line no-sparse-arrays
    expect(() => bindValues([1, , 3], 3)).toThrow(expect.objectContaining({ code: 'CORE_DATABASE_VALUE' }))
  })

  it('counts', () => {
    expect(() => bindValues([1], 2)).toThrow(expect.objectContaining({ code: 'CORE_DATABASE_PLACEHOLDER' }))
    expect(() => bindValues([1, 2], 1)).toThrow(expect.objectContaining({ code: 'CORE_DATABASE_PLACEHOLDER' }))
  })
})
