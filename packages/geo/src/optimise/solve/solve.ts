import { milliseconds, systemClock, type Clock, type Duration } from '@exprsn/core'
import { optimiseErrors } from '../errors.ts'
import { compileProblem } from '../model/compile-problem.ts'
import type { Model } from '../model/model.ts'
import { ranksVehiclesFirst } from '../model/objective-weights.ts'
import type { Plan } from '../plan/plan.ts'
import type { Problem } from '../problem/problem.ts'
import { withMatrix } from '../problem/with-matrix.ts'
import { createSearch } from '../search/create-search.ts'
import { missingOfOrders } from '../search/missing-of.ts'
import type { SearchRun } from '../search/search-run.ts'
import type { Orders } from '../search/state.ts'
import { buildPlan } from './build-plan.ts'
import { checkLocked, ordersOf, type InitialPlan } from './initial-orders.ts'
import { searchUntil } from './search-until.ts'
import type { LegResult } from './workers/leg.worker.ts'
import { searchInWorkers } from './workers/search-in-workers.ts'

/** Options of {@link solve}. */
export interface SolveOptions {
  /** How long to search. @default '5s', or none where `iterations` is given */
  readonly timeLimit?: Duration | undefined
  /** How many changes to try. With a seed, the plan is then the same each time. @default unlimited */
  readonly iterations?: number | undefined
  /** @default 1 */
  readonly seed?: number | undefined
  /**
   * Threads that search with seeds of their own and exchange what they find; `iterations` counts for each. With a seed and without
   * `timeLimit`, the plan is the same each time. `onProgress` is called after each of their exchanges.
   *
   * @default 1: no thread
   */
  readonly workers?: number | undefined
  /** A plan to begin with: its stops stay where they are until something better is found. */
  readonly initial?: InitialPlan | undefined
  /** Ends the search; the promise rejects with its reason. */
  readonly signal?: AbortSignal | undefined
  /** Called some ten times a second, and at the end. */
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

/**
 * Finds routes for vehicles that serve as many stops as possible at the least cost, by ruin and recreate (SISR). Stops that fit into
 * no route come back with the reason. The event loop gets a turn every few milliseconds.
 *
 * @throws `GEO_PROBLEM_INVALID`, `GEO_POSITION_INVALID`, `GEO_PLAN_INVALID`, `GEO_OPTIMISE_OPTION_INVALID`, and what a router throws
 * @example
 * ```ts
 * import { checkSolution, solve, type Problem } from '@exprsn/geo/optimize'
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
  return runSearch(problem, options, { isCool: false })
}

/** How a search differs from a plain `solve`. */
export interface SearchManner {
  /** Whether only what is near the initial plan is looked for. */
  readonly isCool: boolean
  /** Told the numbers that are searched, before the search begins. */
  readonly onModel?: ((model: Model) => void) | undefined
}

/** So many are placed within milliseconds. */
const stopsAtOnce = 20

/** The search behind `solve` and `reoptimise`. */
export async function runSearch(
  problem: Problem,
  options: SolveOptions,
  { isCool, onModel }: SearchManner,
): Promise<Plan> {
  const { signal, onProgress, clock = systemClock, seed = 1 } = options
  const started = clock.monotonic()
  const { iterations, timeLimit, workers } = limitsOf(options)
  signal?.throwIfAborted()
  const resolved = await withMatrix(problem, { signal })
  const model = compileProblem(resolved)
  checkLocked(model)
  onModel?.(model)
  const initial = ordersOf(resolved, model, options.initial ?? { routes: [] })
  const minimisesVehicles = ranksVehiclesFirst(resolved)
  const isTrivial = model.tasks.count === 0 || model.vehicles.length === 0
  const common = { initial, isCool, minimisesVehicles, seed }
  let reported = started
  let found: Pick<SearchRun, 'best' | 'iterations' | 'improvements'>
  if (workers > 1 && !isTrivial) {
    const onLeg = ({ orders: best, ...counts }: LegResult, share: number): void =>
      onProgress?.(progressOf({ best, ...counts }, share))
    const missing = (orders: Orders): number => missingOfOrders(model, orders)
    const limits = { iterations, timeLimit, started, clock, signal, onLeg, missing }
    const { orders, ...counts } = await searchInWorkers({ problem: resolved, ...common, workers, ...limits })
    found = { best: orders, ...counts }
  } else {
    const search = createSearch(model, common)
    const onTurn = (share: number, now: number): void => {
      if (onProgress === undefined || now - reported < 100) return
      reported = now
      onProgress(progressOf(search, share))
    }
    // Few stops have a plan even where preparing took all the time.
    search.begin(stopsAtOnce)
    const left = timeLimit - (clock.monotonic() - started)
    const part = { from: 0, until: 1, iterations, timeLimit: left }
    if (!isTrivial && left > 0) await searchUntil(search, part, { clock, signal, visits: model.tasks.count, onTurn })
    found = search
    onProgress?.(progressOf(search, 1))
  }
  const statistics = {
    iterations: found.iterations,
    improvements: found.improvements,
    milliseconds: clock.monotonic() - started,
    seed,
  }
  const timeLeft = timeLimit === Infinity ? undefined : () => started + timeLimit - clock.monotonic()
  return buildPlan(problem, resolved, { model, orders: found.best, statistics, timeLeft })
}

function limitsOf({ iterations = Infinity, timeLimit, seed = 1, workers = 1 }: SolveOptions) {
  if (iterations !== Infinity && !(Number.isInteger(iterations) && iterations >= 0))
    throw optionInvalid('iterations', `${iterations} is no whole number from 0`)
  if (!Number.isSafeInteger(seed)) throw optionInvalid('seed', `${seed} is no whole number`)
  if (!(Number.isInteger(workers) && workers >= 1))
    throw optionInvalid('workers', `${workers} is no whole number from 1`)
  const limit = timeLimit ?? (iterations === Infinity ? '5s' : undefined)
  const time = limit === undefined ? Infinity : milliseconds(limit)
  if (!(time > 0)) throw optionInvalid('timeLimit', 'it is not above 0')
  return { iterations, timeLimit: time, workers }
}

function progressOf({ best, iterations }: Pick<SearchRun, 'best' | 'iterations'>, share: number): SolveProgress {
  const routes = best.routes.filter(({ length }) => length > 0).length
  return { iterations, share: Math.min(1, share), routes, unassigned: best.absent, cost: best.cost }
}

function optionInvalid(option: string, reason: string) {
  return optimiseErrors.GEO_OPTIMISE_OPTION_INVALID({ option, reason })
}
