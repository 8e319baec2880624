import type { Metrics } from '@exprsn/core/metrics'
import type { SyncStatus } from './sync-status.ts'

const outcomes = ['created', 'updated', 'deleted', 'refused'] as const

/** Offers what the status says as metrics. */
export function registerSyncMetrics(metrics: Metrics, source: string, status: () => SyncStatus): void {
  const labels = { source }
  metrics.gauge({
    name: 'atproto_sync_lag',
    unit: 'seconds',
    help: 'Between now and the time of the last message that was applied.',
    labels: ['source'],
    observe(set) {
      const { lag } = status()
      if (lag !== undefined) set(lag / 1000, labels)
    },
  })
  metrics.gauge({
    name: 'atproto_sync_pending',
    help: 'Messages that wait to be applied.',
    labels: ['source'],
    observe: (set) => set(status().pending, labels),
  })
  metrics.gauge({
    name: 'atproto_sync_connected',
    help: '1 while the connection to the source stands.',
    labels: ['source'],
    observe: (set) => set(status().connected ? 1 : 0, labels),
  })
  metrics.counter({
    name: 'atproto_sync_records',
    help: 'Records by what became of them.',
    labels: ['source', 'outcome'],
    observe(set) {
      const { tally } = status()
      for (const outcome of outcomes) set(tally[outcome], { source, outcome })
    },
  })
  const counters = {
    messages: 'Messages that were applied.',
    desynced: 'Times that a repository had to be fetched because of a gap or an invalid message.',
    fetched: 'Repositories that were fetched and compared.',
    failures: 'Attempts of the handler that failed.',
  } as const
  for (const [name, help] of Object.entries(counters) as [keyof typeof counters, string][]) {
    metrics.counter({
      name: `atproto_sync_${name}`,
      help,
      labels: ['source'],
      observe: (set) => set(status().tally[name], labels),
    })
  }
}
