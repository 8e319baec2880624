import type { Problem } from '../problem/problem.ts'
import { numberRows } from './number-rows.ts'
import { euclidean, formatInvalid, type Point } from './tsplib-sections.ts'

const format = 'Taillard'

/**
 * Reads a HVRP in the format of Taillard's instances: vehicles of several types, each with its number, capacity, fixed cost and cost per
 * unit of length.
 *
 * @throws `GEO_PROBLEM_FORMAT_INVALID`
 * @example
 * ```ts
 * import { readTaillard } from '@exprsn/geo/optimize'
 *
 * const problem = readTaillard(`1 2 999 0 1 1
 * 1 20 0 1.0
 * 1 30 5 1.1
 * 40 40
 * 22 22 18`)
 * console.log(problem.vehicles.map(({ costs }) => costs?.perMetre)) // [ 1, 1.1 ]
 * ```
 */
export function readTaillard(text: string): Problem {
  const [head, ...rows] = numberRows(text)
  const [count = 0, types = 0] = head ?? []
  const depot = rows[types]
  if (types < 1 || depot === undefined || rows.length < types + 1 + count)
    throw formatInvalid(format, 'lines are missing')
  const customers = rows.slice(types + 1, types + 1 + count)
  return {
    vehicles: rows.slice(0, types).flatMap(([number, capacity, fixed, perMetre], type) =>
      Array.from({ length: number! }, (_, index) => ({
        ...{ id: `type ${type + 1}, vehicle ${index + 1}`, start: 0, end: 0, capacity: [capacity!] },
        costs: { fixed: fixed!, perMetre: perMetre! },
      })),
    ),
    stops: customers.map(([, , demand], index) => ({ id: String(index + 1), place: index + 1, deliver: [demand!] })),
    matrix: euclidean(
      [depot, ...customers].map(([x, y]) => [x!, y!] as Point),
      { isRounded: false, hasTimes: false },
    ),
  }
}
