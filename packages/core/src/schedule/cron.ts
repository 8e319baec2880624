import { zoneOffsets } from './calendar/zone-offsets.ts'
import { dstPolicy, type DstOptions } from './cron/dst-policy.ts'
import { nextInstant } from './cron/next-instant.ts'
import { parseCron } from './cron/parse-cron.ts'
import { slotReason } from './cron/slot-reason.ts'
import { jitterMilliseconds } from './jitter.ts'
import type { Schedule, ScheduleOptions } from './schedule.ts'
import { isSearchable } from './search-range.ts'

/** Options of {@link cron}. */
export interface CronOptions extends ScheduleOptions {
  /** IANA zone in which the fields are meant, such as `'America/New_York'`. @default 'UTC' */
  readonly zone?: string | undefined
  /** What happens to times that a change of the clocks removes or repeats. */
  readonly dst?: DstOptions | undefined
}

/**
 * A schedule from a cron expression of 5 fields (minute, hour, day of month, month, day of week) or 6 (second first).
 *
 * Each field takes lists (`1,15`), ranges (`MON-FRI`), steps (a star or a range, a slash and the step) and three-letter
 * names. Day of month also takes `L` (the last), `L-3`, `15W` (the weekday nearest to the 15th), `LW`; day of week also
 * takes `FRI#2` (the second Friday), `FRIL` (the last). `?` stands for a star in either. `@daily` and its like work.
 * When day of month and day of week are both restricted, either is enough (Vixie's rule; a field that begins with a star
 * is not restricted).
 *
 * Where the clocks change, named hours run exactly once and open hours (a star) follow the time that really passes,
 * unless `dst` says otherwise.
 *
 * @throws `CORE_SCHEDULE_CRON` with field and offset, `CORE_SCHEDULE_IMPOSSIBLE` for a day that never comes,
 * `CORE_SCHEDULE_ZONE`
 * @example
 * ```ts
 * import { cron, nextRuns } from '@exprsn/core/schedule'
 *
 * const nightly = cron('30 2 * * *', { zone: 'America/New_York' })
 * const [run] = nextRuns(nightly, { from: new Date('2026-03-08T00:00:00-05:00'), count: 1 })
 * console.log(run?.toISOString()) // 2026-03-08T07:00:00.000Z: 02:30 does not exist on that day
 * ```
 */
export function cron(expression: string, { zone = 'UTC', dst = {}, jitter }: CronOptions = {}): Schedule {
  const fields = parseCron(expression)
  const policy = dstPolicy(dst, fields.isHourOpen)
  const offsets = zoneOffsets(zone)
  return {
    text: `cron ${fields.canonical} @${zone} gap=${policy.gap} overlap=${policy.overlap}`,
    zone,
    jitter: jitterMilliseconds(jitter),
    next: (after) => (isSearchable(after) ? nextInstant(fields, offsets, policy, after) : undefined),
    reason: (slot) => slotReason(fields, offsets, policy, slot),
  }
}
