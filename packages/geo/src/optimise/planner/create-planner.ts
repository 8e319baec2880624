import {
  createIdGenerator,
  ExprsnError,
  milliseconds,
  silentLogger,
  systemClock,
  type Clock,
  type Duration,
  type Logger,
} from '@exprsn/core'
import { createWorkerPool, workerEntry, type WorkerPool } from '@exprsn/core/workers'
import type { Position } from '../../coordinates/position.ts'
import type { Plan } from '../plan/plan.ts'
import { checkProblem } from '../problem/check-problem.ts'
import type { Problem } from '../problem/problem.ts'
import { positionsOf } from '../problem/travel.ts'
import { withMatrix } from '../problem/with-matrix.ts'
import type { InitialPlan } from '../solve/initial-orders.ts'
import { isFinished, type PlanJob } from './plan-job.ts'
import { tasks, type PlanTasks, type PlanWork } from './plan.worker.ts'
import { plannerErrors } from './errors.ts'
import { createProgressMemory, readProgress } from './progress-memory.ts'

/** Options of {@link createPlanner}. */
export interface PlannerOptions {
  /** Threads that solve, one problem each; 0: in this thread, which gives the event loop a turn every few milliseconds. @default processors − 1, at least 1 */
  readonly threads?: number | undefined
  /** Asked for ways between positions where a problem has no matrix. @default straight lines */
  readonly router?: Problem['router']
  /** Where a problem says nothing. @default '5s' */
  readonly timeLimit?: Duration | undefined
  /** Longer ones are cut to it; iterations without a time limit fail when they take longer. @default '60s' */
  readonly maxTimeLimit?: Duration | undefined
  /** Visits of a problem: a shipment has two. @default 2000 */
  readonly maxVisits?: number | undefined
  /** Vehicles of a problem. @default 500 */
  readonly maxVehicles?: number | undefined
  /** Problems that wait for a thread; more are refused. @default 20 */
  readonly maxWaiting?: number | undefined
  /** How long finished plans can be asked for. @default '1h' */
  readonly keep?: Duration | undefined
  /** Finished plans that are kept; the oldest go first. @default 200 */
  readonly maxKept?: number | undefined
  /** Told about jobs that fail on our side. @default silentLogger */
  readonly logger?: Logger | undefined
  /** @default systemClock */
  readonly clock?: Clock | undefined
}

/** Options of {@link Planner.submit}. */
export interface SubmitOptions {
  /** How long to search. @default the planner's */
  readonly timeLimit?: Duration | undefined
  /** How many changes to try at most; alone, they give the same plan each time. @default unlimited */
  readonly iterations?: number | undefined
  /** @default 1 */
  readonly seed?: number | undefined
  /** A plan to begin with. */
  readonly initial?: InitialPlan | undefined
  /** Whether `initial` is running: it is fitted to the problem as `reoptimise` does. @default false */
  readonly running?: boolean | undefined
}

/** Solves problems one after the other, in threads, and keeps their plans for a while. */
export interface Planner {
  /**
   * Takes a problem. Throws `GEO_PROBLEM_INVALID`, `GEO_PROBLEM_TOO_LARGE`, `GEO_PLANNER_BUSY`, `GEO_PLANNER_CLOSED`,
   * `GEO_PLANNER_OPTION_INVALID`.
   */
  submit(problem: Problem, options?: SubmitOptions): PlanJob
  /** How far it is, and its plan. Throws `GEO_PLAN_JOB_NOT_FOUND`. */
  job(id: string): PlanJob
  /** What `explain` and pictures take; undefined where it is not done. Throws `GEO_PLAN_JOB_NOT_FOUND`. */
  solved(id: string): SolvedProblem | undefined
  /** Each change until it is finished, beginning with now; a slow reader misses what is overtaken. Throws `GEO_PLAN_JOB_NOT_FOUND`. */
  events(id: string, options?: { readonly signal?: AbortSignal | undefined }): AsyncIterable<PlanJob>
  /** Ends a job that is not finished. Throws `GEO_PLAN_JOB_NOT_FOUND`. */
  cancel(id: string): PlanJob
  /** All jobs, the newest first. */
  jobs(): readonly PlanJob[]
  /** Cancels what is not finished and ends the threads. */
  close(): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

/** A problem with its plan: where a router was asked, places of both are rows of its matrix, and positions tell where they lie. */
export interface SolvedProblem {
  readonly problem: Problem
  readonly plan: Plan
  /** By row; empty where no router was asked. */
  readonly positions: readonly Position[]
}

/** How often progress is looked at, in milliseconds. */
const lookEvery = 100

/** Beyond its time limit a problem takes some time to be compiled and its plan to be written. */
const grace = 30_000

/**
 * Makes a planner: problems in, progress and plans out, without holding up the event loop. Nothing starts before the first problem.
 *
 * @throws `GEO_PLANNER_OPTION_INVALID`
 * @example
 * ```ts
 * import { createPlanner } from '@exprsn/geo/optimize'
 *
 * await using planner = createPlanner({ threads: 0, timeLimit: '100ms' })
 * const stops = [{ id: 'bakery', place: [9.53, 47.16] as const }]
 * const { id } = planner.submit({ vehicles: [{ id: 'van', start: [9.52, 47.14] }], stops })
 * for await (const { status, plan } of planner.events(id)) if (status === 'done') console.log(plan?.unassigned) // []
 * ```
 */
export function createPlanner(options: PlannerOptions = {}): Planner {
  return new JobPlanner(options)
}

interface Entry {
  job: PlanJob
  readonly problem: Problem
  solved: SolvedProblem | undefined
  readonly controller: AbortController
  readonly memory: SharedArrayBuffer
  seen: number
  readonly listeners: Set<() => void>
}

class JobPlanner implements Planner {
  readonly #settings: ReturnType<typeof settingsOf>
  readonly #entries = new Map<string, Entry>()
  #pool: WorkerPool<PlanTasks> | undefined
  readonly #createId: () => string
  #isClosed = false
  #isLooking = false
  #inline: Promise<void> = Promise.resolve()

  constructor(options: PlannerOptions) {
    this.#settings = settingsOf(options)
    this.#createId = createIdGenerator({ clock: this.#settings.clock })
  }

  submit(problem: Problem, options: SubmitOptions = {}): PlanJob {
    const { clock, maxWaiting, maxVisits, maxVehicles } = this.#settings
    if (this.#isClosed) throw plannerErrors.GEO_PLANNER_CLOSED()
    checkProblem(problem)
    const { stops = [], shipments = [], vehicles } = problem
    checkSize('visits', stops.length + 2 * shipments.length, maxVisits)
    checkSize('vehicles', vehicles.length, maxVehicles)
    const limits = limitsOf(options, this.#settings)
    this.#forget()
    const waiting = [...this.#entries.values()].filter(({ job }) => job.status === 'waiting').length
    if (waiting >= maxWaiting) throw plannerErrors.GEO_PLANNER_BUSY({ waiting })
    const id = this.#createId()
    const entry: Entry = {
      job: { id, status: 'waiting', created: clock.now() },
      ...{ problem, solved: undefined },
      ...{ controller: new AbortController(), memory: createProgressMemory(), seen: 0, listeners: new Set() },
    }
    this.#entries.set(id, entry)
    void this.#run(entry, limits, options)
    return entry.job
  }

  job(id: string): PlanJob {
    return this.#entry(id).job
  }

  solved(id: string): SolvedProblem | undefined {
    return this.#entry(id).solved
  }

  jobs(): readonly PlanJob[] {
    return [...this.#entries.values()].map(({ job }) => job).toReversed()
  }

  async *events(id: string, { signal }: { readonly signal?: AbortSignal | undefined } = {}): AsyncGenerator<PlanJob> {
    const entry = this.#entry(id)
    let wake = (): void => {}
    const listen = (): void => wake()
    entry.listeners.add(listen)
    signal?.addEventListener('abort', listen, { once: true })
    try {
      for (let told: PlanJob | undefined; ;) {
        if (signal?.aborted === true) return
        const changed = new Promise<void>((resolve) => (wake = resolve))
        if (entry.job !== told) {
          told = entry.job
          yield told
          if (isFinished(told)) return
          continue
        }
        await changed
      }
    } finally {
      entry.listeners.delete(listen)
      signal?.removeEventListener('abort', listen)
    }
  }

  cancel(id: string): PlanJob {
    const entry = this.#entry(id)
    if (!isFinished(entry.job)) {
      entry.controller.abort()
      this.#change(entry, { status: 'cancelled', finished: this.#settings.clock.now() })
    }
    return entry.job
  }

  async close(): Promise<void> {
    this.#isClosed = true
    for (const id of this.#entries.keys()) this.cancel(id)
    await this.#pool?.close({ deadline: 1_000 })
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  async #run(entry: Entry, timeLimit: number | undefined, options: SubmitOptions): Promise<void> {
    const { router, clock, logger } = this.#settings
    const { signal } = entry.controller
    const given = entry.problem
    try {
      const hasRouter = given.matrix === undefined && given.matrices === undefined && router !== undefined
      const problem = hasRouter
        ? await withMatrix({ ...given, router }, { signal })
        : await withMatrix(given, { signal })
      const { iterations, seed, initial, running = false } = options
      const work = { problem, timeLimit, iterations, seed, initial, isRunning: running, progress: entry.memory }
      this.#look()
      const plan = await this.#solve(work, signal)
      if (isFinished(entry.job)) return
      const positions = hasRouter || given.router !== undefined ? positionsOf(given) : []
      entry.solved = { problem, plan, positions }
      const last = readProgress(entry.memory)?.progress
      this.#change(entry, {
        status: 'done',
        finished: clock.now(),
        plan: placed(plan, positions),
        ...(last === undefined ? {} : { progress: last }),
      })
    } catch (error) {
      if (isFinished(entry.job)) return
      const known = ExprsnError.is(error)
      if (!known) logger.error({ err: error, plan: entry.job.id }, 'a plan failed')
      this.#change(entry, {
        status: 'failed',
        finished: clock.now(),
        error: known
          ? { code: error.code, message: error.message, details: error.details }
          : { code: 'GEO_PLAN_FAILED', message: 'The plan failed.' },
      })
    }
  }

  async #solve(work: PlanWork, signal: AbortSignal): Promise<Plan> {
    const { threads, clock, maxTimeLimit } = this.#settings
    this.#pool ??= createWorkerPool<PlanTasks>({
      entry: workerEntry(import.meta.url, './plan.worker.ts', 'optimise'),
      threads,
      queueLimit: 100_000,
      clock,
    })
    const timeout = work.timeLimit === undefined ? maxTimeLimit : work.timeLimit + grace
    try {
      return await this.#pool.run('plan', work, { signal, timeout })
    } catch (error) {
      // Where the worker's file is not beside this one, as in some bundles, problems are solved here, one after the other.
      if (!ExprsnError.is(error) || error.code !== 'CORE_WORKERS_ENTRY_FAILED') throw error
      const plan = this.#inline.then(() => tasks.plan(work, { signal }))
      this.#inline = plan.then(
        () => {},
        () => {},
      )
      return plan
    }
  }

  #change(entry: Entry, change: Partial<PlanJob>): void {
    entry.job = { ...entry.job, ...change }
    for (const listener of entry.listeners) listener()
  }

  /** Looks at the progress of what runs, as long as something does. */
  #look(): void {
    if (this.#isLooking) return
    this.#isLooking = true
    const turn = (): void => {
      let isBusy = false
      for (const entry of this.#entries.values()) {
        if (isFinished(entry.job)) continue
        isBusy = true
        const now = readProgress(entry.memory)
        if (now === undefined || now.count === entry.seen) continue
        entry.seen = now.count
        this.#change(entry, { status: 'running', ...(now.progress === undefined ? {} : { progress: now.progress }) })
      }
      this.#isLooking = isBusy
      if (isBusy) this.#settings.clock.setTimer(turn, lookEvery, { background: true })
    }
    this.#settings.clock.setTimer(turn, lookEvery, { background: true })
  }

  #entry(id: string): Entry {
    const entry = this.#entries.get(id)
    if (entry === undefined) throw plannerErrors.GEO_PLAN_JOB_NOT_FOUND({ id })
    return entry
  }

  /** Lets go of what was finished long ago, and of the oldest beyond what is kept. */
  #forget(): void {
    const { clock, keep, maxKept } = this.#settings
    const finished = [...this.#entries.values()].filter(({ job }) => isFinished(job))
    const old = finished.filter(({ job }, at) => at < finished.length - maxKept || clock.now() - job.finished! > keep)
    for (const { job } of old) this.#entries.delete(job.id)
  }
}

/** The plan with positions where its problem had them. */
function placed(plan: Plan, positions: readonly Position[]): Plan {
  if (positions.length === 0) return plan
  return {
    ...plan,
    routes: plan.routes.map((route) => ({
      ...route,
      steps: route.steps.map((step) =>
        typeof step.place === 'number' ? { ...step, place: positions[step.place] } : step,
      ),
    })),
  }
}

function settingsOf({
  threads,
  router,
  timeLimit = '5s',
  maxTimeLimit = '60s',
  maxVisits = 2_000,
  maxVehicles = 500,
  maxWaiting = 20,
  keep = '1h',
  maxKept = 200,
  logger = silentLogger,
  clock = systemClock,
}: PlannerOptions) {
  for (const [option, value] of Object.entries({ threads, maxVisits, maxVehicles, maxWaiting, maxKept }))
    if (value !== undefined && !(Number.isInteger(value) && value >= 0))
      throw plannerErrors.GEO_PLANNER_OPTION_INVALID({ option, reason: `${value} is no whole number from 0` })
  return {
    ...{ threads, router, maxVisits, maxVehicles, maxWaiting, maxKept, logger, clock },
    timeLimit: milliseconds(timeLimit),
    maxTimeLimit: milliseconds(maxTimeLimit),
    keep: milliseconds(keep),
  }
}

/** How long to search, in milliseconds; undefined for iterations alone: cut off by a clock they would not give the same plan each time. */
function limitsOf(
  { timeLimit, iterations, seed }: SubmitOptions,
  settings: { readonly timeLimit: number; readonly maxTimeLimit: number },
): number | undefined {
  if (iterations !== undefined && !(Number.isInteger(iterations) && iterations >= 0))
    throw plannerErrors.GEO_PLANNER_OPTION_INVALID({ option: 'iterations', reason: `${iterations} is no whole number` })
  if (seed !== undefined && !Number.isSafeInteger(seed))
    throw plannerErrors.GEO_PLANNER_OPTION_INVALID({ option: 'seed', reason: `${seed} is no whole number` })
  const wanted = timeLimit === undefined ? undefined : milliseconds(timeLimit)
  if (wanted !== undefined && !(wanted > 0))
    throw plannerErrors.GEO_PLANNER_OPTION_INVALID({ option: 'timeLimit', reason: 'it is not above 0' })
  if (wanted === undefined && iterations !== undefined) return undefined
  return Math.min(wanted ?? settings.timeLimit, settings.maxTimeLimit)
}

function checkSize(what: string, count: number, limit: number): void {
  if (count > limit) throw plannerErrors.GEO_PROBLEM_TOO_LARGE({ what, count, limit })
}
