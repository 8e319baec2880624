import type { MetricDescription, Metrics } from '@exprsn/core/metrics'
import { backupInstruments } from './backup-instruments.ts'

/** The metrics of backups in a registry, in the order of their registration. */
export function backupMetricsOf(metrics: Metrics): readonly MetricDescription[] {
  backupInstruments(metrics)
  return metrics.describe().filter(({ name }) => /(^|_)backup_/.test(name))
}

/** The name of a metric with the prefix that the registry gives it. */
export function metricName(metrics: Metrics, ending: string): string {
  const found = backupMetricsOf(metrics).find(({ name }) => name === ending || name.endsWith(`_${ending}`))
  return found?.name ?? ending
}
