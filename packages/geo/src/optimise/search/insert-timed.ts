import type { Model } from '../model/model.ts'
import { leeway } from './depart.ts'
import type { Insertion } from './insert-stop.ts'
import type { Route } from './route.ts'

/** The best position of one stop in a route where stops have one window at most, and nothing but room on board is asked for besides. */
export function insertTimed(model: Model, route: Route, task: number, result: Insertion): void {
  const { size, places, legs, vehicle, departs, arriveBy } = route
  const { arcs, arcsInto, durations, durationsInto } = vehicle
  const { place, service, opens, closes } = model.tasks
  const row = place[task]! * model.places
  const handling = service[task]! / vehicle.speed
  const from = opens[task]!
  const until = closes[task]! + leeway
  let best = Infinity
  let after = -1
  for (let at = vehicle.locked.length; at <= size; at++) {
    const departed = departs[at]!
    if (departed > until) break
    const before = places[at]!
    const next = places[at + 1]!
    const cost = arcsInto[row + before]! + arcs[row + next]! - legs[at]!
    if (cost >= best) continue
    const arrival = departed + durationsInto[row + before]!
    if (arrival > until) continue
    if ((arrival > from ? arrival : from) + handling + durations[row + next]! > arriveBy[at + 1]! + leeway) continue
    best = cost
    after = at
  }
  result.cost = size === 0 ? best + vehicle.fixed : best
  result.after = after
}
