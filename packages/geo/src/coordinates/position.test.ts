import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { checkPosition } from './position.ts'
import { metresBetween, metresToSegment } from './sphere.ts'

describe('a position', () => {
  it('is longitude and latitude', () => {
    expect(checkPosition([9.52, 47.14, 460], 'here')).toEqual([9.52, 47.14])
    expect(checkPosition([-180, 90], 'here')).toEqual([-180, 90])
  })

  it.each([
    [[47, 9.5, 1].slice(0, 1), 'not a list of two numbers'],
    ['9,47', 'not a list of two numbers'],
    [[9, '47'], 'not two numbers'],
    [[Number.NaN, 47], 'the longitude is NaN'],
    [[9, Infinity], 'the latitude is Infinity'],
    [[9, 91], 'are the two swapped?'],
    [[47, 181], 'the latitude is 181'],
    [[181, 47], 'the longitude is 181'],
  ])('%j is refused: %s', (value, reason) => {
    expect(() => checkPosition(value, 'stops[3]')).toThrow(
      expect.objectContaining({ code: 'GEO_POSITION_INVALID', message: expect.stringContaining(reason) }),
    )
    expect(() => checkPosition(value, 'stops[3]')).toThrow('stops[3]')
  })
})

describe('distances', () => {
  it('equal known ones', () => {
    // Between the airports of Nashville and Los Angeles: the worked example of the haversine article, on this radius.
    expect(metresBetween(-86.67, 36.12, -118.4, 33.94)).toBeCloseTo(2_886_448, -2)
    expect(metresBetween(0, 0, 180, 0)).toBeCloseTo(Math.PI * 6_371_008.8, 0)
    expect(metresBetween(179.9, 0, -179.9, 0)).toBeCloseTo(22_239, -1)
  })

  it('to a line are those to its nearest point', () => {
    const place = fc.tuple(fc.double({ min: 8, max: 8.2, noNaN: true }), fc.double({ min: 46, max: 46.2, noNaN: true }))
    fc.assert(
      fc.property(place, place, place, ([x, y], [ax, ay], [bx, by]) => {
        let nearest = Infinity
        for (let share = 0; share <= 1; share += 1 / 512)
          nearest = Math.min(nearest, metresBetween(x, y, ax + (bx - ax) * share, ay + (by - ay) * share))
        const step = metresBetween(ax, ay, bx, by) / 512
        const distance = metresToSegment(x, y, ax, ay, bx, by)
        expect(distance).toBeLessThanOrEqual(nearest * 1.002 + 0.01)
        expect(distance).toBeGreaterThanOrEqual((nearest - step) * 0.998 - 0.01)
      }),
      { numRuns: 200 },
    )
  })
})
