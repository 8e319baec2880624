import { milliseconds } from '../../duration/duration.ts'
import { backoff } from '../../resilience/backoff.ts'
import { retryAfterOf } from '../../resilience/retry-after.ts'
import { isRetryable } from '../../resilience/retryable.ts'
import type { ClaimedJob, JobOutcome } from '../backend.ts'
import { jobErrors } from '../errors.ts'
import { describeFailure } from '../failure.ts'
import type { Job } from '../job.ts'
import type { JobContext, JobDefinition } from '../job-handler.ts'
import { checkPayload } from '../validate-payload.ts'
import type { HeldJob } from './held-job.ts'
import { progressWriter } from './progress-writer.ts'
import type { WorkerSettings } from './settings.ts'

/** What to do after an attempt: store its outcome, give the job back, or nothing (it is lost, or stored already). */
export type AttemptEnd = JobOutcome | 'release' | 'nothing'

/** Runs a job's handler once. Never rejects. */
export async function runAttempt(held: HeldJob, settings: WorkerSettings): Promise<AttemptEnd> {
  const { job } = held
  const definition = settings.handlers.get(job.name)!
  try {
    await abandoned(perform(held, definition, settings), held, settings)
    return held.completed ? 'nothing' : { lease: job, state: 'done' }
  } catch (error) {
    return endOfFailure(held, definition, error, settings)
  }
}

async function perform(held: HeldJob, definition: JobDefinition<unknown>, settings: WorkerSettings): Promise<void> {
  const { job } = held
  const { backend, clock, logger } = settings
  const payload = await checkPayload(job.name, JSON.parse(job.payload), definition.schema)
  const limit = definition.timeout === undefined ? undefined : milliseconds(definition.timeout)
  const timer = limit === undefined ? undefined : clock.setTimer(() => held.timeOut(limit), limit, { background: true })
  const context: JobContext = {
    signal: held.signal,
    logger: logger.child({ job: job.name, jobId: job.id }),
    progress: progressWriter(job, settings),
    async completeWith(work) {
      if (!backend.capabilities.completeWith)
        throw jobErrors.CORE_JOBS_UNSUPPORTED({ backend: backend.name, feature: 'completeWith' })
      held.signal.throwIfAborted()
      const result = await backend.completeWith(job, work)
      held.completed = true
      return result
    },
  }
  try {
    await definition.run(jobForHandler(job, payload), context)
  } finally {
    timer?.cancel()
  }
}

/** Waits for the work, but after its signal was aborted only for the grace period. */
function abandoned(work: Promise<void>, { signal }: HeldJob, { clock, grace }: WorkerSettings): Promise<void> {
  return new Promise((resolve, reject) => {
    let timer: { cancel(): void } | undefined
    const onAbort = (): void => {
      timer = clock.setTimer(() => reject(signal.reason), grace)
    }
    const finish = (): void => {
      timer?.cancel()
      signal.removeEventListener('abort', onAbort)
    }
    if (signal.aborted) onAbort()
    else signal.addEventListener('abort', onAbort, { once: true })
    work
      .then(resolve, reject)
      .finally(finish)
      .catch(() => {})
  })
}

function endOfFailure(
  held: HeldJob,
  definition: JobDefinition<unknown>,
  error: unknown,
  settings: WorkerSettings,
): AttemptEnd {
  const { job, abortCode } = held
  if (held.completed) {
    settings.logger.warn({ err: error, job: job.name, jobId: job.id }, 'a handler failed after completing its job')
    return 'nothing'
  }
  if (abortCode === 'CORE_JOBS_LEASE_LOST') return 'nothing'
  if (abortCode === 'CORE_JOBS_STOPPING') return 'release'
  const failure = describeFailure(job.name, error)
  if (abortCode === 'CORE_JOBS_CANCELLED') return { lease: job, state: 'cancelled', error: failure }
  const cause = abortCode === 'CORE_JOBS_TIMEOUT' ? held.signal.reason : error
  if (job.attempt >= job.attempts || !isWorthRetrying(definition, cause, job, settings))
    return { lease: job, state: 'dead', error: failure }
  return { lease: job, state: 'retry', wait: waitAfter(job, cause, settings), error: failure }
}

/** A rule of the host's that throws must not cost the job. */
function isWorthRetrying(
  { when = isRetryable }: JobDefinition<unknown>,
  error: unknown,
  job: ClaimedJob,
  { logger }: WorkerSettings,
): boolean {
  try {
    return when(error, job.attempt)
  } catch (failure) {
    logger.error({ err: failure, job: job.name, jobId: job.id }, 'the rule for retrying failed')
    return true
  }
}

/** Milliseconds. A wait that a server asked for with Retry-After is honoured. */
function waitAfter({ attempt, backoff: rule }: ClaimedJob, error: unknown, { clock, random }: WorkerSettings): number {
  const options = rule ?? { initial: '1s', maximum: '1h' }
  const fixed = backoff({ ...options, jitter: 'none' }, random)
  const last = attempt === 1 ? milliseconds(options.initial ?? '100ms') : fixed(attempt - 1, 0)
  return Math.max(retryAfterOf(error, clock.now()) ?? 0, backoff(options, random)(attempt, last))
}

function jobForHandler(job: ClaimedJob, payload: unknown): Job {
  const { id, name, attempt, attempts, priority, key, orderingKey, token } = job
  const [createdAt, runAt] = [new Date(job.createdAt), new Date(job.runAt)]
  return { id, name, payload, attempt, attempts, priority, key, orderingKey, token, createdAt, runAt }
}
