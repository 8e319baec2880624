import { systemClock } from '@exprsn/core'
import { serveTasks } from '@exprsn/core/workers'
import { compileProblem } from '../../model/compile-problem.ts'
import { ranksVehiclesFirst } from '../../model/objective-weights.ts'
import type { Problem } from '../../problem/problem.ts'
import { createSearch } from '../../search/create-search.ts'
import type { Orders } from '../../search/state.ts'
import { searchUntil, type SearchPart } from '../search-until.ts'

/** The tasks of the worker, for the pool. */
export type LegTasks = typeof tasks

/** A piece of a search, plain data. */
export interface LegWork extends SearchPart {
  /** With its matrix, without a router. */
  readonly problem: Problem
  readonly orders: readonly Int32Array[]
  readonly seed: number
  readonly isCool: boolean
}

/** What a piece of a search found. */
export interface LegResult {
  readonly orders: Orders
  readonly iterations: number
  readonly improvements: number
}

/** Searches for a while in a thread of its own. */
export const tasks = serveTasks({
  leg: async (work: LegWork, { signal }): Promise<LegResult> => {
    const { problem, orders, from, isCool, seed } = work
    const model = compileProblem(problem)
    const search = createSearch(model, {
      ...{ seed, isCool, from, initial: orders },
      minimisesVehicles: ranksVehiclesFirst(problem),
    })
    await searchUntil(search, work, { clock: systemClock, signal, visits: model.tasks.count })
    return { orders: search.best, iterations: search.iterations, improvements: search.improvements }
  },
})
