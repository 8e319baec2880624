import { milliseconds, type Duration } from '@exprsn/core'
import type { Metrics } from '@exprsn/core/metrics'
import { metricName } from './metric-names.ts'

/** Options of {@link prometheusRules}. */
export interface PrometheusRulesOptions {
  /** Name of the group. @default 'exprsn-backup' */
  readonly group?: string | undefined
  /** How old the last snapshot may be. @default '26h' */
  readonly snapshotAge?: Duration | undefined
  /** How old the last drill that passed may be. @default '8d' */
  readonly drillAge?: Duration | undefined
  /** How long a commit may wait until it is durable outside the server. @default '1m' */
  readonly walLag?: Duration | undefined
  /** Since when WAL may be missing in the repository. @default '10m' */
  readonly walArchiveAge?: Duration | undefined
  /** Bytes that the slot may keep on the server. @default 1 GiB */
  readonly slotRetained?: number | undefined
}

/**
 * Alerting rules for Prometheus, as the YAML of a rule file, for the metrics that a registry has for backups.
 *
 * @example
 * ```ts
 * import { prometheusRules } from '@exprsn/backup/monitoring'
 * import { createMetrics } from '@exprsn/core/metrics'
 *
 * const yaml = prometheusRules(createMetrics(), { drillAge: '31d' })
 * console.log(yaml.includes('alert: BackupMissing')) // true
 * ```
 */
export function prometheusRules(metrics: Metrics, options: PrometheusRulesOptions = {}): string {
  const rules = backupRules(metrics, options)
  const group = options.group ?? 'exprsn-backup'
  const lines = rules.flatMap(({ alert, expression, wait, severity, summary }) => [
    `      - alert: ${alert}`,
    `        expr: ${quoted(expression)}`,
    `        for: ${wait}`,
    `        labels: { severity: ${severity} }`,
    `        annotations: { summary: ${quoted(summary)} }`,
  ])
  return ['groups:', `  - name: ${quoted(group)}`, '    rules:', ...lines, ''].join('\n')
}

interface Rule {
  readonly alert: string
  /** In PromQL. */
  readonly expression: string
  readonly wait: string
  readonly severity: 'warning' | 'critical'
  readonly summary: string
}

function backupRules(metrics: Metrics, options: PrometheusRulesOptions): Rule[] {
  const name = (ending: string): string => metricName(metrics, ending)
  const seconds = (value: Duration | undefined, usual: Duration): number => milliseconds(value ?? usual) / 1_000
  const source = '{{ $labels.source }}'
  return [
    {
      alert: 'BackupFailed',
      expression: `increase(${name('backup_runs')}_total{outcome="failed"}[1h]) > 0`,
      ...{ wait: '0m', severity: 'critical', summary: `A backup of ${source} has failed.` },
    },
    {
      alert: 'BackupMissing',
      expression: `time() - ${name('backup_last_success_timestamp_seconds')} > ${seconds(options.snapshotAge, '26h')}`,
      ...{ wait: '5m', severity: 'critical', summary: `The last snapshot of ${source} is too old.` },
    },
    {
      alert: 'BackupMetricsAbsent',
      expression: `absent(${name('backup_last_success_timestamp_seconds')})`,
      ...{
        wait: '30m',
        severity: 'critical',
        summary: 'Nobody reports on backups: the process that makes them may be gone.',
      },
    },
    {
      alert: 'BackupDamaged',
      expression: `${name('backup_check_problems')} > 0`,
      ...{ wait: '0m', severity: 'critical', summary: 'The last check of the repository found problems.' },
    },
    {
      alert: 'BackupWalLag',
      expression: `${name('backup_wal_lag_seconds')} > ${seconds(options.walLag, '1m')}`,
      ...{
        wait: '5m',
        severity: 'warning',
        summary: `Commits of ${source} wait too long until they are durable elsewhere.`,
      },
    },
    {
      alert: 'BackupWalNotStored',
      expression: `${name('backup_wal_archive_age_seconds')} > ${seconds(options.walArchiveAge, '10m')}`,
      ...{ wait: '5m', severity: 'critical', summary: `WAL of ${source} does not reach the repository.` },
    },
    {
      alert: 'BackupSlotKeepsWal',
      expression: `${name('backup_slot_retained_bytes')} > ${options.slotRetained ?? 2 ** 30}`,
      ...{ wait: '10m', severity: 'warning', summary: `The slot of ${source} fills the disk of the server.` },
    },
    {
      alert: 'BackupDrillMissing',
      expression: `time() - ${name('backup_drill_last_success_timestamp_seconds')} > ${seconds(options.drillAge, '8d')}`,
      ...{ wait: '1h', severity: 'warning', summary: `No restore of ${source} was proved for too long.` },
    },
    {
      alert: 'BackupNeedsAPerson',
      expression: `${name('backup_alerts')} > 0`,
      ...{
        wait: '10m',
        severity: 'warning',
        summary: 'The backup engine has an open alert of the kind {{ $labels.kind }}.',
      },
    },
  ]
}

/** A plain scalar in YAML's single quotes, which leave everything else as it is. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}
