import { checkSolution, solve, type Problem } from '@exprsn/geo/optimize'

/**
 * What the best of all plans costs, where a plan's cost is the sum over its routes: every order of every set of stops is tried for each
 * vehicle, its whole route locked so that there is nothing left to search, and sets are joined to plans that serve all stops.
 * Undefined where none does. Groups, and objectives over several routes, are not looked at.
 */
export async function bestPartition(problem: Problem): Promise<number | undefined> {
  const stops = problem.stops ?? []
  let best = new Map([[0, 0]])
  const known = new Map<string, ReadonlyMap<number, number>>()
  for (const { id: _, ...vehicle } of problem.vehicles) {
    const kind = JSON.stringify(vehicle)
    const costs = known.get(kind) ?? (await routeCosts({ ...problem, vehicles: [{ id: 'it', ...vehicle }] }))
    known.set(kind, costs)
    const next = new Map(best)
    for (const [served, sum] of best)
      for (const [route, cost] of costs)
        if ((served & route) === 0 && sum + cost < (next.get(served | route) ?? Infinity))
          next.set(served | route, sum + cost)
    best = next
  }
  return best.get(2 ** stops.length - 1)
}

/** Per set of stops, as bits, the least cost of a route over them. An order that cannot be done is not made longer. */
async function routeCosts(problem: Problem): Promise<Map<number, number>> {
  const { stops = [], vehicles } = problem
  const costs = new Map<number, number>()
  const extend = async (order: readonly number[], served: number): Promise<void> => {
    for (const at of stops.keys()) {
      if ((served & (1 << at)) !== 0) continue
      const longer = [...order, at]
      const set = served | (1 << at)
      const cost = await costOf(longer.map((index) => stops[index]!.id))
      if (cost === undefined) continue
      costs.set(set, Math.min(cost, costs.get(set) ?? Infinity))
      await extend(longer, set)
    }
  }
  const costOf = async (locked: readonly string[]): Promise<number | undefined> => {
    const own = {
      ...problem,
      stops: stops.filter(({ id }) => locked.includes(id)),
      vehicles: [{ ...vehicles[0]!, locked }],
    }
    try {
      const plan = await solve(own, { iterations: 0 })
      return checkSolution({ ...own, vehicles }, plan).length === 0 && plan.unassigned.length === 0
        ? plan.cost
        : undefined
    } catch {
      return undefined
    }
  }
  await extend([], 0)
  return costs
}
