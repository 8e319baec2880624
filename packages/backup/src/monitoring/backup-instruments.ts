import type { Counter, Gauge, Histogram, Metrics } from '@exprsn/core/metrics'

/** Everything that backups are measured by. `source` is the name in `createBackup`. */
export interface BackupInstruments {
  readonly runs: Counter<'source' | 'outcome'>
  readonly runSeconds: Histogram<'source'>
  readonly added: Counter<'source'>
  readonly stored: Counter<'source'>
  readonly size: Gauge<'source'>
  readonly window: Gauge<'source'>
  readonly lastSuccess: Gauge<'source'>
  readonly checkProblems: Gauge
  readonly alerts: Gauge<'kind'>
  readonly walLag: Gauge<'source'>
  readonly walLagSeconds: Gauge<'source'>
  readonly walArchiveAge: Gauge<'source'>
  readonly slotRetained: Gauge<'source'>
  readonly drillSuccess: Gauge<'source'>
  readonly drillRecovery: Gauge<'source'>
  readonly drillLoss: Gauge<'source'>
  readonly drillWindow: Gauge<'source'>
}

/**
 * Registers the instruments of backups, or finds them: a registry has them once. `createBackup` does so by itself when it is given
 * `metrics`.
 *
 * @throws `CORE_METRICS_NAME_TAKEN` when something else has one of the names.
 * @example
 * ```ts
 * import { backupInstruments } from '@exprsn/backup/monitoring'
 * import { createMetrics } from '@exprsn/core/metrics'
 *
 * const metrics = createMetrics({ prefix: 'app' })
 * backupInstruments(metrics).walLag.set(0, { source: 'db' })
 * console.log(metrics.describe().some(({ name }) => name === 'app_backup_wal_lag_bytes')) // true
 * ```
 */
export function backupInstruments(metrics: Metrics): BackupInstruments {
  const labels = ['source'] as const
  const bytes = (name: string, help: string) => metrics.gauge({ name, unit: 'bytes', help, labels })
  const seconds = (name: string, help: string) => metrics.gauge({ name, unit: 'seconds', help, labels })
  return {
    runs: metrics.counter({
      name: 'backup_runs',
      help: 'Backups by how they ended.',
      labels: ['source', 'outcome'],
    }),
    runSeconds: metrics.histogram({ name: 'backup_run', unit: 'seconds', help: 'Time of a backup.', labels }),
    added: metrics.counter({ name: 'backup_added', unit: 'bytes', help: 'New content.', labels }),
    stored: metrics.counter({ name: 'backup_stored', unit: 'bytes', help: 'Stored for it.', labels }),
    size: bytes('backup_size', 'What the last snapshot holds.'),
    window: bytes('backup_window', 'What fits into a backup of two hours at the rate of the last one.'),
    lastSuccess: seconds('backup_last_success_timestamp', 'When the last snapshot was made, since 1970.'),
    checkProblems: metrics.gauge({ name: 'backup_check_problems', help: 'Problems that the last check found.' }),
    alerts: metrics.gauge({ name: 'backup_alerts', help: 'Alerts that are firing.', labels: ['kind'] }),
    walLag: bytes('backup_wal_lag', 'WAL that the server has written and the receiver has not made durable.'),
    walLagSeconds: seconds('backup_wal_lag', 'How long a commit waits until the receiver has made it durable.'),
    walArchiveAge: seconds('backup_wal_archive_age', 'Since WAL was last stored in the repository.'),
    slotRetained: bytes('backup_slot_retained', 'WAL that the replication slot keeps on the server.'),
    drillSuccess: seconds('backup_drill_last_success_timestamp', 'When the last drill passed, since 1970.'),
    drillRecovery: seconds('backup_drill_recovery', 'Time until the restored server took writes.'),
    drillLoss: seconds(
      'backup_drill_loss',
      'Between the moment that was asked for and the last commit that came back.',
    ),
    drillWindow: bytes('backup_drill_window', 'What is restored within two hours at the rate of the last drill.'),
  }
}
