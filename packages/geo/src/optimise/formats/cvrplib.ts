import type { Problem, Stop } from '../problem/problem.ts'
import { euclidean, numberAt, readSections, type Point } from './tsplib-sections.ts'

/**
 * Reads a CVRP in the format of CVRPLIB: `EUC_2D`, distances rounded to whole numbers as the set's best known values are. The
 * vehicles are as many as there may be use for: a fifth more than the demand needs.
 *
 * @throws `GEO_PROBLEM_FORMAT_INVALID`
 * @example
 * ```ts
 * import { readCvrplib } from '@exprsn/geo/optimize'
 *
 * const problem = readCvrplib(`TYPE : CVRP
 * DIMENSION : 3
 * EDGE_WEIGHT_TYPE : EUC_2D
 * CAPACITY : 10
 * NODE_COORD_SECTION
 * 1 0 0
 * 2 3 4
 * 3 6 8
 * DEMAND_SECTION
 * 1 0
 * 2 7
 * 3 6
 * DEPOT_SECTION
 * 1
 * -1
 * EOF`)
 * console.log(problem.stops?.length, problem.vehicles[0]?.capacity) // 2 [ 10 ]
 * ```
 */
export function readCvrplib(text: string): Problem {
  const sections = readSections(text, 'CVRPLIB')
  const capacity = numberAt(sections, 'CAPACITY')
  const points = sections.lists.NODE_COORD_SECTION.map(([id, x, y]) => ({ id: String(id), at: [x!, y!] as Point }))
  const demands = new Map(sections.lists.DEMAND_SECTION.map(([id, demand]) => [String(id), demand!]))
  const depot = String(sections.lists.DEPOT_SECTION[0]![0])
  const depotIndex = points.findIndex(({ id }) => id === depot)
  const stops = points.flatMap(({ id }, place): Stop[] =>
    id === depot ? [] : [{ id, place, deliver: [demands.get(id) ?? 0] }],
  )
  const total = stops.reduce((sum, { deliver }) => sum + deliver![0]!, 0)
  const count = Math.min(stops.length, Math.ceil((total / capacity) * 1.2) + 2)
  return {
    vehicles: Array.from({ length: count }, (_, index) => ({
      ...{ id: `vehicle ${index + 1}`, start: depotIndex, end: depotIndex, capacity: [capacity] },
    })),
    stops,
    matrix: euclidean(
      points.map(({ at }) => at),
      { isRounded: true, hasTimes: false },
    ),
  }
}
