import { milliseconds, sleep, systemClock, type Clock, type Duration } from '@exprsn/core'
import { optimiseErrors } from '../errors.ts'
import { compileProblem } from '../model/compile-problem.ts'
import { ranksVehiclesFirst } from '../model/objective-weights.ts'
import type { Plan } from '../plan/plan.ts'
import type { Problem } from '../problem/problem.ts'
import { withMatrix } from '../problem/with-matrix.ts'
import { Search } from '../search/search.ts'
import { buildPlan } from './build-plan.ts'
import { checkLocked, ordersOf, type InitialPlan } from './initial-orders.ts'

/** Options of {@link solve}. */
export interface SolveOptions {
  /** How long to search. @default '5s', or none where `iterations` is given */
  readonly timeLimit?: Duration | undefined
  /** How many changes to try. With a seed, the plan is then the same each time. @default unlimited */
  readonly iterations?: number | undefined
  /** @default 1 */
  readonly seed?: number | undefined
  /** A plan to begin with: its stops stay where they are until something better is found. */
  readonly initial?: InitialPlan | undefined
  /** Ends the search; the promise rejects with its reason. */
  readonly signal?: AbortSignal | undefined
  /** Called some ten times a second. */
  readonly onProgress?: ((progress: SolveProgress) => void) | undefined
  /** @default systemClock */
  readonly clock?: Clock | undefined
}

/** How far a search is. */
export interface SolveProgress {
  readonly iterations: number
  /** From 0 to 1. */
  readonly share: number
  readonly routes: number
  readonly unassigned: number
  /** The figure that is minimised: objectives by their weights. */
  readonly cost: number
}

/** Iterations between two looks at the clock are chosen so that they take about so many milliseconds. */
const sliceTime = 10

/**
 * Finds routes for vehicles that serve as many stops as possible at the least cost, by ruin and recreate (SISR). Stops that fit into
 * no route come back with the reason. The event loop gets a turn every few milliseconds.
 *
 * @throws `GEO_PROBLEM_INVALID`, `GEO_POSITION_INVALID`, `GEO_PLAN_INVALID`, `GEO_OPTIMISE_OPTION_INVALID`, and what a router throws
 * @example
 * ```ts
 * import { checkSolution, solve, type Problem } from '@exprsn/geo/optimise'
 *
 * const problem: Problem = {
 *   vehicles: [{ id: 'van', start: [9.52, 47.14], end: [9.52, 47.14], capacity: [10] }],
 *   stops: [
 *     { id: 'bakery', place: [9.53, 47.16], deliver: [4], windows: [[0, 3600]] },
 *     { id: 'school', place: [9.5, 47.2], deliver: [5] },
 *   ],
 * }
 * const plan = await solve(problem, { iterations: 1000 })
 * console.log(plan.routes[0]?.steps.map(({ id }) => id), checkSolution(problem, plan)) // ['bakery', 'school'] within, []
 * ```
 */
export async function solve(problem: Problem, options: SolveOptions = {}): Promise<Plan> {
  return runSearch(problem, options, false)
}

/** The search behind `solve` and `reoptimise`. */
export async function runSearch(problem: Problem, options: SolveOptions, isCool: boolean): Promise<Plan> {
  const { signal, onProgress, clock = systemClock, seed = 1 } = options
  const started = clock.monotonic()
  const { iterations, timeLimit } = limitsOf(options)
  signal?.throwIfAborted()
  const resolved = await withMatrix(problem, { signal })
  const model = compileProblem(resolved)
  checkLocked(model)
  const initial = ordersOf(resolved, model, options.initial ?? { routes: [] })
  const search = new Search(model, { seed, initial, isCool, minimisesVehicles: ranksVehiclesFirst(resolved) })
  let slice = Math.max(1, Math.min(100, Math.round(20_000 / Math.max(1, model.tasks.count))))
  let [share, reported, turned] = [0, started, started]
  const isTrivial = model.tasks.count === 0 || model.vehicles.length === 0
  while (share < 1 && !isTrivial) {
    const before = clock.monotonic()
    const count = Math.min(slice, iterations - search.iterations)
    search.run(count, share)
    const now = clock.monotonic()
    if (iterations === Infinity || timeLimit < Infinity) slice = nextSlice(slice, now - before)
    share = Math.max((now - started) / timeLimit, search.iterations / iterations)
    if (now - turned > sliceTime) {
      await sleep(0, { clock, signal })
      turned = clock.monotonic()
    }
    signal?.throwIfAborted()
    if (onProgress !== undefined && now - reported >= 100) {
      reported = now
      onProgress(progressOf(search, share))
    }
  }
  const statistics = {
    iterations: search.iterations,
    improvements: search.improvements,
    milliseconds: clock.monotonic() - started,
    seed,
  }
  return buildPlan(problem, resolved, { model, orders: search.best, statistics })
}

function nextSlice(slice: number, took: number): number {
  if (took < sliceTime / 2) return Math.min(slice * 2, 10_000)
  return took > 2 * sliceTime ? Math.max(1, slice >> 1) : slice
}

function limitsOf({ iterations = Infinity, timeLimit, seed = 1 }: SolveOptions) {
  if (iterations !== Infinity && !(Number.isInteger(iterations) && iterations >= 0))
    throw optionInvalid('iterations', `${iterations} is no whole number from 0`)
  if (!Number.isSafeInteger(seed)) throw optionInvalid('seed', `${seed} is no whole number`)
  const limit = timeLimit ?? (iterations === Infinity ? '5s' : undefined)
  const time = limit === undefined ? Infinity : milliseconds(limit)
  if (!(time > 0)) throw optionInvalid('timeLimit', 'it is not above 0')
  return { iterations: Math.max(iterations, 1e-9), timeLimit: time }
}

function progressOf({ best, iterations }: Search, share: number): SolveProgress {
  const routes = best.routes.filter(({ length }) => length > 0).length
  return { iterations, share: Math.min(1, share), routes, unassigned: best.absent, cost: best.cost }
}

function optionInvalid(option: string, reason: string) {
  return optimiseErrors.GEO_OPTIMISE_OPTION_INVALID({ option, reason })
}
