import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ExplicitSeries } from './explicit-series.ts'
import { Problems } from './problems.ts'

function setUp(bounds: readonly number[]) {
  const problems = new Problems('size', 10, () => {})
  const series = new ExplicitSeries({ labels: [], created: 0, problems, now: () => 7 }, Float64Array.from(bounds))
  return { problems, series }
}

describe('a histogram with bounds', () => {
  it('counts a value to the first bucket whose bound is not below it', () => {
    const ascending = fc
      .uniqueArray(fc.integer({ min: 1, max: 100 }), { minLength: 1, maxLength: 20 })
      .map((bounds) => bounds.toSorted((left, right) => left - right))
    fc.assert(
      fc.property(ascending, fc.array(fc.integer({ min: 0, max: 120 })), (bounds, values) => {
        const { series } = setUp(bounds)
        for (const value of values) series.observe(value)
        const expected = [...bounds, Infinity].map((upper, bucket) => {
          const lower = bounds[bucket - 1] ?? -1
          return values.filter((value) => value > lower && value <= upper).length
        })
        expect([...series.counts]).toEqual(expected)
        expect([series.count, series.sum]).toEqual([values.length, values.reduce((left, right) => left + right, 0)])
      }),
      { numRuns: 200 },
    )
  })

  it('estimates quantiles within the bucket of the exact value', () => {
    const values = fc.array(fc.integer({ min: 0, max: 120 }), { minLength: 1 })
    fc.assert(
      fc.property(values, fc.double({ min: 0, max: 1, noNaN: true }), (given, share) => {
        const { series } = setUp([10, 20, 50, 100])
        for (const value of given) series.observe(value)
        const exact = given.toSorted((left, right) => left - right)[Math.max(1, Math.ceil(share * given.length)) - 1]!
        const upper = [10, 20, 50, 100, 120].find((bound) => exact <= bound)!
        const lower = [0, 10, 20, 50, 100].findLast((bound) => exact > bound || bound === 0)!
        expect(series.quantile(share)).toBeGreaterThanOrEqual(lower)
        expect(series.quantile(share)).toBeLessThanOrEqual(upper)
      }),
      { numRuns: 200 },
    )
    expect(setUp([1]).series.quantile(0.5)).toBeUndefined()
  })

  it.each([Number.NaN, Infinity, -0.1])('drops %d', (value) => {
    const { series, problems } = setUp([1])
    series.observe(value)
    expect([series.count, series.sum, [...series.counts], problems.invalid]).toEqual([0, 0, [0, 0], 1])
  })

  it('keeps the latest example of each bucket, and none with labels that are too long', () => {
    const { series } = setUp([1, 2])
    series.observe(0.5, { trace_id: 'a' })
    series.observe(0.7, { trace_id: 'b' })
    series.observe(9, { trace_id: 'x'.repeat(121) })
    expect([...series.exemplars!]).toEqual([[0, { labels: { trace_id: 'b' }, value: 0.7, time: 7 }]])
    series.observe(9, { trace_id: 'x'.repeat(120) })
    expect(series.exemplars!.size).toBe(2)
  })
})
