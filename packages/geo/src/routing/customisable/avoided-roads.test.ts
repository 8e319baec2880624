import { booleanIntersects, lineString, polygon } from '@turf/turf'
import { randomBelow, randomFraction } from '@exprsn/core'
import { SeededRandom } from '@exprsn/core/testing'
import { describe, expect, it } from 'vitest'
import { drawRoads } from '../../../test/routing/drawn-roads.ts'
import { avoidedRoads } from './avoided-roads.ts'

describe('avoidedRoads', () => {
  it('finds the roads that Turf says meet an area', () => {
    const random = new SeededRandom('avoid')
    let met = 0
    for (let round = 0; round < 300; round++) {
      const unit = () => randomBelow(random, 4_000)
      const shapes = Array.from({ length: 8 }, () =>
        Array.from({ length: 2 + randomBelow(random, 3) }, () => [unit(), unit()] as const),
      )
      const { roads } = drawRoads(shapes.map((points) => ({ points })))
      const [x, y, radius] = [unit(), unit(), 100 + unit() / 3]
      const corners = Array.from({ length: 3 + randomBelow(random, 5) }, (_, at, count = 8) => {
        const [angle, far] = [(at / count) * 2 * Math.PI, radius * (0.5 + randomFraction(random))]
        return [Math.round(x + far * Math.cos(angle)) / 1e7, Math.round(y + far * Math.sin(angle)) / 1e7] as const
      })
      const ring = [...corners, corners[0]!]
      const area = polygon([ring.map((corner) => [...corner])])
      const expected = shapes.flatMap((points, road) =>
        booleanIntersects(lineString(points.map(([a, b]) => [a / 1e7, b / 1e7])), area) ? [road] : [],
      )
      met += expected.length
      expect(avoidedRoads(roads, [{ type: 'Polygon', coordinates: [ring] }])).toEqual(expected)
    }
    expect(met).toBeGreaterThan(200)
  })

  const square = (left: number, side: number) =>
    [
      [left, left],
      [left + side, left],
      [left + side, left + side],
      [left, left + side],
      [left, left],
    ] as const

  it('leaves holes and what lies between areas open, and closes what begins within', () => {
    const at = (x: number, y: number) => [x * 1e7, y * 1e7] as const
    const { roads } = drawRoads([
      { points: [at(4, 4), at(6, 6)] },
      { points: [at(1, 1), at(2, 2)] },
      { points: [at(-9, -9), at(20, 20)] },
      { points: [at(12, 12), at(13, 13)] },
      { points: [at(21, 21), at(22, 22)] },
    ])
    const holed = [square(0, 10), square(3, 4)]
    expect(avoidedRoads(roads, [{ type: 'Polygon', coordinates: holed }])).toEqual([1, 2])
    expect(avoidedRoads(roads, [{ type: 'MultiPolygon', coordinates: [holed, [square(20, 5)]] }])).toEqual([1, 2, 4])
    expect(avoidedRoads(roads, [])).toEqual([])
  })

  it.each([
    [{ type: 'Point', coordinates: [1, 2] }, 'GEO_ROUTE_INVALID', 'avoid[0]'],
    [
      {
        type: 'Polygon',
        coordinates: [
          [
            [0, 0],
            [1, 1],
            [0, 0],
          ],
        ],
      },
      'GEO_ROUTE_INVALID',
      'avoid[0].coordinates[0]',
    ],
    [
      {
        type: 'Polygon',
        coordinates: [
          [
            [0, 0],
            [1, 1],
            [0, 95],
            [0, 0],
          ],
        ],
      },
      'GEO_POSITION_INVALID',
      'coordinates[0][2]',
    ],
    [
      {
        type: 'MultiPolygon',
        coordinates: [
          [
            [
              [0, 0],
              [1, NaN],
              [0, 5],
              [0, 0],
            ],
          ],
        ],
      },
      'GEO_POSITION_INVALID',
      'coordinates[0][0][1]',
    ],
    [null, 'GEO_ROUTE_INVALID', 'avoid[0]'],
  ])('refuses %j', (area, code, where) => {
    const { roads } = drawRoads([
      {
        points: [
          [0, 0],
          [1, 1],
        ],
      },
    ])
    const avoid = () => avoidedRoads(roads, [area as never])
    expect(avoid).toThrow(expect.objectContaining({ code }))
    expect(avoid).toThrow(where)
  })
})
