import type { OnProgress } from '../progress/progress.ts'
import type { ReplicateReport } from '../replicate/index.ts'
import type {
  EntriesOptions,
  PruneOptions,
  PruneResult,
  RestoreResult,
  Snapshot,
  SnapshotEntry,
} from '../repository/index.ts'
import type {
  DrillEvidence,
  DrillOptions,
  RecoverableWindow,
  RestoredCluster,
  RestoredTables,
  RestoreTableOptions,
  RestoreToPointOptions,
} from '../postgres/index.ts'
import type { RetentionPlan } from '../retention/index.ts'
import type { CheckOptions, CheckReport } from '../verify/index.ts'
import type { BackupAlert } from './alerts.ts'
import type { SnapshotChange } from './diff-snapshots.ts'
import type { RunResult } from './run-source.ts'
import type { RepositoryStats } from './stats.ts'

/** Options of most calls. */
export interface BackupCallOptions {
  /** Ends the operation; what is done stays. */
  readonly signal?: AbortSignal | undefined
}

/** Options of {@link Backup.run}. */
export interface RunOptions extends BackupCallOptions {
  /** Added to the tags of the engine. @default [] */
  readonly tags?: readonly string[] | undefined
  /** Told of what was read and stored. */
  readonly onProgress?: OnProgress | undefined
}

/** Options of {@link Backup.restore}. */
export interface RestoreOptions
  extends BackupCallOptions, Pick<RestoreToPointOptions, 'until' | 'timeline' | 'tablespaces' | 'owner' | 'durable'> {
  /** The snapshot's id, its first digits, or `latest`: the source's latest. @default 'latest' */
  readonly from?: string | undefined
  /** Where to: a folder for files, or what the source understands. */
  readonly into: unknown
  /** Paths inside the snapshot, and everything below them. @default everything */
  readonly include?: readonly string[] | undefined
  /** Told of what was restored. */
  readonly onProgress?: OnProgress | undefined
}

/** What a restore brought back. */
export interface Restored extends RestoreResult {
  /** Of a database with a log: the data folder that is ready to boot. */
  readonly cluster?: RestoredCluster | undefined
}

/** Options of {@link Backup.forget}. */
export interface ForgetOptions extends BackupCallOptions {
  /** Only says what would be forgotten. @default false */
  readonly dryRun?: boolean | undefined
}

/** How a source is doing. */
export interface SourceStatus {
  readonly name: string
  readonly snapshots: number
  readonly lastSnapshot: { readonly id: string; readonly time: Date } | undefined
  /** Why the last run of this process failed; undefined when it did not. */
  readonly lastFailure: string | undefined
  readonly running: boolean
  /** The next slot of its schedule. */
  readonly nextRun: Date | undefined
}

/** How a replica is doing. */
export interface ReplicaStatus {
  readonly name: string
  /** Snapshots it lacks. */
  readonly missing: number
  /** Milliseconds since the oldest of them was made. */
  readonly age: number
  /** Why it could not be reached; undefined when it could. */
  readonly failure: string | undefined
}

/** How everything is doing. */
export interface BackupStatus {
  readonly ok: boolean
  readonly repository: string
  readonly sources: readonly SourceStatus[]
  readonly replicas: readonly ReplicaStatus[]
  readonly lastCheck: { readonly time: Date; readonly ok: boolean; readonly problems: number } | undefined
  readonly alerts: readonly BackupAlert[]
}

/** Backups of some sources into one repository. */
export interface Backup<Name extends string = string> extends AsyncDisposable {
  /** Backs a source up, and brings the replicas up to date. Rejects only when there is no snapshot. */
  run(source: Name, options?: RunOptions): Promise<RunResult>
  /** Snapshots ascending by time, of one source or of all. */
  list(source?: Name, options?: BackupCallOptions): Promise<Snapshot[]>
  /** Brings a snapshot of a source back; of a source that keeps a log, `until` names any moment. */
  restore(source: Name, options: RestoreOptions): Promise<Restored>
  /** The stretches of time of which every moment can be restored; of sources that keep a log. */
  recoverable(source: Name, options?: BackupCallOptions): Promise<readonly RecoverableWindow[]>
  /** Copies tables, as they were at a moment, to another server; of sources that keep a log. */
  restoreTable(source: Name, options: RestoreTableOptions): Promise<RestoredTables>
  /**
   * Restores into a throw-away server and looks whether what came out is sound. The evidence is signed and kept beside
   * the repository. Only what keeps the drill from running is thrown; that nothing can be restored is evidence, too.
   */
  drill(source: Name, options?: DrillOptions): Promise<DrillEvidence>
  /** The evidence of earlier drills, the newest last; what somebody changed is left out. */
  drills(source: Name, options?: BackupCallOptions): Promise<readonly DrillEvidence[]>
  /** Where two snapshots differ, by path. */
  diff(before: string, after: string, options?: BackupCallOptions): AsyncIterable<SnapshotChange>
  /** The entries of a folder of a snapshot. */
  entries(snapshot: string, path?: string, options?: EntriesOptions): AsyncIterable<SnapshotEntry>
  /** The content of a file of a snapshot. */
  open(snapshot: string, path: string, options?: BackupCallOptions): AsyncIterable<Uint8Array>
  check(options?: CheckOptions): Promise<CheckReport>
  /** Applies the retention policy to each source; what only the forgotten needed is freed by `prune`. */
  forget(options?: ForgetOptions): Promise<Readonly<Record<Name, RetentionPlan>>>
  prune(options?: PruneOptions): Promise<PruneResult>
  /** Brings the replicas up to date. One that fails is reported as an event and by `status`. */
  replicate(options?: BackupCallOptions): Promise<Readonly<Record<string, ReplicateReport | undefined>>>
  stats(options?: BackupCallOptions): Promise<RepositoryStats>
  status(options?: BackupCallOptions): Promise<BackupStatus>
  /** Looks for alerts once and tells of those that are new or over: what a started engine does by itself. */
  watch(options?: BackupCallOptions): Promise<readonly BackupAlert[]>
  /** Forget, extend locks, prune, check: what the `maintenance` schedule runs. */
  maintain(options?: BackupCallOptions): Promise<CheckReport>
  /** Adds the schedules to the scheduler, and begins to look for alerts. */
  start(): void
  /** Ends what `start` began, and waits for runs in progress. */
  close(): Promise<void>
}
