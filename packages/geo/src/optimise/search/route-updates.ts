import type { Model } from '../model/model.ts'
import { rounding } from './depart.ts'
import type { Route } from './route.ts'

/**
 * What `Route.refresh` works out, from what was known before a change: only for routes whose stops ask for room on board and one
 * window at most (shapes `plain` and `timed`). Long routes with windows take half the time of working out all of it anew.
 */

/** Takes over all that is known about another route. */
export function copyKnown(route: Route, other: Route, hasWindows: boolean): void {
  route.copyOrder(other)
  const { size, places, legs, times, departs, arriveBy, sums } = other
  for (let at = 0; at <= size; at++) {
    route.places[at] = places[at]!
    route.legs[at] = legs[at]!
  }
  route.places[size + 1] = places[size + 1]!
  for (let at = 0; at < sums.length; at++) route.sums[at] = sums[at]!
  if (!hasWindows) return
  for (let at = 0; at <= size; at++) {
    route.times[at] = times[at]!
    route.departs[at] = departs[at]!
    route.arriveBy[at + 1] = arriveBy[at + 1]!
  }
}

/** Puts a task between position `after` and the next one. */
export function insertKnown(model: Model, route: Route, task: number, after: number): void {
  route.insert(task, after)
  const { vehicle, size, places, legs, sums } = route
  const { places: width, tasks, dimensions, hasWindows } = model
  const place = tasks.place[task]!
  const into = places[after]! * width + place
  const out = place * width + places[after + 1]!
  const replaced = legs[after]!
  places.copyWithin(after + 2, after + 1, size + 1)
  legs.copyWithin(after + 2, after + 1, size)
  places[after + 1] = place
  legs[after] = vehicle.arcs[into]!
  legs[after + 1] = vehicle.arcs[out]!
  const added = legs[after]! + legs[after + 1]!
  route.cost = size === 1 ? added + vehicle.fixed : route.cost + added - replaced
  for (let at = 0; at < dimensions; at++) {
    const cell = task * dimensions + at
    sums[at]! += tasks.deliver[cell]! + tasks.pickUp[cell]!
  }
  if (!hasWindows) return
  const { times, departs, arriveBy } = route
  times.copyWithin(after + 2, after + 1, size)
  departs.copyWithin(after + 2, after + 1, size)
  arriveBy.copyWithin(after + 2, after + 1, size + 1)
  times[after] = vehicle.durations[into]!
  times[after + 1] = vehicle.durations[out]!
  departsFrom(model, route, after + 1, after + 1)
  arriveByFrom(model, route, after + 1, after + 1)
}

/** Drops the tasks that are marked. */
export function dropMarked(model: Model, route: Route, marks: Uint8Array): void {
  const { vehicle, size, tasks, places, legs, times, sums } = route
  const { places: width, dimensions, hasWindows } = model
  const { arcs, durations } = vehicle
  const { deliver, pickUp } = model.tasks
  let kept = 0
  let from = 0
  let cost = 0
  // Position `size + 1`, the end, is kept as well.
  for (let at = 1; at <= size + 1; at++) {
    if (at <= size && marks[tasks[at]!] === 1) continue
    const cell = places[kept]! * width + places[at]!
    const isSame = from === at - 1
    const leg = isSame ? legs[at - 1]! : arcs[cell]!
    legs[kept] = leg
    cost += leg
    if (hasWindows) times[kept] = isSame ? times[at - 1]! : durations[cell]!
    kept++
    places[kept] = places[at]!
    if (at <= size) tasks[kept] = tasks[at]!
    from = at
  }
  route.size = kept - 1
  route.cost = cost + vehicle.fixed
  if (route.size === 0) {
    route.cost = 0
    legs[0] = 0
  }
  // Summed anew, so that rounding does not add up from change to change.
  for (let dimension = 0; dimension < dimensions; dimension++) {
    let sum = 0
    for (let at = 1; at <= route.size; at++) {
      const cell = tasks[at]! * dimensions + dimension
      sum += deliver[cell]! + pickUp[cell]!
    }
    sums[dimension] = sum
  }
  if (!hasWindows) return
  departsFrom(model, route, 1, route.size)
  route.arriveBy[route.size + 1] = vehicle.closes
  arriveByFrom(model, route, route.size, 1)
}

/** Earliest departures from a position on, to the end or, behind `last`, until they are what they were. */
function departsFrom(
  { tasks: table }: Model,
  { vehicle, size, tasks, times, departs }: Route,
  first: number,
  last: number,
) {
  const { service, opens, closes } = table
  let departed = departs[first - 1]!
  for (let at = first; at <= size; at++) {
    const task = tasks[at]!
    const arrival = departed + times[at - 1]!
    const begin = arrival > opens[task]! ? arrival : opens[task]!
    departed = arrival > closes[task]! + rounding ? Infinity : begin + service[task]! / vehicle.speed
    if (at > last && departed === departs[at]) return
    departs[at] = departed
  }
}

/** Latest arrivals from a position back, to the start or, before `first`, until they are what they were. */
function arriveByFrom(
  { tasks: table }: Model,
  { vehicle, tasks, times, arriveBy }: Route,
  last: number,
  first: number,
) {
  const { service, opens, closes } = table
  let next = arriveBy[last + 1]!
  for (let at = last; at >= 1; at--) {
    const task = tasks[at]!
    const begin = next - times[at]! - service[task]! / vehicle.speed
    const latest = closes[task]! < begin ? closes[task]! : begin
    next = latest >= opens[task]! ? latest : -Infinity
    if (at < first && next === arriveBy[at]) return
    arriveBy[at] = next
  }
}
