/**
 * Backups of sources into a repository: runs, restores, schedules, alerts.
 *
 * @packageDocumentation
 */
export type { BackupAlert } from './alerts.ts'
export type { BackupNotify, BackupOptions, BackupSchedule } from './backup-options.ts'
export type {
  Backup,
  BackupCallOptions,
  BackupStatus,
  ForgetOptions,
  ReplicaStatus,
  Restored,
  RestoreOptions,
  RunOptions,
  SourceStatus,
} from './backup.ts'
export { createBackup } from './create-backup.ts'
export type { SnapshotChange } from './diff-snapshots.ts'
export { backupErrors } from './errors.ts'
export type { BackupEvent } from './events.ts'
export type { RunResult } from './run-source.ts'
export type { RepositoryStats } from './stats.ts'
export { createBackupStatusHandler, type BackupStatusHandlerOptions } from './status-handler.ts'
