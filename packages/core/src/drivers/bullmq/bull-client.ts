import { jobErrors } from '../../jobs/errors.ts'

/** A job of BullMQ, as far as it is used. */
export interface BullJob {
  readonly id?: string | undefined
  readonly name: string
  readonly data: BullData
  readonly timestamp: number
  readonly delay: number
  readonly attemptsStarted: number
  readonly processedOn?: number | undefined
  readonly finishedOn?: number | undefined
  readonly failedReason?: string | undefined
  readonly progress: unknown
  getState(): Promise<string>
  moveToCompleted(value: unknown, token: string, fetchNext: boolean): Promise<unknown>
  moveToFailed(error: Error, token: string, fetchNext: boolean): Promise<unknown>
  moveToDelayed(timestamp: number, token: string): Promise<void>
  moveToWait(token: string): Promise<unknown>
  updateData(data: BullData): Promise<void>
  updateProgress(progress: object): Promise<void>
  retry(state: 'failed'): Promise<void>
  remove(): Promise<void>
}

/** What we keep in a job of BullMQ. */
export interface BullData {
  /** JSON. */
  readonly payload: string
  readonly priority: number
  readonly attempts: number
  readonly backoff?: object | undefined
  readonly key?: string | undefined
  /** Milliseconds since 1970; undefined: when it was enqueued. */
  readonly runAt?: number | undefined
  /** How often BullMQ counted a start that was no attempt. */
  readonly uncounted: number
  /** The last failure, as JSON. */
  readonly error?: string | undefined
}

/** A queue of BullMQ, as far as it is used. */
export interface BullQueue {
  addBulk(jobs: { name: string; data: BullData; opts: object }[]): Promise<BullJob[]>
  getJob(id: string): Promise<BullJob | undefined>
  getJobs(types: string[], start: number, end: number, ascending: boolean): Promise<BullJob[]>
  getJobCounts(...types: string[]): Promise<Record<string, number>>
  clean(grace: number, limit: number, type: string): Promise<string[]>
  on(event: 'error', listener: (error: Error) => void): unknown
  close(): Promise<void>
}

/** A worker of BullMQ that is asked for jobs by hand. */
export interface BullWorker {
  getNextJob(token: string, options: { block: false }): Promise<BullJob | undefined>
  extendJobLocks(ids: string[], tokens: string[], duration: number): Promise<string[]>
  startStalledCheckTimer(): Promise<void>
  on(event: 'error', listener: (error: Error) => void): unknown
  on(event: 'stalled', listener: (id: string) => void): unknown
  close(force?: boolean): Promise<void>
}

/** The classes of the package. */
export interface BullModule {
  readonly Queue: new (name: string, options: object) => BullQueue
  readonly Worker: new (name: string, processor: null, options: object) => BullWorker
  readonly UnrecoverableError: new (message: string) => Error
}

/** The optional peer `bullmq`. Throws `CORE_JOBS_DRIVER_MISSING` when it is not installed. */
export async function loadBull(importBull?: () => Promise<unknown>): Promise<BullModule> {
  try {
    return (importBull === undefined ? await import('bullmq') : await importBull()) as BullModule
  } catch (error) {
    throw jobErrors.CORE_JOBS_DRIVER_MISSING({ package: 'bullmq' }, { cause: error })
  }
}
