import { workersErrors } from './errors.ts'
import { Transferred, type TaskContext, type TaskMap } from './task.ts'

/** What a task gave, and what of it moves. */
export interface TaskOutcome {
  readonly value: unknown
  readonly transfer: readonly ArrayBuffer[]
}

/** Runs a task by its name. The same for threads and inline. */
export async function runTask(tasks: TaskMap, name: string, data: unknown, context: TaskContext): Promise<TaskOutcome> {
  if (!Object.hasOwn(tasks, name)) throw workersErrors.CORE_WORKERS_TASK_UNKNOWN({ task: name })
  const result = await tasks[name]!(data as never, context)
  return result instanceof Transferred ? result : { value: result, transfer: [] }
}
