import { zoneOffsets } from './calendar/zone-offsets.ts'
import { jitterDelay } from './jitter.ts'
import { nextSlots, type NextRunsOptions } from './next-runs.ts'
import type { Schedule, SlotReason } from './schedule.ts'

/** Options of {@link explain}. */
export interface ExplainOptions extends NextRunsOptions {
  /** The job whose jitter is added to `runsAt`. @default none */
  readonly id?: string | undefined
}

/** One coming run, and why then. */
export interface ExplainedRun {
  /** The nominal time, which identifies the run. */
  readonly slot: Date
  /** The slot plus the job's jitter. */
  readonly runsAt: Date
  /** The slot on the wall of the schedule's zone with its offset: `2026-03-08T03:00:00-04:00`. */
  readonly local: string
  readonly reason: SlotReason
  /** One sentence for people. */
  readonly note: string
}

const notes: Readonly<Record<SlotReason, string>> = {
  regular: 'The schedule names this time.',
  'after-gap': 'The clocks skip the named time on this day; this is the first instant after the gap.',
  shifted: 'The clocks skip the named time on this day; it runs as much later as they are put forward.',
  'first-of-overlap': 'The clocks show this time twice on this day; this is the first time.',
  'second-of-overlap': 'The clocks show this time twice on this day; this is the second time.',
}

/**
 * The next runs of a schedule with the reason for each: how to see what a change of the clocks will do.
 *
 * @throws `CORE_SCHEDULE_OPTIONS`
 * @example
 * ```ts
 * import { cron, explain } from '@exprsn/core/schedule'
 *
 * const nightly = cron('30 2 * * *', { zone: 'America/New_York' })
 * const [run] = explain(nightly, { from: new Date('2026-03-08T05:00:00Z'), count: 1 })
 * console.log(run?.local, run?.reason) // 2026-03-08T03:00:00-04:00 after-gap
 * ```
 */
export function explain(schedule: Schedule, options: ExplainOptions = {}): ExplainedRun[] {
  const delay = options.id === undefined ? 0 : jitterDelay(options.id, schedule.jitter)
  const zone = zoneOffsets(schedule.zone)
  return nextSlots(schedule, options).map((slot) => {
    const reason = schedule.reason(slot)
    return {
      slot: new Date(slot),
      runsAt: new Date(slot + delay),
      local: localText(slot, zone.spanAt(slot).offset),
      reason,
      note: notes[reason],
    }
  })
}

function localText(instant: number, offset: number): string {
  const wall = new Date(instant + offset).toISOString().slice(0, 19)
  const minutes = Math.round(Math.abs(offset) / 60_000)
  const digits = (value: number): string => String(value).padStart(2, '0')
  return `${wall}${offset < 0 ? '-' : '+'}${digits(Math.floor(minutes / 60))}:${digits(minutes % 60)}`
}
