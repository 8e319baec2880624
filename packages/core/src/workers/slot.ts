import type { MessagePort } from 'node:worker_threads'

/** One call of a task, as a slot gets it. */
export interface SlotCall {
  readonly task: string
  readonly data: unknown
  readonly transfer: readonly (ArrayBuffer | MessagePort)[]
}

/** A place where one task at a time can run: a thread, or this one. */
export interface Slot {
  /** Whether it can take no more work. */
  readonly dead: boolean
  /** Gives the task's result or throws its error; `CORE_WORKERS_DIED` when the place is lost meanwhile. */
  run(call: SlotCall): Promise<unknown>
  /** Tells the running task that nobody waits for it. */
  cancel(reason: unknown): void
  /** Ends it, with whatever runs. */
  stop(): Promise<void>
}
