import type { MigrationSet } from '../database/migration.ts'
import type { Duration } from '../duration/duration.ts'
import type { CancelResult, EnqueuedJob, JobCapabilities, JobFilter, JobStats } from './backend.ts'
import type { EnqueueCallOptions, EnqueueOptions } from './enqueue-options.ts'
import type { Inbox } from './inbox.ts'
import type { JobRecord } from './job.ts'

/** The payload that a name takes: what its handler takes when it has one here, else any JSON. */
export type PayloadOf<Payloads, Name> = Name extends keyof Payloads ? Payloads[Name] : unknown

/** One job of {@link Jobs.enqueueMany}. */
export interface JobToEnqueue<Payloads, Name extends string = string> extends EnqueueOptions {
  readonly name: Name
  readonly payload: PayloadOf<Payloads, Name>
}

/** What {@link Jobs.drain} did: attempts by how they ended, and whether everything due is done. */
export interface DrainReport {
  readonly done: number
  readonly retried: number
  readonly dead: number
  readonly cancelled: number
  /** Given back because the time was up. */
  readonly released: number
  /** Taken over by another worker meanwhile. */
  readonly lost: number
  /** False when the deadline came first. */
  readonly empty: boolean
}

/** A durable queue: jobs survive crashes, run at least once, and take effect once where it matters. */
export interface Jobs<Payloads = Record<never, never>> extends AsyncDisposable {
  readonly capabilities: JobCapabilities
  /**
   * Stores a job. Resolves when it is durable, or with `tx` when it stands in the host's transaction.
   *
   * @throws `CORE_JOBS_PAYLOAD_INVALID`, `CORE_JOBS_PAYLOAD_TOO_LARGE`, `CORE_JOBS_OPTION_INVALID`, `CORE_JOBS_UNSUPPORTED`,
   * `CORE_JOBS_TRANSACTION_FOREIGN`, `CORE_JOBS_CLOSED`, and the backend's own errors
   */
  enqueue<Name extends string>(
    name: Name,
    payload: PayloadOf<Payloads, Name>,
    options?: EnqueueCallOptions,
  ): Promise<EnqueuedJob>
  /** Stores many jobs, all or none, in far fewer statements; gives their ids in the same order. */
  enqueueMany<Name extends string>(
    jobs: readonly JobToEnqueue<Payloads, Name>[],
    options?: Pick<EnqueueCallOptions, 'tx'>,
  ): Promise<readonly EnqueuedJob[]>
  /** Begins to run jobs in this process. Calling it again does nothing. */
  start(): void
  /** Stops running jobs as {@link Jobs.close} does; `start()` begins again. */
  stop(options?: StopOptions): Promise<void>
  /** Runs everything that is due, then returns: for hosts that have no long-lived process. Needs no `start()`. */
  drain(options?: DrainOptions): Promise<DrainReport>
  /** Looks for jobs at once: for a host that learns by other means that some were enqueued. */
  wake(): void
  /** Cancels a job; a running one is told through its handler's signal. */
  cancel(id: string): Promise<CancelResult>
  get(id: string): Promise<JobRecord | undefined>
  /** Jobs in the order of their ids; for the next page pass the last id as `after`. */
  list(filter?: JobFilter): Promise<readonly JobRecord[]>
  stats(): Promise<JobStats>
  /** Queues dead jobs again with all their attempts: one, those of a name, or all (1,000 a call); gives their ids. */
  retryDead(filter?: {
    readonly id?: string | undefined
    readonly name?: string | undefined
  }): Promise<readonly string[]>
  /**
   * Takes no new jobs and waits for those that run. At the deadline their signals abort, and they go back to the queue.
   * Databases and connections that the host passed in stay open.
   */
  close(options?: StopOptions): Promise<void>
}

/** Options of {@link Jobs.close}. */
export interface StopOptions {
  /** How long running jobs may take to end. @default '30s' */
  readonly deadline?: Duration | undefined
}

/** Options of {@link Jobs.drain}. */
export interface DrainOptions {
  /** When to stop taking jobs, abort those that run and return. @default none */
  readonly deadline?: Duration | undefined
  /** Does the same at any time. */
  readonly signal?: AbortSignal | undefined
}

/** Jobs that stand in a database. */
export interface DatabaseJobs<Payloads = Record<never, never>> extends Jobs<Payloads> {
  /** The tables they need, for `migrate`. */
  readonly migrations: MigrationSet
  /** Remembers which messages were handled, in the same database. */
  readonly inbox: Inbox
}
