import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bucketScale, bucketIndexByLogarithm, largestScale, smallestScale, upperBound } from './exponential-scale.ts'

const scales = fc.integer({ min: smallestScale, max: largestScale })
const values = fc.double({ min: 2 ** -1022, max: Number.MAX_VALUE, noNaN: true })

describe('bucketScale', () => {
  it('puts every value above the lower bound of its bucket and not above the upper one', () => {
    fc.assert(
      fc.property(scales, values, (scale, value) => {
        const index = bucketScale(scale).indexOf(value)
        expect(value).toBeLessThanOrEqual(upperBound(index, scale))
        expect(value).toBeGreaterThan(upperBound(index - 1, scale))
      }),
      { numRuns: 2_000 },
    )
  })

  it('agrees with the logarithm, but for its rounding at the bounds', () => {
    fc.assert(
      fc.property(scales, values, (scale, value) => {
        const plain = bucketIndexByLogarithm(value, scale)
        const index = bucketScale(scale).indexOf(value)
        if (index === plain) return
        expect(Math.abs(index - plain)).toBe(1)
        const bound = upperBound(Math.min(index, plain), scale)
        expect(Math.abs(value / bound - 1)).toBeLessThan(1e-12)
      }),
      { numRuns: 2_000 },
    )
  })

  it.each(Array.from({ length: largestScale - smallestScale + 1 }, (_, index) => smallestScale + index))(
    'counts powers of two to the bucket that they bound, at scale %i',
    (scale) => {
      const indexOf = (value: number): number => bucketScale(scale).indexOf(value)
      for (let exponent = -1_021; exponent <= 1_023; exponent++)
        expect(indexOf(2 ** exponent)).toBe(Math.ceil(exponent * 2 ** scale) - 1)
    },
  )

  it('counts every bound at every scale to its own bucket, and the next number to the next', () => {
    const following = new Float64Array(1)
    const bits = new BigUint64Array(following.buffer)
    for (let scale = 1; scale <= largestScale; scale++)
      for (let index = 0; index < 2 ** scale; index++) {
        const bound = upperBound(index, scale)
        following[0] = bound
        bits[0] = bits[0]! + 1n
        expect([bucketScale(scale).indexOf(bound), bucketScale(scale).indexOf(following[0])]).toEqual([
          index,
          index + 1,
        ])
      }
  })

  it('takes the numbers below the smallest normal one for it', () => {
    for (const scale of [-3, 0, 5]) {
      const smallest = bucketScale(scale).indexOf(2 ** -1022)
      expect(bucketScale(scale).indexOf(Number.MIN_VALUE)).toBe(smallest)
      expect(bucketScale(scale).indexOf(2 ** -1030)).toBe(smallest)
    }
  })

  it('ascends with the value', () => {
    fc.assert(
      fc.property(scales, values, values, (scale, left, right) => {
        const indexOf = (value: number): number => bucketScale(scale).indexOf(value)
        expect(indexOf(Math.min(left, right))).toBeLessThanOrEqual(indexOf(Math.max(left, right)))
      }),
      { numRuns: 200 },
    )
  })
})
