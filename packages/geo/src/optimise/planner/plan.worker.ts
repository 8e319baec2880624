import { serveTasks } from '@exprsn/core/workers'
import type { Plan } from '../plan/plan.ts'
import type { Problem } from '../problem/problem.ts'
import type { InitialPlan } from '../solve/initial-orders.ts'
import { runSearch } from '../solve/solve.ts'
import { lowerBound } from './lower-bound.ts'
import { writeProgress, writeStart } from './progress-memory.ts'

/** The tasks of the worker, for the pool. */
export type PlanTasks = typeof tasks

/** What is solved, plain data. */
export interface PlanWork {
  readonly problem: Problem
  readonly timeLimit: number | undefined
  readonly iterations: number | undefined
  readonly seed: number | undefined
  readonly initial: InitialPlan | undefined
  /** Whether the plan to begin with is running: few things change. */
  readonly isRunning: boolean
  readonly progress: SharedArrayBuffer
}

/** Solves a problem in a thread of its own, and leaves its progress in shared memory. */
export const tasks = serveTasks({
  plan: ({ problem, isRunning, initial, progress, ...limits }: PlanWork, context): Promise<Plan> => {
    writeStart(progress)
    // A figure of the same numbers that are searched: the first progress comes after it.
    let bound = 0
    const options = {
      ...{ ...limits, initial },
      signal: context.signal,
      onProgress: (now: Parameters<typeof writeProgress>[1]) => writeProgress(progress, now, bound),
    }
    return runSearch(problem, options, {
      isCool: isRunning && initial !== undefined,
      onModel: (model) => void (bound = lowerBound(model)),
    })
  },
})
