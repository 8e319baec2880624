import { checkProblem } from './check-problem.ts'
import type { Place, Problem } from './problem.ts'
import { positionsOf } from './travel.ts'

/**
 * Asks the router of a problem for its matrix: the same problem with rows of that matrix in the place of positions. Problems
 * without a router come back as they are.
 *
 * @throws `GEO_PROBLEM_INVALID`, and what the router throws
 */
export async function withMatrix(
  problem: Problem,
  { signal }: { readonly signal?: AbortSignal | undefined } = {},
): Promise<Problem> {
  checkProblem(problem)
  const { router, ...rest } = problem
  const positions = positionsOf(problem)
  if (router === undefined || positions.length === 0) return rest
  const { rows, columns, durations, distances } = await router.matrix({ sources: positions, signal })
  const rowOf = new Map(positions.map((position, row) => [position.join(), row]))
  const row = (place: Place): number => (typeof place === 'number' ? place : rowOf.get(place.join())!)
  const optional = (place: Place | undefined) => (place === undefined ? undefined : row(place))
  return {
    ...rest,
    matrix: { rows, columns, durations, distances },
    vehicles: problem.vehicles.map((vehicle) => ({
      ...vehicle,
      start: optional(vehicle.start),
      end: optional(vehicle.end),
      reload: vehicle.reload && { ...vehicle.reload, places: vehicle.reload.places?.map(row) },
    })),
    stops: problem.stops?.map((stop) => ({ ...stop, place: row(stop.place) })),
    shipments: problem.shipments?.map((shipment) => ({
      ...shipment,
      pickup: { ...shipment.pickup, place: row(shipment.pickup.place) },
      delivery: { ...shipment.delivery, place: row(shipment.delivery.place) },
    })),
  }
}
