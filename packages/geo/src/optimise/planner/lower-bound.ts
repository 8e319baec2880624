import type { Model, VehicleModel } from '../model/model.ts'

/**
 * A figure that no plan is below, in the units of the search: each visit is entered by some way, the cheapest at least, or its request is left out.
 * Far below the optimum where ways between neighbours are short and the depot is far.
 */
export function lowerBound(model: Model): number {
  const { requests, tasks } = model
  const kinds = new Map(model.vehicles.map((vehicle) => [vehicle.arcs, vehicle] as const))
  let bound = 0
  const enter = enteringCosts(model, [...kinds.values()])
  for (let request = 0; request < requests.count; request++) {
    const visits = [requests.first[request]!, requests.second[request]!].filter((task) => task >= 0)
    const ways = visits.reduce((sum, task) => sum + enter(tasks.place[task]!), 0)
    bound += Math.min(requests.absence[request]!, ways)
  }
  return Number.isFinite(bound) ? bound : 0
}

/** The cheapest way into a place from any other that a vehicle can be at. */
function enteringCosts({ tasks, vehicles, places }: Model, kinds: readonly VehicleModel[]): (place: number) => number {
  const sources = new Set<number>(tasks.place)
  for (const { start, reload } of vehicles) {
    sources.add(start)
    for (const place of reload?.places ?? []) sources.add(place)
  }
  const visits = new Map<number, number>()
  for (const place of tasks.place) visits.set(place, (visits.get(place) ?? 0) + 1)
  const known = new Map<number, number>()
  return (place) => {
    const found = known.get(place)
    if (found !== undefined) return found
    let least = Infinity
    // From a visit at the same place it may be for nothing.
    if ((visits.get(place) ?? 0) > 1 || vehicles.some(({ start }) => start === place)) least = 0
    else
      for (const { arcs } of kinds)
        for (const source of sources) if (source !== place) least = Math.min(least, arcs[source * places + place]!)
    known.set(place, least)
    return least
  }
}
