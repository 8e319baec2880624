import { checkSolution } from '../check/check-solution.ts'
import { optimiseErrors } from '../errors.ts'
import { compileProblem } from '../model/compile-problem.ts'
import type { Model } from '../model/model.ts'
import type { Constraint, Plan, PlanRoute, PlanStep, Unassigned } from '../plan/plan.ts'
import { checkProblem } from '../problem/check-problem.ts'
import type { Problem } from '../problem/problem.ts'
import { unassignedOf } from '../solve/unassigned.ts'
import { VehicleComparison } from './compare-vehicles.ts'
import { explainHours } from './explain-hours.ts'
import { explainStops } from './explain-stops.ts'
import { explanationText } from './explanation-text.ts'
import type { CostComponents, PlanExplanation, RouteExplanation } from './explanation.ts'
import { planOrders } from './plan-orders.ts'

/** Options of {@link explain}. */
export interface ExplainOptions {
  /** Seconds, as in the problem: what lies before is done. @default a locked stop where the vehicle starts is under way */
  readonly now?: number | undefined
  /** Whether each stop is tried in each other vehicle. @default true up to 500 visits */
  readonly alternatives?: boolean | undefined
}

/** Beyond so many visits, trying all of them elsewhere takes seconds. */
const mostCompared = 500

/**
 * Tells why a plan is as it is: what each route costs and why, how full it is, which rules of driving put its breaks where they are, and
 * per stop how late it may become and what other vehicles would cost or why they cannot. Takes plans from anywhere.
 *
 * @throws `GEO_PROBLEM_INVALID`, also for a problem whose matrix only a router knows (see `withMatrix`), `GEO_POSITION_INVALID`,
 * `GEO_PLAN_INVALID` for what is no plan
 * @example
 * ```ts
 * import { explain, solve, type Problem } from '@exprsn/geo/optimize'
 *
 * const problem: Problem = {
 *   vehicles: [{ id: 'van', start: [9.52, 47.14], capacity: [4] }],
 *   stops: [
 *     { id: 'bakery', place: [9.53, 47.16], deliver: [4] },
 *     { id: 'quarry', place: [9.5, 47.2], deliver: [9] },
 *   ],
 * }
 * const { text, routes } = explain(problem, await solve(problem, { iterations: 100 }))
 * console.log(routes[0]?.stops[0]?.reason) // There is no other vehicle.
 * console.log(text.includes('quarry: It is more than any vehicle that may take it can carry.')) // true
 * ```
 */
export function explain(
  problem: Problem,
  plan: Pick<Plan, 'routes' | 'cost'> & { readonly unassigned: readonly (Unassigned | { readonly stop: string })[] },
  { now, alternatives }: ExplainOptions = {},
): PlanExplanation {
  checkProblem(problem)
  if (!Array.isArray(plan?.routes) || !Array.isArray(plan.unassigned))
    throw optimiseErrors.GEO_PLAN_INVALID({ where: 'routes', reason: 'it is no list' })
  const violations = checkSolution(problem, plan)
  const model = compileProblem(problem)
  const orders = planOrders(problem, model, plan)
  const isCompared = alternatives ?? model.tasks.count <= mostCompared
  const comparison = isCompared ? new VehicleComparison(model, orders) : undefined
  const routes = plan.routes.flatMap((route): RouteExplanation[] => {
    const index = problem.vehicles.findIndex(({ id }) => id === route.vehicle)
    if (index < 0 || route.steps.length === 0) return []
    return [explainRoute(route, { problem, model, index, now, comparison })]
  })
  const used = new Set(plan.routes.map(({ vehicle }) => vehicle))
  const told = {
    routes,
    unassigned: unassignedIn(problem, plan.unassigned, { model, orders }),
    idle: problem.vehicles.map(({ id }) => id).filter((id) => !used.has(id)),
    costs: routes.reduce(
      (sum, { costs }) => ({
        fixed: sum.fixed + costs.fixed,
        distance: sum.distance + costs.distance,
        driving: sum.driving + costs.driving,
        duty: sum.duty + costs.duty,
        total: sum.total + costs.total,
      }),
      { fixed: 0, distance: 0, driving: 0, duty: 0, total: 0 },
    ),
    violations,
  }
  return { ...told, text: explanationText(told) }
}

function explainRoute(route: PlanRoute, context: Parameters<typeof explainStops>[1]): RouteExplanation {
  const { problem, model, index } = context
  const vehicle = problem.vehicles[index]!
  const { steps, distance, driving } = route
  const sum = (types: readonly PlanStep['type'][], value: (step: PlanStep) => number): number =>
    steps.reduce((total, step) => total + (types.includes(step.type) ? value(step) : 0), 0)
  const lasting = ({ begin, end }: PlanStep): number => end - begin
  const [begin, end] = [steps[0]!.begin, steps.at(-1)!.end]
  const hours = explainHours(vehicle, route)
  return {
    ...{ vehicle: vehicle.id, begin, end, distance, driving },
    costs: costsOf(model, index, { distance, driving, duty: end - begin }),
    handling: sum(['stop', 'pickup', 'delivery', 'reload'], lasting),
    waiting: steps.reduce((total, step) => total + step.begin - step.arrival, 0),
    pauses: sum(['break', 'rest'], lasting),
    load: [...model.vehicles[index]!.capacity].map((capacity, dimension) => ({
      most: Math.max(0, ...steps.map(({ load }) => load[dimension] ?? 0)),
      capacity,
    })),
    limits: limitsOf(context, route),
    ...(hours === undefined ? {} : { hours }),
    stops: explainStops(route, context),
  }
}

function costsOf(
  { vehicles }: Model,
  index: number,
  { distance, driving, duty }: { readonly distance: number; readonly driving: number; readonly duty: number },
): CostComponents {
  const { fixed, perMetre, perSecond, perDutySecond } = vehicles[index]!.costs
  const parts = { fixed, distance: perMetre * distance, driving: perSecond * driving, duty: perDutySecond * duty }
  return { ...parts, total: fixed + parts.distance + parts.driving + parts.duty }
}

function limitsOf(
  { problem, index }: { readonly problem: Problem; readonly index: number },
  { steps, distance, driving }: PlanRoute,
): RouteExplanation['limits'] {
  const { maxDuty, maxDriving, maxDistance, maxStops, window } = problem.vehicles[index]!
  const [begin, end] = [steps[0]!.begin, steps.at(-1)!.end]
  const visits = steps.filter(({ type }) => type === 'stop' || type === 'pickup' || type === 'delivery').length
  const all: readonly (readonly [Constraint, number, number | undefined])[] = [
    ['shift', end - (window?.[0] ?? begin), window && window[1] - window[0]],
    ['max-duty', end - begin, maxDuty],
    ['max-driving', driving, maxDriving],
    ['max-distance', distance, maxDistance],
    ['max-stops', visits, maxStops],
  ]
  return all.flatMap(([limit, used, allowed]) =>
    allowed === undefined || allowed === Infinity ? [] : [{ limit, used, allowed }],
  )
}

/** Reasons that the plan does not tell are found. */
function unassignedIn(
  problem: Problem,
  list: readonly (Unassigned | { readonly stop: string })[],
  { model, orders }: { readonly model: Model; readonly orders: readonly Int32Array[] },
): Unassigned[] {
  const isTold = (one: (typeof list)[number]): one is Unassigned => 'reason' in one && 'relaxing' in one
  if (list.every(isTold)) return [...list]
  const found = new Map(unassignedOf(problem, model, orders).map((one) => [one.stop, one]))
  return list.flatMap((one) => (isTold(one) ? [one] : (found.get(one.stop) ?? [])))
}
