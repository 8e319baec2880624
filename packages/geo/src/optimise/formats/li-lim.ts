import type { Problem } from '../problem/problem.ts'
import { numberRows } from './number-rows.ts'
import { euclidean, formatInvalid, type Point } from './tsplib-sections.ts'

const format = 'Li & Lim'

/**
 * Reads a PDPTW in the format of Li & Lim: distances are not rounded, a unit of length takes a unit of time, and fewer vehicles come
 * before shorter ways.
 *
 * @throws `GEO_PROBLEM_FORMAT_INVALID`
 * @example
 * ```ts
 * import { readLiLim } from '@exprsn/geo/optimize'
 *
 * const problem = readLiLim(`2 200 1
 * 0 40 50 0 0 1236 0 0 0
 * 1 45 68 10 0 967 90 0 2
 * 2 45 70 -10 0 970 90 1 0`)
 * console.log(problem.shipments?.[0]?.amount) // [ 10 ]
 * ```
 */
export function readLiLim(text: string): Problem {
  const [fleet, ...nodes] = numberRows(text)
  if (fleet?.length !== 3) throw formatInvalid(format, 'the number, capacity and speed of vehicles are missing')
  if (nodes.length === 0 || nodes.some((row) => row.length !== 9))
    throw formatInvalid(format, 'a task is not nine numbers')
  const [count, capacity] = fleet as [number, number]
  const end = (place: number) => {
    const [, , , , opens, closes, service] = nodes[place]!
    return { place, windows: [[opens!, closes!] as const], service: service! }
  }
  const shipments = nodes.flatMap(([id, , , demand, , , , , delivery], place) => {
    if (place === 0 || delivery === 0) return []
    if (nodes[delivery!] === undefined)
      throw formatInvalid(format, `task ${id} is delivered at ${delivery}, which there is not`)
    return [{ id: String(id), amount: [demand!], pickup: end(place), delivery: end(delivery!) }]
  })
  return {
    vehicles: Array.from({ length: count }, (_, index) => ({
      ...{ id: `vehicle ${index + 1}`, start: 0, end: 0, capacity: [capacity] },
      window: [nodes[0]![4]!, nodes[0]![5]!] as const,
      costs: { perMetre: 1 },
    })),
    shipments,
    matrix: euclidean(
      nodes.map(([, x, y]) => [x!, y!] as Point),
      { isRounded: false, hasTimes: true },
    ),
    objectives: ['unassigned', 'vehicles', 'distance'],
  }
}
