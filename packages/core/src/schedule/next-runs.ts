import type { Clock } from '../clock/clock.ts'
import { systemClock } from '../clock/system-clock.ts'
import { scheduleErrors } from './errors.ts'
import type { Schedule } from './schedule.ts'

/** Options of {@link nextRuns}. */
export interface NextRunsOptions {
  /** Slots later than this. @default now */
  readonly from?: Date | undefined
  /** At most this many. @default 1 */
  readonly count?: number | undefined
  /** @default systemClock */
  readonly clock?: Clock | undefined
}

/**
 * The next slots of a schedule, without jitter.
 *
 * @returns Fewer than asked for when the schedule ends before.
 * @throws `CORE_SCHEDULE_OPTIONS`
 * @example
 * ```ts
 * import { cron, nextRuns } from '@exprsn/core/schedule'
 *
 * const runs = nextRuns(cron('0 9 * * MON#1'), { from: new Date('2026-11-20T00:00:00Z'), count: 2 })
 * console.log(runs.map((run) => run.toISOString().slice(0, 10))) // [ '2026-12-07', '2027-01-04' ]
 * ```
 */
export function nextRuns(schedule: Schedule, options: NextRunsOptions = {}): Date[] {
  return nextSlots(schedule, options).map((slot) => new Date(slot))
}

/** The same as milliseconds since 1970. */
export function nextSlots(schedule: Schedule, { from, count = 1, clock = systemClock }: NextRunsOptions): number[] {
  if (!Number.isInteger(count) || count < 0 || count > 1_000_000)
    throw scheduleErrors.CORE_SCHEDULE_OPTIONS({ option: 'count', reason: `${count} is not between 0 and 1,000,000` })
  let slot: number | undefined = from === undefined ? clock.now() : from.getTime()
  if (!Number.isFinite(slot)) throw scheduleErrors.CORE_SCHEDULE_OPTIONS({ option: 'from', reason: 'it is not valid' })
  const slots: number[] = []
  while (slots.length < count) {
    slot = schedule.next(slot)
    if (slot === undefined) break
    slots.push(slot)
  }
  return slots
}
