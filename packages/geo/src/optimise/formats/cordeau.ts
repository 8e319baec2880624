import type { Problem } from '../problem/problem.ts'
import { numberRows } from './number-rows.ts'
import { euclidean, formatInvalid, type Point } from './tsplib-sections.ts'

const format = 'Cordeau'

/**
 * Reads a MDVRP in the format of Cordeau: several depots, each with so many vehicles, and routes that may be limited in their duration.
 *
 * @throws `GEO_PROBLEM_FORMAT_INVALID`
 * @example
 * ```ts
 * import { readCordeau } from '@exprsn/geo/optimize'
 *
 * const problem = readCordeau(`2 1 1 2
 * 0 80
 * 0 80
 * 1 37 52 0 7 1 2 1 2
 * 2 20 20 0 0 0 0
 * 3 30 40 0 0 0 0`)
 * console.log(problem.vehicles.map(({ start }) => start)) // [ 1, 2 ]
 * ```
 */
export function readCordeau(text: string): Problem {
  const [head, ...rows] = numberRows(text)
  const [type, perDepot = 0, count = 0, depots = 0] = head ?? []
  if (type !== 2 || rows.length !== 2 * depots + count)
    throw formatInvalid(format, 'it is no MDVRP, or lines are missing')
  const limits = rows.slice(0, depots)
  const nodes = rows.slice(depots)
  if (nodes.some((row) => row.length < 5)) throw formatInvalid(format, 'a place is less than five numbers')
  return {
    vehicles: limits.flatMap(([duration, capacity], depot) =>
      Array.from({ length: perDepot }, (_, index) => ({
        ...{ id: `depot ${depot + 1}, vehicle ${index + 1}`, start: count + depot, end: count + depot },
        ...{ capacity: [capacity!], costs: { perMetre: 1 } },
        ...(duration! > 0 ? { maxDuty: duration! } : {}),
      })),
    ),
    stops: nodes.slice(0, count).map(([id, , , service, demand], place) => ({
      ...{ id: String(id), place, service: service!, deliver: [demand!] },
    })),
    matrix: euclidean(
      nodes.map(([, x, y]) => [x!, y!] as Point),
      { isRounded: false, hasTimes: true },
    ),
  }
}
