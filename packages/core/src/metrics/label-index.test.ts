import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { LabelIndex } from './label-index.ts'

const text = (values: readonly string[]): string => JSON.stringify(values)

describe('LabelIndex', () => {
  it.each([1, 2, 3, 4, 5])('finds with %i labels what a map of their joined text finds', (count) => {
    const names = Array.from({ length: count }, (_, index) => `label${index}`)
    const value = fc.oneof(fc.constantFrom('a', 'b', '1', 'true', ''), fc.integer({ min: 0, max: 2 }), fc.boolean())
    const sets = fc.array(fc.array(value, { minLength: count, maxLength: count }), { maxLength: 60 })
    fc.assert(
      fc.property(sets, (all) => {
        const index = new LabelIndex(names, 1_000, (values) => ({ values: [...values] }))
        const oracle = new Map<string, unknown>()
        for (const values of all) {
          const labels = Object.fromEntries(names.map((name, position) => [name, values[position]]))
          const found = index.find(labels)!
          const key = text(values.map(String))
          expect(text(found.values)).toBe(key)
          expect(found).toBe(oracle.get(key) ?? found)
          oracle.set(key, found)
        }
        expect(index.all).toEqual([...oracle.values()])
      }),
      { numRuns: 200 },
    )
  })

  it.each([1, 2, 3, 4, 6])('keeps thousands of series apart with %i labels, and after clear() as well', (count) => {
    const names = Array.from({ length: count }, (_, index) => `label${index}`)
    const index = new LabelIndex(names, 5_000, (values) => ({ values }))
    // 4,096 combinations: all values of the first label, all of the second for each, and so on.
    const perLabel = 4_096 ** (1 / count)
    const labels = (series: number) =>
      Object.fromEntries(
        names.map((name, label) => [name, Math.floor(series / perLabel ** label) % Math.round(perLabel)]),
      )
    for (const round of [1, 2]) {
      const found = Array.from({ length: 4_096 }, (_, series) => index.find(labels(series)))
      expect(new Set(found).size, `round ${round}`).toBe(4_096)
      expect(index.all).toEqual(found)
      for (let series = 0; series < 4_096; series++) expect(index.find(labels(series))).toBe(found[series])
      index.clear()
    }
  })

  it.each([2, 3])('keeps series with %i labels apart whose values hardly combine', (count) => {
    const names = Array.from({ length: count }, (_, index) => `label${index}`)
    const index = new LabelIndex(names, 5_000, (values) => ({ values }))
    const labels = (series: number) => Object.fromEntries(names.map((name, label) => [name, series * (label + 1)]))
    const found = Array.from({ length: 3_000 }, (_, series) => index.find(labels(series)))
    expect(new Set(found).size).toBe(3_000)
    for (let series = 0; series < 3_000; series++) expect(index.find(labels(series))).toBe(found[series])
    expect(index.all).toEqual(found)
  })

  it('takes what is no label value for an empty one', () => {
    const index = new LabelIndex(['a'], 10, (values) => values[0])
    for (const value of [undefined, null, {}, [], Symbol('x'), () => 1]) expect(index.find({ a: value })).toBe('')
    expect(index.find({})).toBe('')
    expect(index.find({ a: 7n })).toBe('7')
    expect(index.find({ a: Number.NaN })).toBe('NaN')
    expect(index.all).toEqual(['', '7', 'NaN'])
  })

  it('has no room beyond the limit nor for very long values, and still finds what it has', () => {
    const index = new LabelIndex(['a', 'b'], 2, (values) => ({ values }))
    const first = index.find({ a: 'x', b: 1 })
    index.find({ a: 'x', b: 2 })
    expect(index.find({ a: 'x', b: 3 })).toBeUndefined()
    expect(index.find({ a: 'x', b: '1' })).toBe(first)
    expect(index.spill()).toBe(index.spill())
    expect(index.overflow?.values).toEqual([])
    expect(new LabelIndex(['a'], 2, () => ({})).find({ a: 'x'.repeat(1_025) })).toBeUndefined()
  })

  it('does not grow with a million values', () => {
    let created = 0
    const index = new LabelIndex(['user'], 100, () => ({ number: created++ }))
    const before = process.memoryUsage().heapUsed
    for (let user = 0; user < 1_000_000; user++) index.find({ user: `user-${user}` })
    expect([created, index.all.length]).toEqual([100, 100])
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(100_000_000)
  })

  it('forgets all when it is cleared', () => {
    const index = new LabelIndex(['a'], 1, (values) => ({ values }))
    const first = index.find({ a: 1 })
    index.spill()
    index.clear()
    expect([index.all.length, index.overflow]).toEqual([0, undefined])
    expect(index.find({ a: 1 })).not.toBe(first)
  })

  it('is not led astray by names of Object.prototype', () => {
    const index = new LabelIndex(['a'], 10, (values) => values[0])
    for (const a of ['__proto__', 'constructor', 'toString']) expect(index.find({ a })).toBe(a)
  })
})
