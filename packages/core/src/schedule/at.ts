import { scheduleErrors } from './errors.ts'
import type { Schedule } from './schedule.ts'

/**
 * A schedule with a single slot. A job with it runs once, also when it is added a little later than that.
 *
 * @throws `CORE_SCHEDULE_OPTIONS` for a date that is not valid
 * @example
 * ```ts
 * import { at, nextRuns } from '@exprsn/core/schedule'
 *
 * const launch = at(new Date('2026-12-01T09:00:00Z'))
 * console.log(nextRuns(launch, { from: new Date('2026-11-20T00:00:00Z'), count: 5 }).length) // 1
 * ```
 */
export function at(date: Date): Schedule {
  const slot = date.getTime()
  if (!Number.isFinite(slot)) throw scheduleErrors.CORE_SCHEDULE_OPTIONS({ option: 'date', reason: 'it is not valid' })
  return {
    text: `at ${slot}`,
    zone: 'UTC',
    jitter: 0,
    once: slot,
    next: (after) => (after < slot ? slot : undefined),
    reason: () => 'regular',
  }
}
