import type { Queryable } from '../database/database.ts'
import { milliseconds, type Duration } from '../duration/duration.ts'
import { scheduleErrors } from './errors.ts'
import { jitterDelay, jitterMilliseconds } from './jitter.ts'
import type { Schedule } from './schedule.ts'

/** What a job's function is given. */
export interface RunContext {
  readonly id: string
  /** The nominal time that identifies this run: the right key for effects that must happen once. */
  readonly slot: Date
  /**
   * Greater for every later claim of the job, on every replica. Whoever keeps the greatest that it has seen can refuse a
   * run that was taken over while its process stood still.
   */
  readonly fencingToken: number
  /** 1, or more when a run was taken over from a replica that ended or stood still. */
  readonly attempt: number
  /** Whether it was asked for by `runNow`. */
  readonly isManual: boolean
  /** Aborted when the lease is lost (`CORE_SCHEDULE_LEASE_LOST`) or the scheduler closes (`CORE_SCHEDULE_CLOSED`). */
  readonly signal: AbortSignal
  /**
   * Marks the run as done inside the host's own transaction: then what the transaction does happens exactly once, since
   * it cannot commit when another replica has taken the run over.
   *
   * @throws `CORE_SCHEDULE_LEASE_LOST`: let it pass, so that the transaction rolls back.
   */
  complete(tx: Queryable): Promise<void>
}

/** A job, as it is added to a scheduler. */
export interface JobOptions {
  /** Names the job across replicas and deployments. */
  readonly id: string
  /** When it runs. */
  readonly when: Schedule
  /** What it does. What it throws is kept in the history; it is not tried again before the next slot. */
  readonly run: (context: RunContext) => Promise<unknown> | unknown
  /**
   * What happens to a slot that comes while a run of the same job is in progress on any replica: `skip` drops it, `queue`
   * runs it afterwards (as far as `misfire` allows), `allow` runs both at once.
   * @default 'skip'
   */
  readonly overlap?: 'skip' | 'queue' | 'allow' | undefined
  /**
   * What happens to slots that passed while no replica ran: `skip` drops them, `run-once` runs the last of them unless
   * one is due anyway, `run-all` runs each in order, the last `misfireLimit` of them.
   * @default 'run-once'
   */
  readonly misfire?: 'skip' | 'run-once' | 'run-all' | undefined
  /** The most missed slots that `run-all` makes up for. @default 100 */
  readonly misfireLimit?: number | undefined
  /** How late a slot may be claimed without counting as missed. @default '1m' */
  readonly grace?: Duration | undefined
  /** Replaces the schedule's own jitter. @default that of `when` */
  readonly jitter?: Duration | undefined
  /** How often a run whose replica ended or stood still is begun, the first time included. @default 3 */
  readonly attempts?: number | undefined
}

/** A job with every option decided. */
export interface Job {
  readonly id: string
  readonly when: Schedule
  readonly run: JobOptions['run']
  readonly overlap: 'skip' | 'queue' | 'allow'
  readonly misfire: 'skip' | 'run-once' | 'run-all'
  readonly misfireLimit: number
  /** Milliseconds. */
  readonly grace: number
  /** Milliseconds from a slot to its run. */
  readonly delay: number
  readonly attempts: number
}

const longestId = 200

/** Checks the options of a job and fills in the defaults. Throws `CORE_SCHEDULE_OPTIONS`. */
export function defineJob(options: JobOptions): Job {
  const { id, when, run, overlap = 'skip', misfire = 'run-once', misfireLimit = 100, attempts = 3 } = options
  if (typeof id !== 'string' || id === '' || id.length > longestId)
    throw refused('id', `it is not text of 1 to ${longestId} characters`)
  if (typeof when?.next !== 'function') throw refused('when', 'it is not a schedule: pass cron(…), every(…) or at(…)')
  if (typeof run !== 'function') throw refused('run', 'it is not a function')
  if (!['skip', 'queue', 'allow'].includes(overlap))
    throw refused('overlap', `"${overlap}" is not skip, queue or allow`)
  if (!['skip', 'run-once', 'run-all'].includes(misfire))
    throw refused('misfire', `"${misfire}" is not skip, run-once or run-all`)
  if (!Number.isInteger(misfireLimit) || misfireLimit < 1) throw refused('misfireLimit', 'it is not a positive integer')
  if (!Number.isInteger(attempts) || attempts < 1) throw refused('attempts', 'it is not a positive integer')
  const jitter = options.jitter === undefined ? when.jitter : jitterMilliseconds(options.jitter)
  return {
    id,
    when,
    run,
    overlap,
    misfire,
    misfireLimit,
    attempts,
    grace: milliseconds(options.grace ?? '1m'),
    delay: jitterDelay(id, jitter),
  }
}

/**
 * Up to where a job that is registered for the first time, or with another schedule, has nothing to make up for. A single
 * slot in the past still runs: it was added too late, not missed.
 */
export function settledAtRegistration({ when }: Job, now: number): number {
  return when.once === undefined ? now : Math.min(now, when.once - 1)
}

function refused(option: string, reason: string): Error {
  return scheduleErrors.CORE_SCHEDULE_OPTIONS({ option, reason })
}
