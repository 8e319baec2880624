import type { Model, VehicleModel } from '../model/model.ts'

/**
 * Where a vehicle with a reload loads again: before which tasks, so that each trip fits on board and the detours cost the least (a
 * shortest path over the tasks, after Prins 2004). Shipments are not split.
 *
 * @returns Per task the place where it loads before, or −1; undefined where no split fits.
 */
export function splitTrips(
  model: Model,
  vehicle: VehicleModel,
  { tasks, from, size }: { readonly tasks: Int32Array; readonly from: number; readonly size: number },
): Int32Array | undefined {
  const { maxTrips, duration } = vehicle.reload!
  const detours = detoursOf(model, vehicle, { tasks, from, size })
  const rounds = Math.min(maxTrips, size)
  let costs = new Float64Array(size + 1).fill(Infinity)
  costs[0] = 0
  const previous: Int32Array[] = []
  let best = Infinity
  let bestRound = -1
  for (let round = 0; round < Math.max(1, rounds); round++) {
    const next = new Float64Array(size + 1).fill(Infinity)
    const before = new Int32Array(size + 1).fill(-1)
    for (let first = 0; first < size; first++) {
      if (costs[first] === Infinity) continue
      const extra = first === 0 ? 0 : detours.costs[first]! + duration * (vehicle.perDutySecond + 1e-6)
      for (const end of tripEnds(model, vehicle, { tasks, first: from + first, last: from + size })) {
        const cost = costs[first]! + extra
        if (cost < next[end - from]!) {
          next[end - from] = cost
          before[end - from] = first
        }
      }
    }
    previous.push(before)
    costs = next
    if (costs[size]! < best) {
      best = costs[size]!
      bestRound = round
    }
    // One trip more can only cost more where loading again never saves a way; it may where the matrix is no metric.
    if (best < Infinity) break
  }
  if (bestRound < 0) return undefined
  const reloadBefore = new Int32Array(size).fill(-1)
  for (let at = size, round = bestRound; round > 0; round--) {
    at = previous[round]![at]!
    reloadBefore[at] = detours.places[at]!
  }
  return reloadBefore
}

function detoursOf(
  model: Model,
  { arcs, reload }: VehicleModel,
  { tasks, from, size }: { readonly tasks: Int32Array; readonly from: number; readonly size: number },
) {
  const costs = new Float64Array(size).fill(Infinity)
  const places = new Int32Array(size).fill(-1)
  const { place } = model.tasks
  for (let at = 1; at < size; at++) {
    const before = place[tasks[from + at - 1]!]! * model.places
    const next = place[tasks[from + at]!]!
    for (const depot of reload!.places) {
      const cost = arcs[before + depot]! + arcs[depot * model.places + next]! - arcs[before + next]!
      if (cost < costs[at]!) {
        costs[at] = cost
        places[at] = depot
      }
    }
  }
  return { costs, places }
}

/** After which tasks a trip that begins with the first may end: all fits on board, and no shipment is under way. */
function tripEnds(
  { tasks: table, dimensions }: Model,
  { capacity }: VehicleModel,
  { tasks, first, last }: { readonly tasks: Int32Array; readonly first: number; readonly last: number },
): number[] {
  const ends: number[] = []
  // Of each dimension: what was loaded at the begin, what is on board now, and the most that ever was.
  const loads = new Float64Array(2 * dimensions)
  for (let at = first; at < last; at++) {
    let carried = 0
    for (let dimension = 0; dimension < dimensions; dimension++) {
      const cell = tasks[at]! * dimensions + dimension
      const deliver = table.deliver[cell]!
      const now = loads[dimension]! + table.pickUp[cell]! + table.carry[cell]!
      // What is delivered here was on board from the begin of the trip.
      const most = Math.max(loads[dimensions + dimension]! + deliver, now)
      if (most > capacity[dimension]!) return ends
      loads[dimension] = now
      loads[dimensions + dimension] = most
    }
    for (let other = first; other <= at; other++) {
      const kind = table.request[tasks[other]!]!
      for (let end = at + 1; end < last; end++) if (table.request[tasks[end]!] === kind) carried++
    }
    if (carried === 0) ends.push(at + 1)
  }
  return ends
}
