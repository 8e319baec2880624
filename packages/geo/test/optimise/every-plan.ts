import { checkSolution, type Plan, type Problem, solve } from '@exprsn/geo/optimize'

/**
 * The best of all plans, found by trying every order of stops in every split over the vehicles: for each, the vehicles' whole routes
 * are locked, so that there is nothing left to search, and the check decides whether the plan counts.
 */
export async function bestOfAll(
  problem: Problem,
): Promise<{ readonly value: number; readonly plan: Plan } | undefined> {
  let best: { readonly value: number; readonly plan: Plan } | undefined
  const visits = [
    ...(problem.stops ?? []).map(({ id }) => id),
    ...(problem.shipments ?? []).flatMap(({ id }) => [id, id]),
  ]
  for (const routes of splits(visits, problem.vehicles.length)) {
    if (problem.vehicles.some(({ locked = [] }, at) => locked.some((id, index) => routes[at]![index] !== id))) continue
    const windowless = problem.vehicles.map((vehicle, at) => ({ ...vehicle, locked: routes[at]! }))
    let plan: Plan
    try {
      plan = await solve({ ...problem, vehicles: windowless }, { iterations: 0 })
    } catch {
      continue
    }
    if (checkSolution(problem, plan).length > 0) continue
    const value = valueOf(problem, plan)
    if (best === undefined || value < best.value - 1e-9) best = { value, plan }
  }
  return best
}

/** What routes cost, and stops that are left out: their prize, or so much that they are served where that is possible. */
export function valueOf({ stops = [], shipments = [] }: Problem, { cost, unassigned }: Plan): number {
  const left = new Set(unassigned.map(({ stop }) => stop))
  return [...stops, ...shipments].reduce((sum, { id, prize }) => sum + (left.has(id) ? (prize ?? 1e9) : 0), cost)
}

/** Every way to give visits to vehicles in an order, each visit possibly to none. */
function splits(visits: readonly string[], vehicles: number): string[][][] {
  let partial: string[][][] = [Array.from({ length: vehicles }, () => [])]
  for (const visit of visits) {
    const next = new Map<string, string[][]>()
    for (const routes of partial) {
      next.set(JSON.stringify(routes), routes)
      for (const [vehicle, route] of routes.entries())
        for (let at = 0; at <= route.length; at++) {
          const longer = routes.map((own, index) => (index === vehicle ? own.toSpliced(at, 0, visit) : own))
          next.set(JSON.stringify(longer), longer)
        }
    }
    partial = [...next.values()]
  }
  return partial
}
