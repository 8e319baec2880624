import type { BackoffOptions } from '../../resilience/backoff.ts'
import type { ClaimedJob } from '../backend.ts'
import type { JobFailure, JobRecord, JobState } from '../job.ts'

/** A row of the table of jobs. */
export interface JobRow {
  readonly id: number
  readonly name: string
  readonly payload: string
  readonly state: JobState
  readonly priority: number
  readonly run_at: number
  readonly attempt: number
  readonly attempts: number
  readonly backoff: string | null
  readonly key: string | null
  readonly ordering_key: string | null
  readonly token: number
  readonly cancel_requested: number
  readonly progress_done: number | null
  readonly progress_total: number | null
  readonly error: string | null
  readonly created_at: number
  readonly started_at: number | null
  readonly finished_at: number | null
}

/** The row of a job that was just taken. */
export function claimedJob(row: JobRow, now: number): ClaimedJob {
  return {
    id: String(row.id),
    token: row.token,
    name: row.name,
    payload: row.payload,
    attempt: row.attempt,
    attempts: row.attempts,
    priority: row.priority,
    key: row.key ?? undefined,
    orderingKey: row.ordering_key ?? undefined,
    backoff: row.backoff === null ? undefined : (JSON.parse(row.backoff) as BackoffOptions),
    createdAt: row.created_at,
    runAt: row.run_at,
    waited: Math.max(0, now - Math.max(row.run_at, row.created_at)),
  }
}

/** A row for people. */
export function jobRecord(row: JobRow): JobRecord {
  return {
    id: String(row.id),
    name: row.name,
    payload: JSON.parse(row.payload) as unknown,
    state: row.state,
    priority: row.priority,
    attempt: row.attempt,
    attempts: row.attempts,
    key: row.key ?? undefined,
    orderingKey: row.ordering_key ?? undefined,
    token: row.token,
    cancelRequested: row.cancel_requested === 1,
    progress:
      row.progress_done === null ? undefined : { done: row.progress_done, total: row.progress_total ?? undefined },
    error: row.error === null ? undefined : (JSON.parse(row.error) as JobFailure),
    createdAt: new Date(row.created_at),
    runAt: new Date(row.run_at),
    startedAt: row.started_at === null ? undefined : new Date(row.started_at),
    finishedAt: row.finished_at === null ? undefined : new Date(row.finished_at),
  }
}

/** A job's id as the number it is in the database; undefined for text that is no id of ours. */
export function numericId(id: string): number | undefined {
  return /^[1-9]\d{0,14}$/.test(id) ? Number(id) : undefined
}
