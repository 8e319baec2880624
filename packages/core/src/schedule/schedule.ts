import type { Duration } from '../duration/duration.ts'

/** Why a slot stands where it stands: what a change of the zone's clocks did to it. */
export type SlotReason =
  /** The wall clock shows a time that the schedule names. */
  | 'regular'
  /** The named time did not exist on that day; this is the first instant after the gap. */
  | 'after-gap'
  /** The named time did not exist on that day; this is as much later as the clocks were put forward. */
  | 'shifted'
  /** The named time occurs twice on that day; this is the first time. */
  | 'first-of-overlap'
  /** The named time occurs twice on that day; this is the second time. */
  | 'second-of-overlap'

/** When something runs: an ordered, perhaps endless set of instants, called slots. */
export interface Schedule {
  /** Says the same for two schedules exactly when they have the same slots: how a changed schedule is recognised. */
  readonly text: string
  /** IANA zone that its times are told in. */
  readonly zone: string
  /** Milliseconds over which jobs with this schedule are spread, each by the hash of its id. */
  readonly jitter: number
  /** Set for a schedule with a single slot: its instant, in milliseconds since 1970. */
  readonly once?: number | undefined
  /** The first slot later than an instant (both in milliseconds since 1970); undefined when there is none. */
  next(after: number): number | undefined
  /** Why there is a slot at this instant, which must be one of its slots. */
  reason(slot: number): SlotReason
}

/** What every kind of schedule can be given. */
export interface ScheduleOptions {
  /**
   * Spreads jobs that share a schedule: each runs later by a fixed part of this span that is drawn from its id. The slot
   * keeps its nominal time.
   * @default 0
   */
  readonly jitter?: Duration | undefined
}
