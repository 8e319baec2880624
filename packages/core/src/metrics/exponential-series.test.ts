import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bucketScale, smallestScale } from './exponential-scale.ts'
import { ExponentialSeries, type ExponentialShape } from './exponential-series.ts'
import { Problems } from './problems.ts'

function setUp(shape: Partial<ExponentialShape> = {}) {
  const problems = new Problems('duration', 10, () => {})
  const context = { labels: [], created: 0, problems, now: () => 0 }
  return { problems, series: new ExponentialSeries(context, { maxBuckets: 160, maxScale: 8, ...shape }) }
}

/** Bucket index → count, from the series. */
function bucketsOf(series: ExponentialSeries): Map<number, number> {
  const buckets = new Map<number, number>()
  for (let index = series.first; index <= series.last; index++)
    if (series.countAt(index) > 0) buckets.set(index, series.countAt(index))
  return buckets
}

/** The same, counted afresh at the scale that the series ended at. */
function countAfresh(values: readonly number[], scale: number): Map<number, number> {
  const buckets = new Map<number, number>()
  for (const value of values.filter((each) => each > 0).toSorted((left, right) => left - right)) {
    const index = bucketScale(scale).indexOf(value)
    buckets.set(index, (buckets.get(index) ?? 0) + 1)
  }
  return buckets
}

/** From 1 µs to 1,000 s. */
const durations = fc.double({ min: -6, max: 3, noNaN: true }).map((power) => 10 ** power)
const shares = fc.double({ min: 0, max: 1, noNaN: true })

describe('an exponential histogram', () => {
  it('holds what a fresh count at its final scale gives, whatever came in whatever order', () => {
    const anything = fc.oneof(durations, fc.constant(0), fc.double({ min: 0, max: 1e300, noNaN: true }))
    fc.assert(
      fc.property(fc.array(anything, { maxLength: 200 }), fc.integer({ min: 2, max: 200 }), (values, maxBuckets) => {
        const { series } = setUp({ maxBuckets })
        for (const value of values) series.observe(value)
        expect(bucketsOf(series)).toEqual(countAfresh(values, series.scale))
        expect(series.zeroCount).toBe(values.filter((value) => value === 0).length)
        expect(series.count).toBe(values.length)
        expect(series.last - series.first).toBeLessThan(maxBuckets)
      }),
      { numRuns: 500 },
    )
  })

  it('estimates quantiles within half a bucket of the exact value', () => {
    fc.assert(
      fc.property(fc.array(durations, { minLength: 1, maxLength: 500 }), shares, (values, share) => {
        const { series } = setUp()
        for (const value of values) series.observe(value)
        const sorted = values.toSorted((left, right) => left - right)
        const exact = sorted[Math.max(1, Math.ceil(share * values.length)) - 1]!
        const factor = 2 ** (2 ** -series.scale / 2) * (1 + 1e-9)
        expect(series.quantile(share)).toBeGreaterThanOrEqual(exact / factor)
        expect(series.quantile(share)).toBeLessThanOrEqual(exact * factor)
      }),
      { numRuns: 500 },
    )
  })

  it('tells values from 1 ms to 1 s apart by 4.4 % at least', () => {
    const { series } = setUp()
    for (let step = 0; step <= 1_000; step++) series.observe(10 ** (-3 + (3 * step) / 1_000))
    expect(2 ** (2 ** -series.scale)).toBeLessThanOrEqual(1.0443)
  })

  it('is coarsest for all that a number can be, and loses nothing', () => {
    const { series } = setUp({ maxBuckets: 2 })
    for (const value of [Number.MIN_VALUE, 1, 1e308, 5]) series.observe(value)
    expect([series.scale, series.count, series.min, series.max]).toEqual([smallestScale, 4, Number.MIN_VALUE, 1e308])
    expect([...bucketsOf(series).values()].reduce((left, right) => left + right)).toBe(4)
    expect(Number.isFinite(series.quantile(0.5))).toBe(true)
  })

  it('keeps its memory however many values come', () => {
    const { series } = setUp()
    for (let index = 0; index < 200_000; index++) series.observe(index)
    expect(series.last - series.first).toBeLessThan(160)
    expect(series.count).toBe(200_000)
  })

  it('counts on where a count has more than 16 bits, and merges such counts', () => {
    const { series } = setUp()
    const values = [1, 1.01, 1.02, 1.5]
    for (let round = 0; round < 70_000; round++) for (const value of values) series.observe(value)
    const expectAll = (further: readonly number[]): void => {
      const buckets = bucketsOf(series)
      expect([...buckets.keys()]).toEqual([...countAfresh([...values, ...further], series.scale).keys()])
      const counts = [...buckets.values()]
      expect(counts.reduce((left, right) => left + right)).toBe(280_000 + further.length)
      expect(buckets.get(bucketScale(series.scale).indexOf(1.5))).toBe(70_000)
    }
    expectAll([])
    expect(series.countAt(bucketScale(8).indexOf(1))).toBe(70_000)
    series.observe(1e3)
    expectAll([1e3])
    expect(series.countAt(bucketScale(series.scale).indexOf(1.01))).toBe(140_000)
    series.observe(1e-3)
    series.observe(1e-3)
    expectAll([1e-3, 1e-3, 1e3])
    expect(series.countAt(bucketScale(series.scale).indexOf(1e-3))).toBe(2)
  })

  it('has no quantile while it is empty, and zeros are zeros', () => {
    const { series } = setUp()
    expect(series.quantile(0.5)).toBeUndefined()
    series.observe(0)
    series.observe(0)
    series.observe(8)
    expect([series.quantile(0), series.quantile(0.5), series.quantile(1)]).toEqual([0, 0, 8])
  })

  it.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -1, -Number.MIN_VALUE])(
    'drops %d and counts that it did',
    (value) => {
      const { series, problems } = setUp()
      series.observe(2)
      const before = JSON.stringify(series)
      series.observe(value)
      expect(JSON.stringify(series)).toBe(before)
      expect([problems.invalid, series.sum, series.quantile(0.5)]).toEqual([1, 2, 2])
    },
  )

  it('drops what would make its sum infinite', () => {
    const { series, problems } = setUp()
    series.observe(Number.MAX_VALUE)
    series.observe(Number.MAX_VALUE)
    expect([series.count, series.sum, problems.invalid]).toEqual([1, Number.MAX_VALUE, 1])
  })

  it.each(['5', '', true, undefined, null, {}, [], 5n])('drops %o, which is no number', (value) => {
    const { series, problems } = setUp()
    series.observe(1)
    series.observe(value as unknown as number)
    expect([series.count, series.sum, problems.invalid]).toEqual([1, 1, 1])
  })
})
