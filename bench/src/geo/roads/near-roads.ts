import { randomBelow, randomFraction } from '@exprsn/core'
import { SeededRandom } from '@exprsn/core/testing'
import type { Position } from '@exprsn/geo/coordinates'
import type { RoadGraph } from '@exprsn/geo/graph'

/** Places some 20 m from random junctions of the largest connected part, the same ones every time. */
export function placesNearRoads({ nodes, edges }: RoadGraph, count: number): Position[] {
  const random = new SeededRandom('near roads')
  const beside = () => (randomFraction(random) - 0.5) * 0.000_4
  const places: Position[] = []
  while (places.length < count) {
    const edge = randomBelow(random, edges.heads.length)
    if (edges.components[edge] !== 0) continue
    const node = edges.tails[edge]!
    places.push([nodes.longitudes[node]! / 1e7 + beside(), nodes.latitudes[node]! / 1e7 + beside()])
  }
  return places
}
