/**
 * What backups are measured by, and what is made from it: alerting rules for Prometheus, a dashboard for Grafana, and the size
 * of a database that fits into a time.
 *
 * @packageDocumentation
 */
export { backupInstruments, type BackupInstruments } from './backup-instruments.ts'
export {
  grafanaDashboard,
  type GrafanaDashboard,
  type GrafanaDashboardOptions,
  type GrafanaPanel,
} from './grafana-dashboard.ts'
export { prometheusRules, type PrometheusRulesOptions } from './prometheus-rules.ts'
export { bytesInWindow, describeWindow, type DescribeWindowOptions, type MeasuredRate } from './recovery-window.ts'
