import type { Model } from '../model/model.ts'
import type { Timetables } from '../schedule/timetables.ts'
import { departure, leeway } from './depart.ts'
import type { Insertion } from './insert-stop.ts'
import type { Route } from './route.ts'

/** The best positions of a pickup and its delivery in a route. */
export function insertPair(
  { model, timetables }: { readonly model: Model; readonly timetables: Timetables },
  route: Route,
  { pickup, delivery }: { readonly pickup: number; readonly delivery: number },
  result: Insertion,
): void {
  const { size, places, legs, vehicle, tasks, departs } = route
  const { arcs, durations } = vehicle
  const { hasWindows } = model
  const table = model.tasks
  const width = model.places
  const from = table.place[pickup]!
  const to = table.place[delivery]!
  const looksAtLoads = model.dimensions > 0 && vehicle.reload === undefined
  let best = Infinity
  result.cost = Infinity
  result.after = -1
  const deliveryCloses = table.closes[delivery]! + leeway
  for (let after = vehicle.locked.length; after <= size; after++) {
    if (hasWindows && departs[after]! > table.closes[pickup]! + leeway) break
    if (looksAtLoads && !hasRoomFor(model, route, pickup, after)) continue
    const toPickup = arcs[places[after]! * width + from]!
    // Walks on from the pickup with the delay that it brings, and looks at the delivery after each position.
    let clock = 0
    if (hasWindows) {
      clock = leaves(model, route, pickup, departs[after]! + durations[places[after]! * width + from]!, places[after]!)
      if (clock === Infinity) continue
    }
    let last = from
    for (let behind = after; behind <= size; behind++) {
      if (behind > after) {
        const task = tasks[behind]!
        if (looksAtLoads && !hasRoomFor(model, route, pickup, behind)) break
        if (hasWindows) {
          clock = leaves(model, route, task, clock + durations[last * width + places[behind]!]!, last)
          if (clock === Infinity || clock > route.departBy[behind]! + leeway) break
        }
        last = places[behind]!
      }
      if (hasWindows && clock > deliveryCloses) break
      const next = places[behind + 1]!
      const cost =
        behind === after
          ? toPickup + arcs[from * width + to]! + arcs[to * width + next]! - legs[after]!
          : toPickup +
            arcs[from * width + places[after + 1]!]! -
            legs[after]! +
            arcs[last * width + to]! +
            arcs[to * width + next]! -
            legs[behind]!
      if (!(cost < best) && !vehicle.hasOtherCosts) continue
      if (hasWindows) {
        const done = leaves(model, route, delivery, clock + durations[last * width + to]!, last)
        if (done === Infinity || !reaches(model, route, behind + 1, done + durations[to * width + next]!, to)) continue
      }
      if (!vehicle.needsTimetable) {
        best = cost
        result.after = after
        result.secondAfter = behind
        continue
      }
      const total = timetables.costWithPair(vehicle, tasks, size, { pickup, delivery, after, behind }) - route.cost
      if (total < best) {
        best = total
        result.after = after
        result.secondAfter = behind
      }
    }
  }
  result.cost = size === 0 && !vehicle.needsTimetable ? best + vehicle.fixed : best
}

function leaves(model: Model, { vehicle }: Route, task: number, arrival: number, from: number): number {
  const { service, setup, place } = model.tasks
  const handling = (place[task] === from ? service[task]! : service[task]! + setup[task]!) / vehicle.speed
  return departure(model.tasks, task, arrival, handling)
}

/** Whether the rest of the route, from that position on, can be done by whoever arrives there then. */
function reaches(model: Model, route: Route, position: number, arrival: number, from: number): boolean {
  if (position > route.size) return arrival <= route.vehicle.closes + leeway
  const task = route.tasks[position]!
  if (model.tasks.setup[task] === 0) return arrival <= route.arriveBy[position]! + leeway
  const done = leaves(model, route, task, arrival, from)
  return done < Infinity && done <= route.departBy[position]! + leeway
}

/** Whether the goods fit on board between a position and the next. */
function hasRoomFor(model: Model, route: Route, pickup: number, position: number): boolean {
  const { dimensions, tasks } = model
  const { capacity } = route.vehicle
  for (let at = 0; at < dimensions; at++)
    if (route.loads[position * dimensions + at]! + tasks.carry[pickup * dimensions + at]! > capacity[at]!) return false
  return true
}
