import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { median, ratioOf, spread } from './statistics.ts'

const positive = fc.double({ min: 0.001, max: 1e6, noNaN: true })

describe('median', () => {
  it('is the middle value, or the mean of the two', () => {
    expect(median([3, 1, 2])).toBe(2)
    expect(median([4, 1, 3, 2])).toBe(2.5)
    expect(median([])).toBeNaN()
  })

  it('has as many values above as below', () => {
    fc.assert(
      fc.property(fc.array(positive, { minLength: 1 }), (values) => {
        const middle = median(values)
        expect(values.filter((value) => value < middle).length).toBeLessThanOrEqual(values.length / 2)
        expect(values.filter((value) => value > middle).length).toBeLessThanOrEqual(values.length / 2)
      }),
      { numRuns: 200 },
    )
  })

  it('does not touch its input', () => {
    const values = [3, 1, 2]
    median(values)
    expect(values).toEqual([3, 1, 2])
  })
})

describe('ratioOf', () => {
  it('is above 1 when ours is better', () => {
    expect(ratioOf(10, 20, 'lower')).toBe(2)
    expect(ratioOf(20, 10, 'higher')).toBe(2)
    expect(ratioOf(20, 10, 'lower')).toBe(0.5)
  })
})

describe('spread', () => {
  it('is infinite while there are too few values', () => {
    for (let count = 0; count <= 5; count++) expect(spread(Array(count).fill(1))).toBe(Number.POSITIVE_INFINITY)
    expect(spread(Array(9).fill(1))).toBe(0)
  })

  it('shrinks with the number of rounds and ignores one wild round', () => {
    const steady = Array.from({ length: 40 }, (_, index) => 1 + (index % 5) / 100)
    expect(spread(steady)).toBeLessThan(0.02)
    expect(spread(steady)).toBeLessThanOrEqual(spread(steady.slice(0, 10)))
    expect(spread([...steady, 1000])).toBeLessThan(0.02)
  })

  it('does not depend on the unit', () => {
    fc.assert(
      fc.property(fc.array(positive, { minLength: 9, maxLength: 50 }), (values) => {
        const milli = values.map((value) => value * 1000)
        expect(spread(milli)).toBeCloseTo(spread(values), 6)
      }),
      { numRuns: 200 },
    )
  })

  it('says that rounds which differ by half are not settled', () => {
    expect(spread([1, 2, 1, 2, 1, 2, 1, 2, 1])).toBeGreaterThan(0.3)
  })
})
