import { createHash } from 'node:crypto'
import { createMetrics } from '@exprsn/core/metrics'
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
  type Histogram as CollectedHistogram,
} from '@opentelemetry/sdk-metrics'
import { Histogram as PromHistogram, Registry } from 'prom-client'
import { labelNames, type RequestLabels } from './label-sets.ts'

/** A histogram with labels, and what it holds at the end. */
export interface HistogramSubject {
  observe(value: number, labels: RequestLabels): void
  /** The histogram of these labels; undefined where a library has no such thing. */
  bind(labels: RequestLabels): { observe(value: number): void } | undefined
  /** Labels, count and sum of each series. */
  answer(): Promise<readonly SeriesAnswer[]>
}

export type SeriesAnswer = readonly [labels: string, count: number, sum: number]

export const ourSubject = (): HistogramSubject => {
  const metrics = createMetrics()
  const histogram = metrics.histogram({ name: 'duration', help: 'Bench.', labels: labelNames })
  return {
    observe: (value, labels) => histogram.observe(value, labels),
    bind: (labels) => histogram.bind(labels),
    async answer() {
      const [resource] = metrics.toOtlp().resourceMetrics
      const points = resource!.scopeMetrics[0]!.metrics[0]?.exponentialHistogram?.dataPoints ?? []
      return points.map(({ attributes, count, sum }) => [
        attributes.map(({ value }) => ('stringValue' in value ? value.stringValue : '')).join(),
        Number(count),
        sum,
      ])
    },
  }
}

export const promSubject = (): HistogramSubject => {
  const registers = [new Registry()]
  const histogram = new PromHistogram({ name: 'duration', help: 'Bench.', labelNames, registers })
  return {
    observe: (value, labels) => histogram.observe(labels as unknown as Record<string, string>, value),
    bind: (labels) => histogram.labels(labels as unknown as Record<string, string>),
    async answer() {
      const { values } = await histogram.get()
      const text = ({ method, route, status }: Partial<Record<string, string | number>>) =>
        [method, route, status].join()
      const sums = new Map(
        values
          .filter(({ metricName }) => metricName === 'duration_sum')
          .map(({ labels, value }) => [text(labels), value]),
      )
      return values
        .filter(({ metricName }) => metricName === 'duration_count')
        .map(({ labels, value }) => [text(labels), value, sums.get(text(labels))!])
    },
  }
}

export const otelSubject = (): HistogramSubject => {
  const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE)
  const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 1_000_000 })
  const provider = new MeterProvider({ readers: [reader] })
  const histogram = provider.getMeter('bench').createHistogram('duration')
  return {
    observe: (value, labels) => histogram.record(value, labels as unknown as Record<string, string>),
    bind: () => undefined,
    async answer() {
      await provider.forceFlush()
      const [metric] = exporter.getMetrics().at(-1)!.scopeMetrics[0]!.metrics
      const answer = metric!.dataPoints.map(({ attributes, value }): SeriesAnswer => {
        const { count, sum = 0 } = value as CollectedHistogram
        return [[attributes.method, attributes.route, attributes.status].join(), count, sum]
      })
      await provider.shutdown()
      return answer
    },
  }
}

/** Sums differ in the last digits with the order of adding only; microseconds are exact. */
export function hashOf(answer: readonly SeriesAnswer[]): string {
  const rows = answer.map(([labels, count, sum]) => `${labels} ${count} ${sum.toFixed(3)}`).sort()
  return createHash('sha256').update(rows.join('\n')).digest('hex')
}
