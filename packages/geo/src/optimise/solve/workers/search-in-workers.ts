import { ExprsnError, type Clock } from '@exprsn/core'
import { createWorkerPool, workerEntry, type WorkerPool } from '@exprsn/core/workers'
import type { Problem } from '../../problem/problem.ts'
import { vehiclesOf } from '../../search/fleet.ts'
import type { Orders } from '../../search/state.ts'
import { tasks, type LegResult, type LegTasks, type LegWork } from './leg.worker.ts'

/** Pieces that the search is cut into; after each, the worst half goes on from what the best found. */
const legs = 6

/** What is searched, and how. */
export interface WorkersSearch {
  /** With its matrix, without a router. */
  readonly problem: Problem
  readonly initial: readonly Int32Array[]
  readonly isCool: boolean
  readonly minimisesVehicles: boolean
  /** What it costs that required stops and shipments are left out. */
  readonly missing: (orders: Orders) => number
  readonly seed: number
  readonly workers: number
  /** Per worker. */
  readonly iterations: number
  /** Milliseconds, from `started` on. */
  readonly timeLimit: number
  readonly started: number
  readonly clock: Clock
  readonly signal: AbortSignal | undefined
  /** Called after each piece. */
  readonly onLeg: (best: LegResult, share: number) => void
}

/**
 * Several searches with seeds of their own in threads, which exchange what they found. Without a time limit the result depends on
 * seed, iterations and the number of workers alone. Where no thread starts, the same is done here, one after the other.
 */
export async function searchInWorkers(search: WorkersSearch): Promise<LegResult> {
  const { workers, clock, started, timeLimit, iterations } = search
  const pool = createWorkerPool<LegTasks>({
    entry: workerEntry(import.meta.url, './leg.worker.ts', 'optimise'),
    threads: workers,
    clock,
  })
  try {
    let orders: readonly (readonly Int32Array[])[] = Array.from({ length: workers }, () => search.initial)
    let best: LegResult | undefined
    for (let leg = 0; leg < legs; leg++) {
      const [from, until] = [leg / legs, (leg + 1) / legs]
      // What starting and copying take is time, too.
      const left = timeLimit - (clock.monotonic() - started)
      if (best !== undefined && left <= 0) break
      const time = Math.max(left, 1) / (1 - from)
      const works = orders.map((own, worker): LegWork => ({
        ...{ problem: search.problem, orders: own, isCool: search.isCool, from, until, iterations, timeLimit: time },
        seed: seedOf(search.seed, leg, worker),
      }))
      const results = await runLegs(pool, works, search)
      const total = (value: (result: LegResult) => number): number =>
        results.reduce((sum, result) => sum + value(result), 0)
      const ranked = results.toSorted((a, b) => compare(a.orders, b.orders, search))
      const winner = best === undefined || compare(ranked[0]!.orders, best.orders, search) < 0
      best = {
        orders: winner ? ranked[0]!.orders : best!.orders,
        iterations: (best?.iterations ?? 0) + total((result) => result.iterations),
        improvements: (best?.improvements ?? 0) + total((result) => result.improvements),
      }
      search.onLeg(best, until)
      const kept = ranked.slice(0, Math.ceil(workers / 2))
      orders = Array.from({ length: workers }, (_, worker) => kept[worker % kept.length]!.orders.routes)
    }
    return best!
  } finally {
    await pool.close({ deadline: 0 })
  }
}

async function runLegs(
  pool: WorkerPool<LegTasks>,
  works: readonly LegWork[],
  { signal, timeLimit }: WorkersSearch,
): Promise<LegResult[]> {
  try {
    return await Promise.all(works.map((work) => pool.run('leg', work, { signal })))
  } catch (error) {
    // The worker's file is not beside this one, as in some bundles.
    if (!ExprsnError.is(error) || error.code !== 'CORE_WORKERS_ENTRY_FAILED') throw error
    const results: LegResult[] = []
    const context = { signal: signal ?? new AbortController().signal }
    for (const work of timeLimit < Infinity ? works.slice(0, 1) : works) results.push(await tasks.leg(work, context))
    return results
  }
}

/** Less left out of what is required first, then fewer vehicles where they matter most, then what it costs. */
function compare(a: Orders, b: Orders, { minimisesVehicles, missing }: WorkersSearch): number {
  if (!minimisesVehicles) return a.cost - b.cost
  const [missingA, missingB] = [missing(a), missing(b)]
  return missingA - missingB || vehiclesOf(a) - vehiclesOf(b) || a.cost - b.cost
}

function seedOf(seed: number, leg: number, worker: number): number {
  return leg === 0 && worker === 0 ? seed : (Math.imul(seed, 0x9e3779b1) ^ (leg * 1_024 + worker)) >>> 0
}
