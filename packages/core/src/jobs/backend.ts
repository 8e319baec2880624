import type { Queryable, Transaction } from '../database/database.ts'
import type { BackoffOptions } from '../resilience/backoff.ts'
import type { JobFailure, JobProgress, JobRecord, JobState } from './job.ts'

/** What a backend can do beyond the common. */
export interface JobCapabilities {
  /** `enqueue` inside the host's transaction. */
  readonly transactions: boolean
  /** `completeWith`: effect and completion in one transaction. */
  readonly completeWith: boolean
  /** `orderingKey`. */
  readonly ordering: boolean
  /** `uniqueFor`. */
  readonly uniqueFor: boolean
  /** `cancel` of a job that runs in another process. */
  readonly cancelElsewhere: boolean
}

/** A job that was checked and is ready to be stored. */
export interface PlannedJob {
  readonly name: string
  /** JSON. */
  readonly payload: string
  readonly priority: number
  /** Milliseconds from now, or when: absolute milliseconds since 1970. */
  readonly due: { readonly delay: number } | { readonly at: number }
  readonly attempts: number
  readonly backoff: BackoffOptions | undefined
  readonly key: string | undefined
  /** Milliseconds that the key stays taken, counted from now; undefined: until the job is finished. */
  readonly uniqueFor: number | undefined
  readonly orderingKey: string | undefined
}

/** What became of an enqueued job. */
export interface EnqueuedJob {
  readonly id: string
  /** False when a job with the same key stood there already: then `id` is that one's. */
  readonly created: boolean
}

/** A job that this worker holds. */
export interface Lease {
  readonly id: string
  readonly token: number
  readonly orderingKey: string | undefined
}

/** A job that was handed out. */
export interface ClaimedJob extends Lease {
  readonly name: string
  /** JSON. */
  readonly payload: string
  readonly attempt: number
  readonly attempts: number
  readonly priority: number
  readonly key: string | undefined
  readonly backoff: BackoffOptions | undefined
  /** Milliseconds since 1970. */
  readonly createdAt: number
  /** Milliseconds since 1970. */
  readonly runAt: number
  /** On the backend's time: how long it stood there, due and free. */
  readonly waited: number
}

/** How an attempt ended. */
export type JobOutcome =
  | { readonly lease: Lease; readonly state: 'done' }
  | { readonly lease: Lease; readonly state: 'retry'; readonly wait: number; readonly error: JobFailure }
  | { readonly lease: Lease; readonly state: 'dead' | 'cancelled'; readonly error: JobFailure }

/** Which jobs to look at. */
export interface JobFilter {
  readonly state?: JobState | undefined
  readonly name?: string | undefined
  /** Only jobs behind this id. */
  readonly after?: string | undefined
  /** @default 100 */
  readonly limit?: number | undefined
}

/** How many jobs are in which state. */
export type JobStats = Readonly<Record<JobState, number>> & {
  /** Milliseconds that the first due job has been standing there; 0 when there is none. */
  readonly oldestQueued: number
}

/** What became of a request to cancel: `requested` means that a running job was told. */
export type CancelResult = 'cancelled' | 'requested' | 'finished' | 'missing'

/** Milliseconds that finished jobs are kept; undefined for ever. */
export interface KeepFinished {
  readonly done: number | undefined
  readonly dead: number | undefined
  readonly inbox: number | undefined
}

/** A job that was taken from a worker whose lease ran out. */
export interface RecoveredJob {
  readonly id: string
  readonly name: string
  readonly state: 'queued' | 'dead'
}

/** Where jobs are stored: the port that `createJobs` works on. Every method may reject with the store's own errors. */
export interface JobBackend {
  readonly name: string
  readonly capabilities: JobCapabilities
  /** The most short jobs to take in advance where the host says nothing: as many as one request hands out well. */
  readonly prefetch: number
  enqueue(jobs: readonly PlannedJob[], tx: Queryable | undefined): Promise<readonly EnqueuedJob[]>
  /** Takes up to `limit` jobs of these names, best first, each with a lease of `lease` milliseconds. */
  claim(names: readonly string[], limit: number, lease: number): Promise<readonly ClaimedJob[]>
  /** Makes due jobs available; gives the milliseconds until the next becomes due. */
  promote(): Promise<number | undefined>
  /** Records outcomes; gives the ids of those whose lease was still ours. Repeating it is harmless. */
  settle(outcomes: readonly JobOutcome[]): Promise<ReadonlySet<string>>
  completeWith<Result>(lease: Lease, work: (tx: Transaction) => Promise<Result>): Promise<Result>
  /** Gives jobs back at once, as if the attempt had not been. */
  release(leases: readonly Lease[]): Promise<void>
  /** Extends leases; names those that are lost and those that should be cancelled. */
  extend(
    leases: readonly Lease[],
    lease: number,
  ): Promise<{ readonly lost: readonly string[]; readonly cancelled: readonly string[] }>
  progress(lease: Lease, progress: JobProgress): Promise<void>
  /** Takes back the jobs whose lease ran out. */
  recover(): Promise<readonly RecoveredJob[]>
  cancel(id: string): Promise<CancelResult>
  get(id: string): Promise<JobRecord | undefined>
  list(filter: JobFilter): Promise<readonly JobRecord[]>
  stats(): Promise<JobStats>
  /** Queues dead jobs again with all their attempts; gives the ids. */
  retryDead(filter: {
    readonly id?: string | undefined
    readonly name?: string | undefined
  }): Promise<readonly string[]>
  /** Deletes some of what is older than it has to be kept; gives how many. */
  clean(keep: KeepFinished): Promise<number>
  /** Names of queued jobs that none of these handlers takes. */
  foreignNames(names: readonly string[]): Promise<readonly string[]>
  close(): Promise<void>
}
