import fc from 'fast-check'
import { expect, it } from 'vitest'
import { createAccumulator } from './accumulator.ts'

const value = fc.oneof(fc.integer({ min: -3, max: 3 }), fc.double({ noNaN: true, noDefaultInfinity: true }))

it('a quantile is the value of the nearest rank among all of them', () => {
  fc.assert(
    fc.property(fc.array(value), fc.double({ min: 0, max: 1, noNaN: true }), (values, fraction) => {
      const accumulator = createAccumulator({ name: 'quantile', field: 'took', as: 'half', fraction }, () => {})
      for (const each of values) accumulator.addValue(0, each)
      const sorted = Float64Array.from(values).sort()
      const rank = Math.max(0, Math.ceil(fraction * sorted.length) - 1)
      // A zero below zero is a zero.
      expect(accumulator.result(0, 1)).toBe(sorted.length === 0 ? null : sorted[rank]! + 0)
    }),
    { numRuns: 500 },
  )
})

it('a quantile remembers each value once, however often it comes', () => {
  let kept = 0
  const accumulator = createAccumulator({ name: 'quantile', field: 'took', as: 'half' }, () => kept++)
  for (let index = 0; index < 1_000; index++) accumulator.addValue(0, index % 10)
  accumulator.addValue(0, '7')
  accumulator.addValue(0, 'no number')
  expect(kept).toBe(10)
  expect(accumulator.result(0, 1)).toBe(5)
  expect(accumulator.result(1, 1)).toBeNull()
})
