/** What a scheduler tells `onEvent`: enough for metrics and alerts. Times are dates, spans milliseconds. */
export type ScheduleEvent =
  /** A run begins here; `late` is how long after its slot (and jitter) it was claimed. */
  | {
      readonly type: 'started'
      readonly job: string
      readonly slot: Date
      readonly fencingToken: number
      readonly attempt: number
      readonly late: number
    }
  /** A run ended here; `released` means that it was given back when the scheduler closed. */
  | {
      readonly type: 'ended'
      readonly job: string
      readonly slot: Date
      readonly fencingToken: number
      readonly outcome: RunOutcome['state']
      readonly took: number
      readonly error?: unknown
    }
  /** A slot came while a run was in progress, and was dropped. */
  | { readonly type: 'skipped'; readonly job: string; readonly slot: Date }
  /** Slots from `from` up to, not including, `to` passed without a run. */
  | { readonly type: 'missed'; readonly job: string; readonly from: Date; readonly to: Date }
  /** A run was begun as often as its job allows, and no replica ended it. */
  | { readonly type: 'given-up'; readonly job: string; readonly slot: Date }
  /** Another deployment registered another schedule for the job; this replica leaves it alone. */
  | { readonly type: 'stood-down'; readonly job: string }
  /** The database failed; the scheduler tries again at its next poll. */
  | { readonly type: 'fault'; readonly error: unknown }

/** How a run ended on this replica. */
export type RunOutcome =
  | { readonly state: 'done' }
  /** The job's function threw. */
  | { readonly state: 'failed'; readonly error: unknown }
  /** The lease was lost, or it is not known whether the end was recorded: another replica sees to the slot. */
  | { readonly state: 'lost' }
  /** The scheduler closed before the end: another replica may begin the run again at once. */
  | { readonly state: 'released' }
