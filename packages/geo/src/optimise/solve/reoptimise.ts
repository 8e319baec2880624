import type { Plan } from '../plan/plan.ts'
import type { Problem } from '../problem/problem.ts'
import type { InitialPlan } from './initial-orders.ts'
import { runSearch, type SolveOptions } from './solve.ts'

/**
 * Fits a running plan to a problem that has changed: a new order, a van that is late or gone. Stops stay with their vehicles where
 * that is no worse. What has been done or is under way is told by the vehicles' `locked`, `start` and `window`.
 *
 * @throws what `solve` throws
 * @example
 * ```ts
 * import { reoptimise, solve, type Problem } from '@exprsn/geo/optimize'
 *
 * const problem: Problem = {
 *   vehicles: [{ id: 'van', start: [9.52, 47.14] }],
 *   stops: [{ id: 'a', place: [9.53, 47.16] }],
 * }
 * const plan = await solve(problem, { iterations: 100 })
 * const changed = { ...problem, stops: [...(problem.stops ?? []), { id: 'b', place: [9.54, 47.17] as const }] }
 * console.log((await reoptimise(changed, plan)).unassigned.length) // 0
 * ```
 */
export async function reoptimise(
  problem: Problem,
  plan: InitialPlan,
  options: Omit<SolveOptions, 'initial'> = {},
): Promise<Plan> {
  const limits = options.timeLimit === undefined && options.iterations === undefined ? { timeLimit: 80 } : {}
  return runSearch(problem, { ...limits, ...options, initial: plan }, { isCool: true })
}
