import type { Model } from '../model/model.ts'
import type { Timetables } from '../schedule/timetables.ts'
import { departure, leeway } from './depart.ts'
import type { Route } from './route.ts'

/** Where something goes best; `cost` is Infinity where it does not go. */
export interface Insertion {
  cost: number
  /** The position after which the (first) task comes. */
  after: number
  /** The position after which the second task comes, in the route without either. */
  secondAfter: number
}

/** The best position of one task in a route, every constraint looked at. */
export function insertStop(
  { model, timetables }: { readonly model: Model; readonly timetables: Timetables },
  route: Route,
  task: number,
  result: Insertion,
): void {
  const { size, places, legs, vehicle, tasks, departs, arriveBy, departBy } = route
  const { arcs, durations, speed, closes } = vehicle
  const { hasWindows } = model
  const table = model.tasks
  const width = model.places
  const place = table.place[task]!
  const row = place * width
  const service = table.service[task]! / speed
  const setup = table.setup[task]! / speed
  const taskCloses = table.closes[task]! + leeway
  const looksAtLoads = !model.hasSimpleLoads && model.dimensions > 0 && vehicle.reload === undefined
  let best = Infinity
  let bestAfter = -1
  result.cost = Infinity
  for (let at = vehicle.locked.length; at <= size; at++) {
    const before = places[at]!
    const next = places[at + 1]!
    const cost = arcs[before * width + place]! + arcs[row + next]! - legs[at]!
    // Costs beyond arcs never shrink by much where they grow with time, but they may: there every position is looked at.
    if (!(cost < best) && !vehicle.hasOtherCosts) continue
    if (hasWindows) {
      const departs0 = departs[at]!
      if (departs0 > taskCloses) break
      const leaves = departure(
        table,
        task,
        departs0 + durations[before * width + place]!,
        before === place ? service : service + setup,
      )
      if (leaves === Infinity) continue
      const arrives = leaves + durations[row + next]!
      if (at === size) {
        if (arrives > closes + leeway) continue
      } else {
        const nextTask = tasks[at + 1]!
        const nextSetup = table.setup[nextTask]!
        if (nextSetup === 0) {
          if (arrives > arriveBy[at + 1]! + leeway) continue
        } else {
          const handling = (table.service[nextTask]! + (next === place ? 0 : nextSetup)) / speed
          const done = departure(table, nextTask, arrives, handling)
          if (done === Infinity || done > departBy[at + 1]! + leeway) continue
        }
      }
    }
    if (vehicle.hasPlainLimits && !keepsLimits(model, route, task, at)) continue
    if (vehicle.backhauls && !keepsPhases(model, route, task, at)) continue
    if (looksAtLoads && !hasRoom(model, route, task, at)) continue
    if (!vehicle.needsTimetable) {
      best = cost
      bestAfter = at
      continue
    }
    const total = timetables.costWith(vehicle, tasks, size, task, at) - route.cost
    if (total < best) {
      best = total
      bestAfter = at
    }
  }
  result.cost = size === 0 && !vehicle.needsTimetable ? best + vehicle.fixed : best
  result.after = bestAfter
}

/** Whether duty, driving and distance stay within limits; nobody ever waits. */
function keepsLimits({ places: width, tasks }: Model, route: Route, task: number, after: number): boolean {
  const { vehicle, places, size } = route
  const { durations, distances, speed, maxDuty, maxDriving, maxDistance } = vehicle
  const place = tasks.place[task]!
  const into = places[after]! * width + place
  const out = place * width + places[after + 1]!
  const replaced = places[after]! * width + places[after + 1]!
  const driving = route.driving + durations[into]! + durations[out]! - (size === 0 ? 0 : durations[replaced]!)
  const distance = route.distance + distances[into]! + distances[out]! - (size === 0 ? 0 : distances[replaced]!)
  if (driving > maxDriving + leeway || distance > maxDistance + leeway) return false
  return driving + route.handling + tasks.service[task]! / speed <= maxDuty + leeway
}

/** Whether all that is delivered still comes before what is picked up. */
function keepsPhases(model: Model, route: Route, task: number, after: number): boolean {
  const { phase } = model.tasks
  const own = phase[task]!
  if (own === 1) return true
  if (own === 2) {
    for (let at = after + 1; at <= route.size; at++) if (phase[route.tasks[at]!] === 0) return false
    return true
  }
  for (let at = 1; at <= after; at++) if (phase[route.tasks[at]!] === 2) return false
  return true
}

/** Whether what a stop brings fits on board before it, and what it takes after it. */
function hasRoom(model: Model, route: Route, task: number, after: number): boolean {
  const { dimensions, tasks } = model
  const { capacity } = route.vehicle
  for (let at = 0; at < dimensions; at++) {
    const cell = task * dimensions + at
    const here = after * dimensions + at
    if (route.before[here]! + tasks.deliver[cell]! > capacity[at]!) return false
    if (route.after[here]! + tasks.pickUp[cell]! > capacity[at]!) return false
  }
  return true
}
