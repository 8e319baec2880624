import type { Clock, Logger } from '@exprsn/core'
import type { BackupSource, ContentId, Repository, Snapshot } from '../repository/index.ts'
import type { RetentionPolicy } from '../retention/index.ts'
import type { DrillEvidence } from './drill/evidence.ts'
import type { DrillOptions } from './drill/run-drill.ts'
import type { RestoredTables, RestoreTableOptions } from './table/restore-table.ts'
import type { RestoredCluster, RestoreToPointOptions } from './restore/restore-to-point.ts'
import type { RecoverableWindow } from './windows.ts'

/** What a source that keeps a log is given by the engine, once. */
export interface SourceHost {
  /** The name in `createBackup`. */
  readonly name: string
  readonly repository: Promise<Repository>
  readonly cacheFolder: string | undefined
  readonly clock: Clock
  readonly logger: Logger
}

/** Something that a person has to look at. */
export interface SourceAlert {
  /** The same as long as it is about the same. */
  readonly key: string
  readonly kind: 'wal' | 'slot' | 'drill'
  /** One sentence. */
  readonly text: string
}

/** How far the log of a source is. What is not known now is left out: a server that cannot be asked is an alert. */
export interface SourceFigures {
  /** Bytes that the server has written and that are not durable here. */
  readonly lagBytes?: number | undefined
  /** Seconds that a commit waits until it is durable here; while nothing is received, since when. */
  readonly lagSeconds?: number | undefined
  /** Seconds since the log was last stored in the repository. */
  readonly archiveAge?: number | undefined
  /** Bytes of the log that the slot keeps on the server. */
  readonly slotRetained?: number | undefined
}

/** Options of calls that may take long. */
export interface SourceCallOptions {
  /** Gives up. */
  readonly signal?: AbortSignal | undefined
}

/** Snapshots as retention looks at them. */
export interface RetainableSnapshots {
  readonly snapshots: readonly Snapshot[]
  readonly needs: (snapshot: Snapshot) => readonly ContentId[]
}

/** A source that keeps a log beside its snapshots, so that every moment between them can be restored. */
export interface PointInTimeSource extends BackupSource {
  /** Joins it with an engine. Nothing happens before the first call. */
  bind(host: SourceHost): BoundSource
}

/** A source at work in an engine. */
export interface BoundSource {
  /** What the engine runs. */
  readonly source: BackupSource
  /** Begins to receive the log. */
  start(): void
  close(): Promise<void>
  restore(options: RestoreToPointOptions & { readonly from?: string | undefined }): Promise<RestoredCluster>
  recoverable(options?: SourceCallOptions): Promise<readonly RecoverableWindow[]>
  /**
   * What retention has to know: snapshots with the time from which on they can be restored to, and what each needs. The
   * time of a snapshot is when its backup began, and it cannot be restored to that.
   */
  retainable(snapshots: readonly Snapshot[]): Promise<RetainableSnapshots>
  /** Removes what of the log no kept snapshot and no promised window needs. Returns the number of segments. */
  trim(policy: RetentionPolicy, options?: SourceCallOptions): Promise<number>
  /** Fetches tables as they were at a moment. */
  restoreTable(options: RestoreTableOptions): Promise<RestoredTables>
  /** Restores into a throw-away server and looks whether what came out is sound. */
  drill(options?: DrillOptions): Promise<DrillEvidence>
  /** The evidence of earlier drills, the newest last. */
  drills(options?: SourceCallOptions): Promise<readonly DrillEvidence[]>
  alerts(options?: SourceCallOptions): Promise<readonly SourceAlert[]>
  /** How far the log is, in figures. */
  figures(options?: SourceCallOptions): Promise<SourceFigures>
}

/** Whether a source keeps a log. */
export function isPointInTimeSource(source: BackupSource): source is PointInTimeSource {
  return 'bind' in source && typeof source.bind === 'function'
}
