/**
 * Where a job is. `queued`: due, free to be taken; `delayed`: not due yet; `waiting`: behind an earlier job of its ordering
 * key; `running`: a worker holds its lease; `done`, `cancelled` and `dead` (out of attempts) are final.
 */
export type JobState = 'queued' | 'delayed' | 'waiting' | 'running' | 'done' | 'cancelled' | 'dead'

/** All states, in the order of a job's life. */
export const jobStates: readonly JobState[] = ['queued', 'delayed', 'waiting', 'running', 'done', 'cancelled', 'dead']

/** A job as its handler gets it. */
export interface Job<Payload = unknown> {
  readonly id: string
  readonly name: string
  readonly payload: Payload
  /** Which attempt this is, 1 for the first. A worker that crashed has used one up. */
  readonly attempt: number
  /** Attempts in all. */
  readonly attempts: number
  readonly priority: number
  readonly key: string | undefined
  readonly orderingKey: string | undefined
  /**
   * Grows with every time the job is handed out: the fencing token. A system that remembers the highest one it saw can
   * refuse a worker that was paused and came back.
   */
  readonly token: number
  readonly createdAt: Date
  /** When it was due. */
  readonly runAt: Date
}

/** How far a job says it is, in units of its own. */
export interface JobProgress {
  readonly done: number
  readonly total: number | undefined
}

/** A job as it stands in the queue. */
export interface JobRecord extends Job {
  readonly state: JobState
  readonly progress: JobProgress | undefined
  /** The last failure as plain data, secrets masked. */
  readonly error: JobFailure | undefined
  readonly cancelRequested: boolean
  readonly startedAt: Date | undefined
  readonly finishedAt: Date | undefined
}

/** A failure as plain data: `name`, `message`, perhaps `code` and `cause`. */
export interface JobFailure {
  readonly name: string
  readonly message: string
  readonly code?: string | undefined
  readonly [detail: string]: unknown
}
