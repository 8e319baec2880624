import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { metresBetweenAll } from './metres-between-all.ts'
import type { Position } from './position.ts'
import { earthRadius, metresBetween } from './sphere.ts'

const position: fc.Arbitrary<Position> = fc.tuple(
  fc.double({ min: -180, max: 180, noNaN: true }),
  fc.double({ min: -90, max: 90, noNaN: true }),
)

describe('metresBetweenAll', () => {
  it('gives what haversine gives for each pair, up to rounding, the same both ways, and nothing to itself', () => {
    fc.assert(
      fc.property(fc.array(position, { maxLength: 12 }), (positions) => {
        const size = positions.length
        const all = metresBetweenAll(positions)
        expect(all).toHaveLength(size * size)
        for (const [from, a] of positions.entries())
          for (const [to, b] of positions.entries()) {
            const metres = all[from * size + to]!
            expect(metres).toBe(all[to * size + from])
            if (from === to) expect(metres).toBe(0)
            // Opposite ends of the earth are told to a decimetre, as sines are flat there.
            expect(Math.abs(metres - metresBetween(...a, ...b))).toBeLessThan(metres > 2e7 ? 0.5 : 1e-5)
          }
      }),
    )
  })

  it('tells places apart that lie a centimetre from each other, and reaches around the earth', () => {
    const [metres] = [
      metresBetweenAll([
        [9.5, 47],
        [9.5, 47.0000001],
      ])[1]!,
    ]
    expect(metres).toBeCloseTo(0.0111195, 7)
    expect(
      metresBetweenAll([
        [0, 0],
        [180, 0],
      ])[1],
    ).toBeCloseTo(Math.PI * earthRadius, 0)
  })
})
