/**
 * A pool of worker threads for work that would hold up the event loop; without threads the same code runs inline.
 *
 * @packageDocumentation
 */
export { createWorkerPool, type RunTaskOptions, type WorkerPool, type WorkerPoolOptions } from './create-worker-pool.ts'
export { workersErrors } from './errors.ts'
export { serveTasks } from './serve-tasks.ts'
export {
  withTransfer,
  type Task,
  type TaskContext,
  type TaskData,
  type TaskMap,
  type TaskResult,
  type Transferred,
} from './task.ts'
export { workerEntry } from './worker-entry.ts'
