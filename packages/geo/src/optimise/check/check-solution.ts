import type { Plan } from '../plan/plan.ts'
import type { Problem } from '../problem/problem.ts'
import { checkRoute } from './check-route.ts'
import { indexProblem, type ProblemIndex } from './problem-index.ts'
import { tolerance, type Violation } from './violation.ts'

/**
 * Checks a plan against its problem from the timetable alone: every visit, time, load, break, rest, limit and cost. It shares no code
 * with the solver, and takes plans from anywhere.
 *
 * @returns What is wrong; empty where nothing is.
 * @throws `GEO_PROBLEM_INVALID` for a problem whose matrix only a router knows: see `withMatrix`
 * @example
 * ```ts
 * import { checkSolution } from '@exprsn/geo/optimize'
 *
 * const problem = { vehicles: [], stops: [{ id: 'a', place: [9.5, 47.1] as const }] }
 * const plan = { routes: [], unassigned: [], cost: 0 }
 * console.log(checkSolution(problem, plan)) // [{ kind: 'visits', id: 'a', … }]
 * ```
 */
export function checkSolution(
  problem: Problem,
  plan: Pick<Plan, 'routes' | 'cost'> & { readonly unassigned: readonly { readonly stop: string }[] },
): Violation[] {
  const index = indexProblem(problem)
  const violations: Violation[] = []
  const used = new Set<string>()
  for (const route of plan.routes) {
    const vehicle = index.vehicles.get(route.vehicle)
    if (vehicle === undefined || used.has(route.vehicle)) {
      const detail = vehicle === undefined ? 'There is no such vehicle.' : 'It has two routes.'
      violations.push({ kind: 'vehicle', vehicle: route.vehicle, detail })
      continue
    }
    used.add(route.vehicle)
    checkRoute(index, { vehicle, route }, (kind, detail, id) => {
      violations.push({ kind, vehicle: vehicle.id, ...(id === undefined ? {} : { id }), detail })
    })
  }
  for (const vehicle of problem.vehicles)
    if (vehicle.locked?.length && !used.has(vehicle.id))
      violations.push({ kind: 'locked', vehicle: vehicle.id, detail: 'It does not do what is locked.' })
  checkVisits(index, plan, violations)
  checkGroups(index, plan, violations)
  const cost = plan.routes.reduce((sum, route) => sum + route.cost, 0)
  if (Math.abs(cost - plan.cost) > tolerance * Math.max(1, cost))
    violations.push({ kind: 'cost', detail: `Routes cost ${cost}, the plan says ${plan.cost}.` })
  return violations
}

type CheckedPlan = Parameters<typeof checkSolution>[1]

/** Each stop is visited once, or told to be left out; shipments with both ends, in one vehicle, the pickup first. */
function checkVisits({ ids, visits }: ProblemIndex, plan: CheckedPlan, violations: Violation[]): void {
  const found = new Map<string, { readonly vehicle: string; readonly at: number }[]>()
  for (const { vehicle, steps } of plan.routes)
    for (const [at, { type, id }] of steps.entries()) {
      if (id === undefined || type === 'break') continue
      const key = `${type}/${id}`
      if (!visits.has(key)) violations.push({ kind: 'visits', vehicle, id, detail: `There is no ${type} "${id}".` })
      found.set(key, [...(found.get(key) ?? []), { vehicle, at }])
    }
  const left = new Set<string>()
  for (const { stop } of plan.unassigned) {
    if (left.has(stop) || !ids.includes(stop))
      violations.push({ kind: 'unassigned', id: stop, detail: 'It is not in the problem, or told twice.' })
    left.add(stop)
  }
  for (const id of ids) {
    const keys = ['stop', 'pickup', 'delivery'].map((type) => `${type}/${id}`).filter((key) => visits.has(key))
    const counts = keys.map((key) => found.get(key)?.length ?? 0)
    const wanted = left.has(id) ? 0 : 1
    if (counts.some((count) => count !== wanted))
      violations.push({
        kind: left.has(id) ? 'unassigned' : 'visits',
        id,
        detail: `It is visited ${counts.join(' and ')} times.`,
      })
    if (keys.length < 2 || counts.some((count) => count !== 1)) continue
    const [pickup, delivery] = keys.map((key) => found.get(key)![0]!)
    if (pickup!.vehicle !== delivery!.vehicle) violations.push({ kind: 'order', id, detail: 'Two vehicles share it.' })
    else if (pickup!.at > delivery!.at)
      violations.push({ kind: 'order', id, detail: 'It is delivered before it is picked up.' })
  }
}

function checkGroups({ problem }: ProblemIndex, { routes }: CheckedPlan, violations: Violation[]): void {
  const vehicleOf = new Map<string, string>()
  for (const { vehicle, steps } of routes)
    for (const { id, type } of steps) if (id !== undefined && type !== 'break') vehicleOf.set(id, vehicle)
  for (const { kind, stops } of problem.groups ?? []) {
    const vehicles = stops.map((id) => vehicleOf.get(id)).filter((vehicle) => vehicle !== undefined)
    const different = new Set(vehicles).size
    const isKept =
      kind === 'together' ? different <= 1 : kind === 'apart' ? different === vehicles.length : vehicles.length <= 1
    if (!isKept) violations.push({ kind: 'group', detail: `The stops ${stops.join(', ')} are not ${kind}.` })
  }
}

export type { Violation, ViolationKind } from './violation.ts'
