import type { Problem } from '../problem/problem.ts'
import { numberRows } from './number-rows.ts'
import { euclidean, formatInvalid, type Point } from './tsplib-sections.ts'

const format = 'Solomon'

/**
 * Reads a VRPTW in the format of Solomon, and of Gehring & Homberger: distances are not rounded, a unit of length takes a unit of time,
 * and fewer vehicles come before shorter ways.
 *
 * @throws `GEO_PROBLEM_FORMAT_INVALID`
 * @example
 * ```ts
 * import { readSolomon } from '@exprsn/geo/optimize'
 *
 * const problem = readSolomon(`C1
 *
 * VEHICLE
 * NUMBER CAPACITY
 * 2 200
 *
 * CUSTOMER
 * CUST NO. XCOORD. YCOORD. DEMAND READY DUE SERVICE
 * 0 40 50 0 0 1236 0
 * 1 45 68 10 912 967 90`)
 * console.log(problem.vehicles.length, problem.stops?.[0]?.windows) // 2 [ [ 912, 967 ] ]
 * ```
 */
export function readSolomon(text: string): Problem {
  const rows = numberRows(text)
  const [fleet, ...nodes] = rows
  if (fleet?.length !== 2) throw formatInvalid(format, 'the number and capacity of vehicles are missing')
  const depot = nodes[0]
  if (depot === undefined || nodes.some((row) => row.length !== 7))
    throw formatInvalid(format, 'a customer is not a number, x, y, demand, ready time, due date and service time')
  const [count, capacity] = fleet as [number, number]
  return {
    vehicles: Array.from({ length: count }, (_, index) => ({
      ...{ id: `vehicle ${index + 1}`, start: 0, end: 0, capacity: [capacity] },
      window: [depot[4]!, depot[5]!] as const,
      costs: { perMetre: 1 },
    })),
    stops: nodes.slice(1).map(([id, , , demand, opens, closes, service], index) => ({
      ...{ id: String(id), place: index + 1, deliver: [demand!], service: service! },
      windows: [[opens!, closes!] as const],
    })),
    matrix: euclidean(
      nodes.map(([, x, y]) => [x!, y!] as Point),
      { isRounded: false, hasTimes: true },
    ),
    objectives: ['unassigned', 'vehicles', 'distance'],
  }
}
