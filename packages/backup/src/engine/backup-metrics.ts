import type { Metrics } from '@exprsn/core/metrics'
import type { BackupEvent } from './events.ts'

/** Counts events into a registry. */
export function backupMetrics(metrics: Metrics): (event: BackupEvent, now: number) => void {
  const runs = metrics.counter({
    name: 'backup_runs',
    help: 'Backups by how they ended.',
    labels: ['source', 'outcome'],
  })
  const seconds = metrics.histogram({
    name: 'backup_run',
    unit: 'seconds',
    help: 'Time of a backup.',
    labels: ['source'],
  })
  const added = metrics.counter({ name: 'backup_added', unit: 'bytes', help: 'New content.', labels: ['source'] })
  const stored = metrics.counter({ name: 'backup_stored', unit: 'bytes', help: 'Stored for it.', labels: ['source'] })
  const success = metrics.gauge({
    name: 'backup_last_success_timestamp',
    unit: 'seconds',
    help: 'When the last snapshot was made, since 1970.',
    labels: ['source'],
  })
  const problems = metrics.gauge({ name: 'backup_check_problems', help: 'Problems that the last check found.' })
  const alerts = metrics.gauge({ name: 'backup_alerts', help: 'Alerts that are firing.', labels: ['kind'] })
  return (event, now) => {
    switch (event.kind) {
      case 'run-completed': {
        const { source, result } = event
        runs.add(1, { source, outcome: 'completed' })
        seconds.observe(result.seconds, { source })
        added.add(result.added, { source })
        stored.add(result.stored, { source })
        success.set(now / 1_000, { source })
        return
      }
      case 'run-failed':
        return runs.add(1, { source: event.source, outcome: 'failed' })
      case 'checked':
        return problems.set(event.report.problems.length)
      case 'alert-firing':
        return alerts.add(1, { kind: event.alert.kind })
      case 'alert-resolved':
        return alerts.add(-1, { kind: event.alert.kind })
      default:
    }
  }
}
