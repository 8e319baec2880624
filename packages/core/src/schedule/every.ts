import { formatDuration, milliseconds, type Duration } from '../duration/duration.ts'
import { scheduleErrors } from './errors.ts'
import { jitterMilliseconds } from './jitter.ts'
import type { Schedule, ScheduleOptions } from './schedule.ts'
import { isSearchable } from './search-range.ts'

/** Options of {@link every}. */
export interface EveryOptions extends ScheduleOptions {
  /** An instant that is a slot; the others lie whole intervals before and after it. @default 1970-01-01T00:00:00Z */
  readonly anchor?: Date | undefined
}

/**
 * A schedule with slots at even intervals of real time, whatever the clocks do: `'15m'` means the quarters of each hour.
 * The slots depend on the anchor alone, not on when a process started.
 *
 * @throws `CORE_SCHEDULE_OPTIONS` for an interval below a millisecond, `CORE_DURATION_INVALID`
 * @example
 * ```ts
 * import { every, nextRuns } from '@exprsn/core/schedule'
 *
 * const [run] = nextRuns(every('15m'), { from: new Date('2026-11-20T10:01:00Z'), count: 1 })
 * console.log(run?.toISOString()) // 2026-11-20T10:15:00.000Z
 * ```
 */
export function every(interval: Duration, { anchor, jitter }: EveryOptions = {}): Schedule {
  const length = milliseconds(interval)
  if (!(length >= 1 && Number.isInteger(length)))
    throw refused('interval', `${formatDuration(length)} is not a whole number of milliseconds of 1 or more`)
  const start = anchor === undefined ? 0 : anchor.getTime()
  if (!Number.isFinite(start)) throw refused('anchor', 'it is not a valid date')
  return {
    text: `every ${length} from ${((start % length) + length) % length}`,
    zone: 'UTC',
    jitter: jitterMilliseconds(jitter),
    next: (after) => (isSearchable(after) ? start + (Math.floor((after - start) / length) + 1) * length : undefined),
    reason: () => 'regular',
  }
}

function refused(option: string, reason: string): Error {
  return scheduleErrors.CORE_SCHEDULE_OPTIONS({ option, reason })
}
