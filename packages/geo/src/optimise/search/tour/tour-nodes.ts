import type { Model } from '../../model/model.ts'

/** A round trip as a travelling salesman's: nodes 0 to `count − 1`, the last one or two are where the vehicle starts and ends. */
export interface TourNodes {
  readonly count: number
  readonly tasks: number
  /** `count` rows of `count`. Between end and start so little that every good tour goes that way. */
  readonly distances: Float64Array | Float32Array
}

/** With fewer nodes there is nothing to gain, with more the table is too large. */
const [fewest, most] = [8, 6_000]
/** Up to so many the table is as exact as can be. */
const mostExact = 2_500

/** Of a problem that is one vehicle's shortest way through all stops, both directions alike; else `undefined`. */
export function tourNodesOf(model: Model): TourNodes | undefined {
  const { vehicles, tasks, requests, dimensions, places, shape, hasGroups } = model
  const vehicle = vehicles[0]
  if (vehicle === undefined || vehicles.length > 1 || shape !== 'plain' || hasGroups) return undefined
  const { arcs, arcsInto, start, end, locked, allowed, capacity } = vehicle
  if (arcs !== arcsInto || locked.length > 0 || allowed.includes(0)) return undefined
  for (let at = 0; at < dimensions; at++) {
    let load = 0
    for (let task = 0; task < tasks.count; task++)
      load += tasks.deliver[task * dimensions + at]! + tasks.pickUp[task * dimensions + at]!
    if (load > capacity[at]!) return undefined
  }
  const depots = start === end ? [start] : [start, end]
  const nodes = Int32Array.from([...tasks.place, ...depots])
  const count = nodes.length
  if (count < fewest || count > most) return undefined
  const distances = count > mostExact ? new Float32Array(count * count) : new Float64Array(count * count)
  let longest = 0
  for (let from = 0; from < count; from++)
    for (let to = 0; to < count; to++) {
      const distance = arcs[nodes[from]! * places + nodes[to]!]!
      if (distance === Infinity) return undefined
      distances[from * count + to] = distance
      if (distance > longest) longest = distance
    }
  // Whoever may be left out, because it is not worth its detour, is not for a tour.
  if (requests.absence.some((cost) => cost <= 2 * longest * count)) return undefined
  if (depots.length === 2) {
    const bond = -4 * longest
    distances[count * count - 2] = bond
    distances[(count - 1) * count - 1] = bond
  }
  return { count, tasks: tasks.count, distances }
}
