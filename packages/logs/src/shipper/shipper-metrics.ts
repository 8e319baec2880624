import type { Metrics } from '@exprsn/core/metrics'
import type { ShipperStatus, SinkStatus } from './shipper-status.ts'

/** Registers a shipper's figures; they are read when somebody scrapes, so that lines cost nothing. */
export function registerMetrics(metrics: Metrics, status: () => ShipperStatus): void {
  metrics.counter({ name: 'logs_lines', help: 'Lines taken.', observe: (set) => set(status().lines) })
  metrics.counter({
    name: 'logs_dropped_lines',
    help: 'Lines that were not taken.',
    labels: ['reason'],
    observe(set) {
      const { full, failed } = status().dropped
      set(full, { reason: 'full' })
      set(failed, { reason: 'failed' })
    },
  })
  metrics.gauge({
    name: 'logs_spool',
    unit: 'bytes',
    help: 'Bytes that wait for a sink.',
    observe: (set) => set(status().spool.bytes),
  })
  const perSink = (name: string, help: string, valueOf: (sink: SinkStatus) => number): void => {
    metrics.counter({
      name,
      help,
      labels: ['sink'],
      observe(set) {
        for (const sink of status().sinks) set(valueOf(sink), { sink: sink.name })
      },
    })
  }
  perSink('logs_delivered_lines', 'Lines that the sink has.', ({ delivered }) => delivered)
  perSink('logs_sink_failures', 'Attempts that failed.', ({ failures }) => failures)
  perSink('logs_lost_lines', 'Lines that were gone when it was their turn.', ({ lost }) => lost.dropped + lost.damaged)
  perSink('logs_dead_letters', 'Lines that the sink will never take.', ({ deadLetters }) => deadLetters)
  metrics.gauge({
    name: 'logs_pending_lines',
    help: 'Lines that the sink does not have yet.',
    labels: ['sink'],
    observe(set) {
      for (const { name, pending } of status().sinks) set(pending, { sink: name })
    },
  })
}
