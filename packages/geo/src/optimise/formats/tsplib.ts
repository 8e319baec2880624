import type { Problem } from '../problem/problem.ts'
import { euclidean, readSections, type Point } from './tsplib-sections.ts'

/**
 * Reads a TSP in the format of TSPLIB (`EUC_2D`, distances rounded): one vehicle that visits all places and comes back to the first.
 *
 * @throws `GEO_PROBLEM_FORMAT_INVALID`
 * @example
 * ```ts
 * import { readTsplib } from '@exprsn/geo/optimize'
 *
 * const problem = readTsplib(`TYPE: TSP
 * DIMENSION: 2
 * EDGE_WEIGHT_TYPE: EUC_2D
 * NODE_COORD_SECTION
 * 1 0 0
 * 2 3 4
 * EOF`)
 * console.log(problem.stops?.length) // 1
 * ```
 */
export function readTsplib(text: string): Problem {
  const points = readSections(text, 'TSPLIB').lists.NODE_COORD_SECTION
  return {
    vehicles: [{ id: 'salesman', start: 0, end: 0 }],
    stops: points.slice(1).map(([id], index) => ({ id: String(id), place: index + 1 })),
    matrix: euclidean(
      points.map(([, x, y]) => [x!, y!] as Point),
      { isRounded: true, hasTimes: false },
    ),
  }
}
