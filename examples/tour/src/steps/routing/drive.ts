import { randomFraction } from '@exprsn/core'
import { SeededRandom } from '@exprsn/core/testing'
import { metresBetween, type Position } from '@exprsn/geo/coordinates'

/** Places on a way, so many metres apart. */
export function drive(way: readonly Position[], metres: number): Position[] {
  const places: Position[] = []
  let rest = 0
  for (let at = 1; at < way.length; at++) {
    const [from, to] = [way[at - 1]!, way[at]!]
    const length = metresBetween(...from, ...to)
    for (; rest < length; rest += metres)
      places.push([from[0] + ((to[0] - from[0]) * rest) / length, from[1] + ((to[1] - from[1]) * rest) / length])
    rest -= length
  }
  return places
}

/** The places as a receiver gives them: up to so many metres off. */
export function shaken(places: readonly Position[], metres: number): Position[] {
  const random = new SeededRandom('receiver')
  const off = () => ((randomFraction(random) * 2 - 1) * metres) / Math.SQRT2 / 111_195
  return places.map(([x, y]) => [x + off() / Math.cos((y * Math.PI) / 180), y + off()])
}
