import type { BackoffOptions } from '../../resilience/backoff.ts'
import type { ClaimedJob } from '../../jobs/backend.ts'
import type { JobFailure, JobProgress, JobRecord, JobState } from '../../jobs/job.ts'
import type { BullJob } from './bull-client.ts'

/** A job of BullMQ as it is handed out. */
export function bullClaimed(job: BullJob): ClaimedJob {
  const { data, timestamp } = job
  const runAt = data.runAt ?? timestamp
  return {
    id: job.id!,
    token: job.attemptsStarted,
    name: job.name,
    payload: data.payload,
    attempt: job.attemptsStarted - data.uncounted,
    attempts: data.attempts,
    priority: data.priority,
    key: data.key,
    orderingKey: undefined,
    backoff: data.backoff as BackoffOptions | undefined,
    createdAt: timestamp,
    runAt,
    waited: Math.max(0, (job.processedOn ?? runAt) - runAt),
  }
}

/** A job of BullMQ for people; undefined when it is gone. */
export async function bullRecord(job: BullJob): Promise<JobRecord | undefined> {
  const error = failureOf(job)
  const state = stateOf(await job.getState(), error)
  if (state === undefined) return undefined
  const { token, createdAt, runAt, payload, backoff: _, waited: __, ...claimed } = bullClaimed(job)
  return {
    ...claimed,
    token,
    state,
    payload: JSON.parse(payload) as unknown,
    attempt: Math.max(0, claimed.attempt),
    createdAt: new Date(createdAt),
    runAt: new Date(runAt),
    progress: isProgress(job.progress) ? { done: job.progress.done, total: job.progress.total } : undefined,
    error,
    cancelRequested: state === 'cancelled',
    startedAt: job.processedOn === undefined ? undefined : new Date(job.processedOn),
    finishedAt: job.finishedOn === undefined ? undefined : new Date(job.finishedOn),
  }
}

/** Names of BullMQ's states for each of ours. */
export const bullStates: Readonly<Record<JobState, readonly string[]>> = {
  queued: ['wait', 'prioritized'],
  delayed: ['delayed'],
  waiting: [],
  running: ['active'],
  done: ['completed'],
  cancelled: ['failed'],
  dead: ['failed'],
}

function stateOf(state: string, error: JobFailure | undefined): JobState | undefined {
  if (state === 'waiting' || state === 'prioritized') return 'queued'
  if (state === 'delayed') return 'delayed'
  if (state === 'active') return 'running'
  if (state === 'completed') return 'done'
  if (state === 'failed') return error?.code === 'CORE_JOBS_CANCELLED' ? 'cancelled' : 'dead'
  return undefined
}

/** BullMQ keeps the message of the final error, which is our failure as JSON; earlier ones are in the data. */
function failureOf({ failedReason, data }: BullJob): JobFailure | undefined {
  for (const text of [failedReason, data.error]) {
    if (text === undefined || text === '') continue
    try {
      return JSON.parse(text) as JobFailure
    } catch {
      return { name: 'Error', message: text }
    }
  }
  return undefined
}

function isProgress(value: unknown): value is JobProgress {
  return typeof value === 'object' && value !== null && 'done' in value
}
