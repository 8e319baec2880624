import type { Model } from '../model/model.ts'

/** Per request how far it is from the nearest start or end of a vehicle. */
export function farnessOf({ requests, tasks, vehicles, places, nearness }: Model): Float64Array {
  const depots = [...new Set(vehicles.flatMap(({ start, end }) => [start, end]))]
  return Float64Array.from({ length: requests.count }, (_, request) => {
    const place = tasks.place[requests.first[request]!]!
    return Math.min(...depots.map((depot) => nearness[depot * places + place]!))
  })
}
