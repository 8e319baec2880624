/** Whether a run belongs to a slot of the schedule or was asked for. */
export type RunKind = 'slot' | 'manual'

/** How a run stands: `lost` means that it was tried as often as its job allows and never ended. */
export type RunState = 'running' | 'done' | 'failed' | 'skipped' | 'lost'

/** What the replicas share about a job. */
export interface JobRecord {
  readonly id: string
  /** Text of the schedule that was registered last. */
  readonly schedule: string
  /** Latest slot that was settled. */
  readonly slot: number
  /** Last fencing token. */
  readonly token: number
  readonly isPaused: boolean
}

/** Names a run under the fencing token that it was claimed with. */
export interface RunClaim {
  readonly job: string
  readonly kind: RunKind
  /** Milliseconds since 1970. */
  readonly slot: number
  readonly token: number
  /** 1 for the first time. */
  readonly attempt: number
}

/** A run in progress, as the replicas see it. */
export interface RunningRecord extends RunClaim {
  /** On the wall clock of its owner, in milliseconds since 1970. */
  readonly leaseUntil: number
}

/** One run of the history. */
export interface RunRecord extends RunClaim {
  readonly state: RunState
  readonly owner: string
  readonly startedAt: Date
  readonly finishedAt: Date | undefined
  /** Why it failed or was skipped. */
  readonly reason: string | undefined
}
