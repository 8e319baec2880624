import type { MetricDescription, Metrics } from '@exprsn/core/metrics'
import { backupMetricsOf } from './metric-names.ts'

/** Options of {@link grafanaDashboard}. */
export interface GrafanaDashboardOptions {
  /** @default 'Backups' */
  readonly title?: string | undefined
  /** Stays the same over imports. @default 'exprsn-backup' */
  readonly uid?: string | undefined
}

/** A dashboard in Grafana's JSON model, as far as it is written here. */
export interface GrafanaDashboard {
  readonly title: string
  readonly uid: string
  readonly schemaVersion: number
  readonly panels: readonly GrafanaPanel[]
  readonly [field: string]: unknown
}

/** One panel of a dashboard. */
export interface GrafanaPanel {
  readonly id: number
  readonly title: string
  readonly type: 'timeseries' | 'stat'
  readonly targets: readonly { readonly expr: string; readonly legendFormat: string; readonly refId: string }[]
  readonly [field: string]: unknown
}

const panelHeight = 8
const columns = 2
const fullWidth = 24

/**
 * A Grafana dashboard with a panel for every metric of backups that a registry has, so that none is forgotten: import it as JSON,
 * or provision it. It asks for the data source, and for the sources to show.
 *
 * @example
 * ```ts
 * import { grafanaDashboard } from '@exprsn/backup/monitoring'
 * import { createMetrics } from '@exprsn/core/metrics'
 *
 * const dashboard = grafanaDashboard(createMetrics())
 * console.log(dashboard.panels.length > 10, JSON.stringify(dashboard).length > 1000) // true true
 * ```
 */
export function grafanaDashboard(metrics: Metrics, options: GrafanaDashboardOptions = {}): GrafanaDashboard {
  const descriptions = backupMetricsOf(metrics)
  const labelled = descriptions.find(({ labels }) => labels.includes('source'))!
  return {
    title: options.title ?? 'Backups',
    uid: options.uid ?? 'exprsn-backup',
    schemaVersion: 39,
    tags: ['backup'],
    timezone: 'browser',
    refresh: '1m',
    time: { from: 'now-7d', to: 'now' },
    templating: {
      list: [
        { name: 'datasource', type: 'datasource', query: 'prometheus', label: 'Data source' },
        {
          ...{ name: 'source', type: 'query', label: 'Source', multi: true, includeAll: true, refresh: 2 },
          datasource,
          query: { query: `label_values(${sampleName(labelled)}, source)`, refId: 'source' },
          current: { text: 'All', value: '$__all' },
        },
      ],
    },
    panels: descriptions.map(panelOf),
  }
}

const datasource = { type: 'prometheus', uid: '${datasource}' }

function panelOf(description: MetricDescription, index: number): GrafanaPanel {
  const { help, labels } = description
  const width = fullWidth / columns
  return {
    id: index + 1,
    title: help.replace(/\.$/, ''),
    type: isMoment(description) ? 'stat' : 'timeseries',
    datasource,
    gridPos: { h: panelHeight, w: width, x: (index % columns) * width, y: Math.floor(index / columns) * panelHeight },
    fieldConfig: { defaults: { unit: unitOf(description) }, overrides: [] },
    targets: [
      {
        expr: expressionOf(description),
        legendFormat: labels.map((label) => `{{${label}}}`).join(' ') || help.replace(/\.$/, ''),
        refId: 'A',
      },
    ],
  }
}

/** What the series of a metric is called in Prometheus. */
function sampleName({ name, kind }: MetricDescription): string {
  return kind === 'counter' ? `${name}_total` : kind === 'histogram' ? `${name}_count` : name
}

function expressionOf(description: MetricDescription): string {
  const { name, kind, labels } = description
  const filter = labels.includes('source') ? '{source=~"$source"}' : ''
  const by = labels.length === 0 ? '' : ` by (${labels.join(', ')})`
  if (kind === 'counter') return `sum${by} (increase(${name}_total${filter}[1d]))`
  // The average: whichever form the buckets have.
  if (kind === 'histogram')
    return `sum${by} (rate(${name}_sum${filter}[1d])) / sum${by} (rate(${name}_count${filter}[1d]))`
  return isMoment(description) ? `time() - ${name}${filter}` : `${name}${filter}`
}

/** Seconds since 1970 are shown as an age. */
function isMoment({ name }: MetricDescription): boolean {
  return name.endsWith('_timestamp_seconds')
}

function unitOf({ unit }: MetricDescription): string {
  return unit === 'seconds' ? 's' : unit === 'bytes' ? 'bytes' : 'short'
}
