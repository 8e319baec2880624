import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compareNames } from './compare-names.ts'

const bytesOf = (name: string | Uint8Array): Uint8Array => (typeof name === 'string' ? Buffer.from(name) : name)

describe('compareNames', () => {
  it('orders as the bytes do, whatever the names', () => {
    const text = fc.string({ unit: 'binary', maxLength: 6 })
    const odd = fc.string({
      unit: fc.constantFrom('a', 'b', 'é', '\ud7ff', '\ue000', '\uffff', '😀', '𝄞'),
      maxLength: 4,
    })
    const bytes = fc.uint8Array({ maxLength: 6 })
    const name = fc.oneof(text, odd, bytes)
    fc.assert(
      fc.property(name, name, (left, right) => {
        expect(Math.sign(compareNames(left, right))).toBe(Buffer.compare(bytesOf(left), bytesOf(right)))
      }),
      { numRuns: 1_000 },
    )
  })

  it('knows where UTF-16 has another order than UTF-8', () => {
    expect(['😀', '\ue000', 'z'].toSorted(compareNames)).toEqual(['z', '\ue000', '😀'])
    expect(['ab', 'a', 'abc', ''].toSorted(compareNames)).toEqual(['', 'a', 'ab', 'abc'])
  })
})
