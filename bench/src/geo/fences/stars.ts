import { randomFraction } from '@exprsn/core'
import { SeededRandom } from '@exprsn/core/testing'
import type { FenceFeature } from '@exprsn/geo/fence'

/** A polygon as both sides take it. */
export type Star = FenceFeature & { readonly geometry: { readonly type: 'Polygon' } }

/** Stars of 32 corners with radii from half of `radius` to all of it, anywhere in a square degree; always the same. */
export function stars(count: number, radius: number): Star[] {
  const random = new SeededRandom('fences')
  return Array.from({ length: count }, (_, id) => {
    const [x, y] = [randomFraction(random), randomFraction(random)]
    const ring = Array.from({ length: 32 }, (_, corner): [number, number] => {
      const turn = (corner / 32) * 2 * Math.PI
      const reach = radius * (0.5 + randomFraction(random) / 2)
      return [x + Math.cos(turn) * reach, y + Math.sin(turn) * reach]
    })
    return { type: 'Feature', id, geometry: { type: 'Polygon', coordinates: [[...ring, ring[0]!]] }, properties: {} }
  })
}

/** Places in the same square degree; always the same. */
export function places(count: number): [number, number][] {
  const random = new SeededRandom('places')
  return Array.from({ length: count }, () => [randomFraction(random), randomFraction(random)])
}
