import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Position } from './position.ts'
import { positionsJson } from './positions-json.ts'

const units = fc.integer({ min: -1_800_000_000, max: 1_800_000_000 })
const degrees = fc.oneof(
  units.map((count) => count / 1e7),
  // Few digits, and zeros at the end.
  fc
    .tuple(units, fc.constantFrom(10, 1_000, 1e5, 1e6, 1e7))
    .map(([count, step]) => (Math.round(count / step) * step) / 1e7),
  fc.integer({ min: -30, max: 30 }).map((count) => count / 1e7),
  fc.double({ min: -180, max: 180, noNaN: true }),
  fc.double(),
)
const position: fc.Arbitrary<Position> = fc.tuple(degrees, degrees)

describe('positionsJson', () => {
  it('gives what JSON.stringify gives, whatever the numbers', () => {
    fc.assert(
      fc.property(fc.array(position, { maxLength: 20 }), (positions) => {
        expect(positionsJson(positions)).toBe(JSON.stringify(positions))
      }),
      { numRuns: 3_000 },
    )
  })

  it('gives it for more than are written at once', () => {
    for (const size of [0, 1, 300, 311, 312, 5_000])
      for (const number of [-179.1234567, -1.2345678901234567e-100, 5]) {
        const positions = Array.from({ length: size }, (_, index): Position => [number, index / 1e7])
        expect(positionsJson(positions)).toBe(JSON.stringify(positions))
      }
  })

  it.each([0, -0, 1e-7, 9e-7, 1e-6, -1e-6, 0.1 + 0.2, 214.7483648, -214.7483648, 429.4967296, 1e21, NaN, -Infinity])(
    'writes %d as it is',
    (number) => {
      expect(positionsJson([[number, number]])).toBe(JSON.stringify([[number, number]]))
    },
  )
})
