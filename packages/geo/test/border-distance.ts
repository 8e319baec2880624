import type { FenceFeature } from '@exprsn/geo/fence'

type Point = readonly [number, number]

/** Degrees from a place to the nearest edge of a polygon, the plain way. */
export function plainDistanceToBorder({ geometry }: FenceFeature, [x, y]: Point): number {
  if (geometry.type !== 'Polygon') return Infinity
  let nearest = Infinity
  for (const ring of geometry.coordinates)
    for (let at = 0; at + 1 < ring.length; at++) {
      const [ax, ay] = ring[at]!
      const [bx, by] = ring[at + 1]!
      const length = (bx! - ax!) ** 2 + (by! - ay!) ** 2
      const along = length === 0 ? 0 : ((x - ax!) * (bx! - ax!) + (y - ay!) * (by! - ay!)) / length
      const share = Math.min(1, Math.max(0, along))
      nearest = Math.min(nearest, Math.hypot(x - ax! - share * (bx! - ax!), y - ay! - share * (by! - ay!)))
    }
  return nearest
}
