import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { smallestFirst } from './smallest-first.ts'

describe('smallestFirst', () => {
  it('gives what sorting gives, and loses nothing', () => {
    const number = fc.oneof(
      fc.integer({ min: -5, max: 5 }),
      fc.double({ noNaN: true }).map((value) => value + 0),
    )
    fc.assert(
      fc.property(fc.array(number, { maxLength: 60 }), fc.nat(70), (list, wanted) => {
        const count = Math.min(wanted, list.length)
        const sorted = Float64Array.from(list).sort()
        const numbers = Float64Array.from(list)
        smallestFirst(numbers, count)
        expect(numbers.subarray(0, count)).toEqual(sorted.subarray(0, count))
        expect(numbers.sort()).toEqual(sorted)
      }),
      { numRuns: 2_000 },
    )
  })

  it.each([
    ['ascending', (index: number) => index],
    ['descending', (index: number) => -index],
    ['all alike', () => 7],
  ])('is quick with %s numbers', (_, value) => {
    const numbers = Float64Array.from({ length: 200_000 }, (__, index) => value(index))
    const sorted = numbers.toSorted()
    smallestFirst(numbers, 600)
    expect(numbers.subarray(0, 600)).toEqual(sorted.subarray(0, 600))
  })
})
