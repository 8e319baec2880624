/**
 * Backup engines with point-in-time recovery that run inside your own process.
 *
 * @packageDocumentation
 */
export { discardSink } from './base-backup/discard-sink.ts'
export { baseBackupErrors } from './base-backup/errors.ts'
export type { FileOwner } from './files/own-tree.ts'
export { folderSink, type FolderSinkOptions } from './base-backup/folder-sink.ts'
export type { BackupTablespace } from './base-backup/archive-stream.ts'
export { readDataFolder, type ReadDataFolderOptions } from './base-backup/data-folder/read-data-folder.ts'
export { receiveBaseBackup, type BaseBackup, type ReceiveBaseBackupOptions } from './base-backup/receive-base-backup.ts'
export type { CommonBackupOptions } from './base-backup/check-options.ts'
export type { BackupFile, BackupSink } from './base-backup/sink.ts'
export { manifestErrors } from './manifest/errors.ts'
export {
  parseManifest,
  type BackupManifest,
  type ChecksumAlgorithm,
  type ManifestFile,
  type ManifestWalRange,
} from './manifest/parse-manifest.ts'
export {
  verifyBackup,
  type BackupProblem,
  type VerifiedBackup,
  type VerifyBackupOptions,
} from './manifest/verify-backup.ts'
export type { OnProgress, Progress } from './progress/progress.ts'
export type { ManifestChecksums } from './replication/commands.ts'
export type { PostgresConnector, SqlClient, SqlConnection } from './replication/connection.ts'
export { postgresErrors } from './replication/errors.ts'
export { formatLsn, parseLsn, type Lsn } from './replication/lsn.ts'
export {
  decodeTree,
  defaultScryptCost,
  encodeTree,
  openRepository,
  repositoryErrors,
  type AssembledPack,
  type BackupSession,
  type CountingWriter,
  type BackupSource,
  type Bandwidth,
  type BlobReader,
  type BlobType,
  type BlobWriter,
  type CompressionSettings,
  type ContentId,
  type EntriesOptions,
  type ExtendedAttribute,
  type AddKeyOptions,
  type ExtendedLocks,
  type KeySlot,
  type LocatedBlob,
  type NewSnapshot,
  type OpenRepositoryOptions,
  type OpenSessionOptions,
  type PackedBlob,
  type PackSettings,
  type PruneOptions,
  type PrunePlan,
  type PruneResult,
  type ReadBlobOptions,
  type Repository,
  type RepositoryCallOptions,
  type RepositorySecret,
  type RestoreContext,
  type RestoreResult,
  type SavedBlob,
  type SaveBlobOptions,
  type ScryptCost,
  type Snapshot,
  type SnapshotEntry,
  type SnapshotFilter,
  type SnapshotProblem,
  type SnapshotSummary,
  type SourceContext,
  type SourceResult,
  type SourceSession,
  type Swept,
  type TreeNode,
  type TreeNodeType,
} from './repository/index.ts'
export {
  fixedChunker,
  gearChunker,
  rabinChunker,
  type Chunker,
  type ChunkSizes,
  type GearChunkerOptions,
  type RabinChunkerOptions,
} from './chunking/index.ts'
export {
  bucketSource,
  filesSource,
  sourcesErrors,
  sqliteSource,
  type BucketSourceOptions,
  type FilesSourceOptions,
  type SqliteSourceOptions,
} from './sources/index.ts'
export {
  createPostgresSource,
  isPointInTimeSource,
  postgresSourceErrors,
  renderDrillEvidence,
  type BoundSource,
  type CreatePostgresSourceOptions,
  type DrillAssertion,
  type DrillCheck,
  type DrillEvidence,
  type DrillOptions,
  type DrillTrend,
  type PointInTimeSource,
  type RecoverablePoint,
  type RecoverableWindow,
  type RestoredCluster,
  type RetainableSnapshots,
  type RestoredTables,
  type RestoreTableOptions,
  type RestoreToPointOptions,
  type SourceAlert,
  type SourceCallOptions,
  type SourceFigures,
  type SourceHost,
} from './postgres/index.ts'
export { currentPosition, emitMarker, type ServerPosition } from './restore/current-position.ts'
export { restoreErrors } from './restore/errors.ts'
export {
  planRecovery,
  type PlanRecoveryOptions,
  type RecoveryPlan,
  type RecoveryWindow,
} from './restore/plan-recovery.ts'
export type { BaseFacts } from './restore/base-facts.ts'
export type { RecoveryBase, RecoveryCopyOptions, RecoveryPlaces } from './restore/recovery-base.ts'
export type { TimelineStep, TimelineTarget } from './wal/timeline-path.ts'
export { prepareRecovery, type PreparedRecovery, type PrepareRecoveryOptions } from './restore/prepare-recovery.ts'
export { parseRecoveryLog, type RecoveryLog } from './restore/recovery-log.ts'
export type { ParsedTarget, RecoveryTarget } from './restore/recovery-target.ts'
export { waitForRecovery, type WaitForRecoveryOptions } from './restore/wait-for-recovery.ts'
export { tarErrors } from './tar/errors.ts'
export { walErrors } from './wal/errors.ts'
export {
  scanWal,
  type ScannedWal,
  type ScanWalOptions,
  type StoredSegment,
  type WalGap,
  type WalRange,
} from './wal/scan-wal.ts'
export {
  createWalReceiver,
  type WaitForOptions,
  type WalPosition,
  type WalReceiver,
  type WalReceiverOptions,
} from './wal/wal-receiver.ts'
export {
  openReplica,
  repairRepository,
  replicaLag,
  replicate,
  replicateErrors,
  type RepairOptions,
  type RepairReport,
  type ReplicaLag,
  type ReplicaOptions,
  type ReplicateOptions,
  type ReplicateReport,
} from './replicate/index.ts'
export {
  planRetention,
  retentionErrors,
  type KeptSnapshot,
  type PlanRetentionOptions,
  type RetentionPlan,
  type RetentionPolicy,
} from './retention/index.ts'
export {
  checkRepository,
  verifyErrors,
  type AffectedEntry,
  type CheckLevel,
  type CheckOptions,
  type CheckReport,
  type RepositoryProblem,
  type RepositoryProblemKind,
} from './verify/index.ts'
export {
  backupErrors,
  createBackup,
  createBackupStatusHandler,
  type Backup,
  type BackupAlert,
  type BackupCallOptions,
  type BackupEvent,
  type BackupNotify,
  type BackupOptions,
  type BackupSchedule,
  type BackupStatus,
  type BackupStatusHandlerOptions,
  type ForgetOptions,
  type ReplicaStatus,
  type RepositoryStats,
  type Restored,
  type RestoreOptions,
  type RunOptions,
  type RunResult,
  type SnapshotChange,
  type SourceStatus,
} from './engine/index.ts'
export {
  evidenceErrors,
  recordSnapshots,
  verifySnapshotLog,
  type LogHead,
  type LogProblem,
  type SnapshotLogReport,
} from './evidence/index.ts'
