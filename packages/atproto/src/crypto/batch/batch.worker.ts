import { serveTasks } from '@exprsn/core/workers'
import { verifyAll } from './verify-all.ts'

/** The tasks of the worker, for the pool. */
export type BatchTasks = typeof tasks

/** Verifies signatures in a thread of its own. */
export const tasks = serveTasks({ verify: verifyAll })
