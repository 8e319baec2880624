import type { Queryable } from '../database/database.ts'
import { milliseconds, type Duration } from '../duration/duration.ts'
import type { BackoffOptions } from '../resilience/backoff.ts'
import type { PlannedJob } from './backend.ts'
import { jobErrors } from './errors.ts'
import { encodePayload } from './payload.ts'

/** Options of one enqueued job. */
export interface EnqueueOptions {
  /** At most one unfinished job of a name has this key; enqueueing another gives that one. @default none */
  readonly key?: string | undefined
  /** Keeps the key taken for this long from now, also when the job is finished before. @default until it is finished */
  readonly uniqueFor?: Duration | undefined
  /** Not before this long from now. @default 0 */
  readonly delay?: Duration | undefined
  /** Not before this moment. Exclusive with `delay`. */
  readonly runAt?: Date | undefined
  /** Higher runs first: a whole number from -1000000 to 1000000. @default 0 */
  readonly priority?: number | undefined
  /** How often it is tried in all. @default the handler's, else 5 */
  readonly attempts?: number | undefined
  /** The wait after a failed attempt. @default the handler's, else { initial: '1s', maximum: '1h' } */
  readonly backoff?: BackoffOptions | undefined
  /**
   * Jobs with the same ordering key, whatever their name, run one at a time in the order they were enqueued: the next one
   * starts when the one before is done, cancelled or dead. @default none
   */
  readonly orderingKey?: string | undefined
}

/** Options of {@link Jobs.enqueue}. */
export interface EnqueueCallOptions extends EnqueueOptions {
  /** The host's own transaction: the job exists when, and only when, it commits. @default a transaction of its own */
  readonly tx?: Queryable | undefined
}

/** What a handler's settings say about its jobs. */
export interface JobDefaults {
  readonly attempts?: number | undefined
  readonly backoff?: BackoffOptions | undefined
}

const longestText = 255
const furthestPriority = 1_000_000
const mostAttempts = 1_000_000

/**
 * Checks a job and fills in what was left out.
 *
 * @throws `CORE_JOBS_OPTION_INVALID`, `CORE_JOBS_PAYLOAD_INVALID`, `CORE_JOBS_PAYLOAD_TOO_LARGE`, `CORE_DURATION_INVALID`
 */
export function planJob(
  name: string,
  payload: unknown,
  options: EnqueueOptions,
  defaults: JobDefaults,
  maximumPayload: number,
): PlannedJob {
  const { key, orderingKey, priority = 0, uniqueFor } = options
  const attempts = options.attempts ?? defaults.attempts ?? 5
  checkText('name', name)
  if (key !== undefined) checkText('key', key)
  if (orderingKey !== undefined) checkText('orderingKey', orderingKey)
  checkWhole('priority', priority, -furthestPriority, furthestPriority)
  checkWhole('attempts', attempts, 1, mostAttempts)
  if (uniqueFor !== undefined && key === undefined) refuse('uniqueFor', 'set without a key')
  return {
    name,
    payload: encodePayload(name, payload, maximumPayload),
    priority,
    due: dueOf(options),
    attempts,
    backoff: checkBackoff(options.backoff ?? defaults.backoff),
    key,
    uniqueFor: uniqueFor === undefined ? undefined : milliseconds(uniqueFor),
    orderingKey,
  }
}

/** @throws `CORE_JOBS_OPTION_INVALID` for text that is empty, long, or not storable on every backend. */
export function checkText(option: string, value: unknown): void {
  const usable = typeof value === 'string' && value !== '' && value.length <= longestText
  if (!usable || value.includes('\0') || /\p{Surrogate}/u.test(value)) refuse(option, value)
}

/** @throws `CORE_JOBS_OPTION_INVALID` for what is not a whole number in this range. */
export function checkWhole(option: string, value: unknown, lowest: number, highest: number): void {
  if (!Number.isInteger(value) || Number(value) < lowest || Number(value) > highest) refuse(option, value)
}

function dueOf({ delay, runAt }: EnqueueOptions): PlannedJob['due'] {
  if (runAt === undefined) return { delay: milliseconds(delay ?? 0) }
  if (delay !== undefined) refuse('runAt', 'set together with delay')
  if (!(runAt instanceof Date) || Number.isNaN(runAt.getTime())) refuse('runAt', runAt)
  return { at: runAt.getTime() }
}

/** It is stored with the job, so what is wrong with it must show now and not at the first failure. */
function checkBackoff(backoff: BackoffOptions | undefined): BackoffOptions | undefined {
  if (backoff === undefined) return undefined
  const { initial = 0, maximum = 0, factor = 2, jitter = 'full' } = backoff
  milliseconds(initial)
  milliseconds(maximum)
  if (!(factor >= 1 && Number.isFinite(factor))) refuse('backoff.factor', factor)
  if (!['full', 'decorrelated', 'none'].includes(jitter)) refuse('backoff.jitter', jitter)
  return backoff
}

function refuse(option: string, value: unknown): never {
  throw jobErrors.CORE_JOBS_OPTION_INVALID({ option, value })
}
