import type { Insertion } from './insert-stop.ts'
import type { Route } from './route.ts'

/**
 * The best position of one place in a route, costs alone: nothing but room on board is asked for, and that has been looked at. Reads
 * the tables along the rows of that place only, which lie in the cache.
 */
export function insertPlain(route: Route, place: number, width: number, result: Insertion): void {
  const { size, places, legs, vehicle } = route
  const { arcs, arcsInto } = vehicle
  const row = place * width
  let best = Infinity
  let after = -1
  for (let at = vehicle.locked.length; at <= size; at++) {
    const cost = arcsInto[row + places[at]!]! + arcs[row + places[at + 1]!]! - legs[at]!
    if (cost < best) {
      best = cost
      after = at
    }
  }
  result.cost = size === 0 ? best + vehicle.fixed : best
  result.after = after
}
