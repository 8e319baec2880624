import type { StandardSchema } from '../config/standard-schema.ts'
import type { Transaction } from '../database/database.ts'
import type { Duration } from '../duration/duration.ts'
import type { Logger } from '../logger/logger.ts'
import type { BackoffOptions } from '../resilience/backoff.ts'
import type { Job } from './job.ts'

/** What a handler is given beside its job. */
export interface JobContext {
  /**
   * Aborts when the work should end: the job was cancelled (`CORE_JOBS_CANCELLED`), its lease was lost
   * (`CORE_JOBS_LEASE_LOST`), it takes too long (`CORE_JOBS_TIMEOUT`) or the worker stops (`CORE_JOBS_STOPPING`).
   */
  readonly signal: AbortSignal
  /** Carries the job's name and id. */
  readonly logger: Logger
  /** Says how far the work is. Stored about once a second; costs nothing in between. */
  progress(done: number, total?: number): void
  /**
   * Does the job's effect and completes it in one transaction of the jobs' database: the effect happens exactly once,
   * however often workers crash. Not every backend can.
   *
   * @throws `CORE_JOBS_LEASE_LOST` when another worker has the job by now; nothing is kept then.
   */
  completeWith<Result>(work: (tx: Transaction) => Promise<Result>): Promise<Result>
}

/** Does the work of one job. When it rejects, the job is tried again later. */
export type JobHandler<Payload = unknown> = (job: Job<Payload>, context: JobContext) => unknown

/** A handler with settings of its own. */
export interface JobDefinition<Payload = unknown> {
  readonly run: JobHandler<Payload>
  /** Checks payloads when they are enqueued here and again before they run. It must not turn them into another type. */
  readonly schema?: StandardSchema<Payload> | undefined
  /** Default of {@link EnqueueOptions.attempts} for this name. @default 5 */
  readonly attempts?: number | undefined
  /** Default of {@link EnqueueOptions.backoff} for this name. @default { initial: '1s', maximum: '1h' } */
  readonly backoff?: BackoffOptions | undefined
  /** Aborts the handler's signal after this. @default no limit */
  readonly timeout?: Duration | undefined
  /** Whether an error is worth another attempt; else the job is dead at once. @default isRetryable */
  readonly when?: ((error: unknown, attempt: number) => boolean) | undefined
}

/** The handlers of a process: each name with its function, or with its function and settings. */
export type JobHandlers<Payloads> = {
  readonly [Name in keyof Payloads]: JobHandler<Payloads[Name]> | JobDefinition<Payloads[Name]>
}
