import { describe, expect, it } from 'vitest'
import { createFences } from '../create-fences.ts'
import type { FenceFeature, FenceGeometry } from '../feature.ts'

function fence(
  geometry: FenceGeometry,
  properties: Readonly<Record<string, unknown>> = {},
  id = 'fence',
): FenceFeature {
  return { type: 'Feature', id, geometry, properties }
}

function polygon(...rings: [number, number][][]): FenceGeometry {
  return { type: 'Polygon', coordinates: rings.map((ring) => [...ring, ring[0]!]) }
}

function contains(feature: FenceFeature, position: [number, number], options = {}): boolean {
  return createFences({ features: [feature], ...options }).locate(position).length === 1
}

describe('the shape of a fence', () => {
  it('crosses the antimeridian, whichever way it is written', () => {
    const west: [number, number][] = [
      [179, -1],
      [-179, -1],
      [-179, 1],
      [179, 1],
    ]
    for (const ring of [west, west.toReversed(), [...west.slice(2), ...west.slice(0, 2)]]) {
      const feature = fence(polygon(ring))
      for (const x of [179.5, 180, -180, -179.5]) expect([x, contains(feature, [x, 0])]).toEqual([x, true])
      for (const x of [178.9, -178.9, 0]) expect([x, contains(feature, [x, 0])]).toEqual([x, false])
    }
  })

  it('has its holes on the same side of the antimeridian', () => {
    const outer: [number, number][] = [
      [178, -2],
      [-178, -2],
      [-178, 2],
      [178, 2],
    ]
    const hole: [number, number][] = [
      [-179.8, -1],
      [-179, -1],
      [-179, 1],
      [-179.8, 1],
    ]
    const feature = fence(polygon(outer, hole))
    expect(contains(feature, [-179.4, 0])).toBe(false)
    expect(contains(feature, [-178.5, 0])).toBe(true)
    expect(contains(feature, [179, 0])).toBe(true)
  })

  it('contains the pole it goes round', () => {
    const round: [number, number][] = [
      [0, 80],
      [90, 80],
      [180, 80],
      [-90, 80],
    ]
    for (const ring of [round, round.toReversed()])
      for (const x of [-180, -100, 0, 45, 179]) {
        expect(contains(fence(polygon(ring)), [x, 85])).toBe(true)
        expect(contains(fence(polygon(ring)), [x, 90])).toBe(true)
        expect(contains(fence(polygon(ring)), [x, 79])).toBe(false)
        const south = ring.map(([longitude, latitude]): [number, number] => [longitude, -latitude])
        expect(contains(fence(polygon(south)), [x, -85])).toBe(true)
        expect(contains(fence(polygon(south)), [x, 85])).toBe(false)
      }
  })

  it('is a circle over a pole and over the antimeridian', () => {
    const pole = fence({ type: 'Point', coordinates: [30, 89.5] }, { radius: 200_000 })
    expect(contains(pole, [-150, 89])).toBe(true)
    expect(contains(pole, [-150, 88])).toBe(false)
    const edge = fence({ type: 'Point', coordinates: [179.99, 0] }, { radius: 5_000 })
    expect(contains(edge, [-179.98, 0])).toBe(true)
    expect(contains(edge, [-179.9, 0])).toBe(false)
  })

  it('is a corridor, also across the antimeridian', () => {
    const line: FenceGeometry = {
      type: 'LineString',
      coordinates: [
        [179.9, 0],
        [-179.9, 0.1],
      ],
    }
    const corridor = fence(line, { width: 2_000 })
    expect(contains(corridor, [180, 0.05])).toBe(true)
    expect(contains(corridor, [-180, 0.055])).toBe(true)
    expect(contains(corridor, [-179.95, 0.06])).toBe(false)
  })

  it('has several polygons', () => {
    const square = (x: number): [number, number][] => [
      [x, 0],
      [x + 1, 0],
      [x + 1, 1],
      [x, 1],
      [x, 0],
    ]
    const islands = fence({ type: 'MultiPolygon', coordinates: [[square(0)], [square(0.5)], [square(3)]] })
    const fences = createFences({ features: [islands] })
    expect(fences.locate([0.75, 0.5])).toEqual(['fence'])
    expect(fences.locate([3.5, 0.5])).toEqual(['fence'])
    expect(fences.locate([2, 0.5])).toEqual([])
  })

  it('counts crossings: a bow-tie has two halves, a ring inside a ring is a hole', () => {
    const tie = fence(
      polygon([
        [0, 0],
        [2, 2],
        [2, 0],
        [0, 2],
      ]),
    )
    expect(contains(tie, [1.8, 1])).toBe(true)
    expect(contains(tie, [0.2, 1])).toBe(true)
    expect(contains(tie, [1, 1.8])).toBe(false)
  })

  it('has borders along great circles when asked', () => {
    const wide: [number, number][] = [
      [-60, 40],
      [60, 40],
      [60, 60],
      [-60, 60],
    ]
    // At longitude 0 the great circle between the southern corners runs near latitude 59.
    expect(contains(fence(polygon(wide)), [0, 45])).toBe(true)
    expect(contains(fence(polygon(wide)), [0, 45], { edges: 'geodesic' })).toBe(false)
    expect(contains(fence(polygon(wide)), [0, 65], { edges: 'geodesic' })).toBe(true)
  })

  it('decides what its border is', () => {
    const square = fence(
      polygon([
        [0, 0],
        [1, 0],
        [1, 1],
        [0, 1],
      ]),
    )
    for (const position of [
      [0, 0.5],
      [1, 1],
      [0.3, 0],
    ] as [number, number][]) {
      expect(contains(square, position)).toBe(true)
      expect(contains(square, position, { boundary: 'outside' })).toBe(false)
    }
  })

  const triangle: [number, number][] = [
    [0, 0],
    [1, 0],
    [0, 1],
  ]
  it.each<[string, unknown, string]>([
    [
      'an unclosed ring',
      { type: 'Polygon', coordinates: [[...triangle, [0, 0.1]]] },
      'its last position is not its first',
    ],
    [
      'a tiny ring',
      {
        type: 'Polygon',
        coordinates: [
          [
            [0, 0],
            [1e-10, 0],
            [0, 1e-10],
            [0, 0],
          ],
        ],
      },
      'one line or point',
    ],
    [
      'a flat ring',
      {
        type: 'Polygon',
        coordinates: [
          [
            [0, 0],
            [1, 0],
            [2, 0],
            [0, 0],
          ],
        ],
      },
      'one line or point',
    ],
    [
      'too few positions',
      {
        type: 'Polygon',
        coordinates: [
          [
            [0, 0],
            [1, 0],
            [0, 0],
          ],
        ],
      },
      'it has 3 positions',
    ],
    ['no rings', { type: 'Polygon', coordinates: [] }, 'it has no rings'],
    ['no polygons', { type: 'MultiPolygon', coordinates: [] }, 'it has no polygons'],
    ['a bad position', { type: 'Polygon', coordinates: [[...triangle, [0, 91]]] }, 'coordinates[0][3]'],
    ['another type', { type: 'MultiPoint', coordinates: [] }, '"MultiPoint"'],
    ['no geometry', null, 'undefined'],
    ['a circle without radius', { type: 'Point', coordinates: [0, 0] }, 'features[0].properties.radius'],
    ['a corridor without width', { type: 'LineString', coordinates: triangle }, 'features[0].properties.width'],
  ])('is refused: %s', (_, geometry, reason) => {
    expect(() => createFences({ features: [fence(geometry as FenceGeometry)] })).toThrow(reason)
  })

  it('is refused: a line of one position, a feature without id, the same id twice, no feature', () => {
    const line = fence({ type: 'LineString', coordinates: [[0, 0]] }, { width: 5 })
    expect(() => createFences({ features: [line] })).toThrow('it has 1 positions')
    expect(() => createFences({ features: [{ ...fence(polygon(triangle)), id: undefined }] })).toThrow('needs an id')
    expect(() => createFences({ features: [fence(polygon(triangle)), fence(polygon(triangle))] })).toThrow(
      expect.objectContaining({ code: 'GEO_FENCE_DUPLICATE' }),
    )
    expect(() => createFences({ features: [undefined as never] })).toThrow('features[0]')
    expect(() => createFences({ features: [fence(polygon(triangle), { approach: -5 })] })).toThrow('approach')
  })
})
