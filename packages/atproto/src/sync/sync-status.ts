import type { SyncTally } from './sync-tally.ts'

/** How a sync is doing. */
export interface SyncStatus {
  /** Everything up to this message was applied; undefined before the first one. */
  readonly cursor: number | undefined
  /** Whether the connection to the source stands. */
  readonly connected: boolean
  /** Messages in memory that wait to be applied. */
  readonly pending: number
  /** Milliseconds between now and the time of the last message that was applied; undefined before the first one. */
  readonly lag: number | undefined
  /** Counts since the sync was made. */
  readonly tally: Readonly<SyncTally>
}
