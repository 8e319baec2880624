import { metresBetween } from '../../coordinates/sphere.ts'
import type { Amounts, Place, Problem, ShipmentEnd, TimeWindow, Vehicle } from '../problem/problem.ts'
import { optimiseErrors } from '../errors.ts'

/** A visit that a plan may hold. */
export interface Visit {
  readonly id: string
  readonly type: 'stop' | 'pickup' | 'delivery'
  readonly place: Place
  readonly windows: readonly TimeWindow[]
  readonly service: number
  readonly setup: number
  readonly skills: readonly string[]
  readonly deliver: Amounts
  readonly pickUp: Amounts
  /** Of a shipment: what comes on board, or goes. */
  readonly change: Amounts
}

/** A problem as the check looks things up in it. It shares nothing with the solver. */
export interface ProblemIndex {
  readonly problem: Problem
  readonly vehicles: ReadonlyMap<string, Vehicle>
  /** By type and id, such as `pickup/4711`. */
  readonly visits: ReadonlyMap<string, Visit>
  readonly ids: readonly string[]
  readonly seconds: (vehicle: Vehicle, from: Place, to: Place) => number
  readonly metres: (vehicle: Vehicle, from: Place, to: Place) => number
  readonly hasDurations: boolean
}

export function indexProblem(problem: Problem): ProblemIndex {
  const { stops = [], shipments = [], straightLines = {} } = problem
  if (problem.router !== undefined && problem.matrix === undefined)
    throw optimiseErrors.GEO_PROBLEM_INVALID({
      where: 'router',
      reason: 'a check cannot ask it; pass what withMatrix makes of the problem, here and to solve',
    })
  const visits = new Map<string, Visit>()
  for (const { id, deliver = [], pickUp = [], skills = [], ...rest } of stops)
    visits.set(`stop/${id}`, { id, type: 'stop', deliver, pickUp, skills, change: [], ...endOf(rest) })
  for (const { id, pickup, delivery, amount = [], skills = [] } of shipments) {
    const common = { id, skills, deliver: [], pickUp: [] }
    visits.set(`pickup/${id}`, { ...common, type: 'pickup', change: amount, ...endOf(pickup) })
    visits.set(`delivery/${id}`, {
      ...common,
      type: 'delivery',
      change: amount.map((value) => -value),
      ...endOf(delivery),
    })
  }
  const { detour = 1.3, speed = 13.9 } = straightLines
  const cell = (vehicle: Vehicle, from: Place, to: Place, of: 'durations' | 'distances'): number => {
    if (typeof from !== 'number' || typeof to !== 'number') {
      const metres =
        metresBetween(...(from as readonly [number, number]), ...(to as readonly [number, number])) * detour
      return of === 'distances' ? metres : metres / speed
    }
    const matrix = vehicle.profile === undefined ? problem.matrix! : problem.matrices![vehicle.profile]!
    const at = from * matrix.columns + to
    if (of === 'durations') return matrix.durations?.[at] ?? 0
    return (matrix.distances ?? matrix.durations)![at]!
  }
  const given = [problem.matrix, ...Object.values(problem.matrices ?? {})].filter((matrix) => matrix !== undefined)
  return {
    ...{ problem, visits },
    vehicles: new Map(problem.vehicles.map((vehicle) => [vehicle.id, vehicle])),
    ids: [...stops, ...shipments].map(({ id }) => id),
    seconds: (vehicle, from, to) => cell(vehicle, from, to, 'durations') / (vehicle.speed ?? 1),
    metres: (vehicle, from, to) => cell(vehicle, from, to, 'distances'),
    hasDurations: given.length === 0 || given.some(({ durations }) => durations !== undefined),
  }
}

function endOf({ place, windows = [], service = 0, setup = 0 }: ShipmentEnd) {
  return { place, windows, service, setup }
}

/** Whether two places are one. */
export function isSamePlace(a: Place | undefined, b: Place | undefined): boolean {
  return a === b || (typeof a === 'object' && typeof b === 'object' && a[0] === b[0] && a[1] === b[1])
}
