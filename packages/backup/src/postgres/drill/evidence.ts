/** One thing that a drill looked at. */
export interface DrillCheck {
  readonly name: string
  readonly ok: boolean
  /** What was found, in a few words. */
  readonly detail: string
  readonly seconds: number
}

/** What a drill showed: that a backup can be restored, how long that takes, and how much would be lost. */
export interface DrillEvidence {
  readonly format: 1
  readonly source: string
  /** RFC 3339, when the drill began. */
  readonly time: string
  /** Everything was restored and every check passed. */
  readonly ok: boolean
  /** Why nothing could be restored, when that is so. */
  readonly failure?: string | undefined
  /** The base backup that was used, by the id of its snapshot. */
  readonly snapshot?: string | undefined
  /** What was asked for, such as `the latest point`. */
  readonly target: string
  /** Version of the server that was booted. */
  readonly server?: string | undefined
  /** Bytes that were restored. */
  readonly bytes: number
  /** Seconds from the call until the restored server took writes: the recovery time that this drill achieved. */
  readonly recoverySeconds: number
  readonly restoreSeconds: number
  readonly replaySeconds: number
  /** Time of the last commit that is there, as the server wrote it into its log. */
  readonly lastCommit?: string | undefined
  /** Seconds between the moment asked for and the last commit before it that is there: at most so much would be lost. */
  readonly lossSeconds?: number | undefined
  /** Bytes per second at which this drill restored, and what fits into two hours at that rate. */
  readonly bytesInTwoHours: number
  readonly checks: readonly DrillCheck[]
  /** Earlier drills of the source, the newest last. */
  readonly trend: readonly DrillTrend[]
}

/** One earlier drill. */
export interface DrillTrend {
  readonly time: string
  readonly ok: boolean
  readonly recoverySeconds: number
  readonly lossSeconds?: number | undefined
}
