/**
 * Counters, gauges and histograms that cost nanoseconds, written as Prometheus text, OpenMetrics or OTLP.
 *
 * @packageDocumentation
 */
export type { BoundCounter, Counter, CounterOptions } from './counter.ts'
export { createMetrics, type Metrics, type MetricsOptions } from './create-metrics.ts'
export type { InstrumentOptions, MetricDescription, MetricKind } from './definition.ts'
export { metricsErrors } from './errors.ts'
export type { ExemplarLabels } from './exemplar.ts'
export type { BoundGauge, Gauge, GaugeOptions } from './gauge.ts'
export type { BoundHistogram, Histogram, HistogramOptions } from './histogram.ts'
export type { LabelValue, LabelValues } from './label-index.ts'
export type { Context, Labels, Observer } from './measurement.ts'
export { createMetricsHandler } from './metrics-handler.ts'
export type {
  OtlpAttribute,
  OtlpDistributionPoint,
  OtlpExemplar,
  OtlpExponentialPoint,
  OtlpHistogramPoint,
  OtlpMetric,
  OtlpMetricsRequest,
  OtlpNumberPoint,
  OtlpPoint,
} from './otlp/otlp-metrics.ts'
export { pushOtlp, type PushOtlpOptions } from './otlp/push-otlp.ts'
export type { OtlpOptions } from './otlp/to-otlp.ts'
export type { ProblemListener } from './problems.ts'
export { observeProcess, type ProcessObservation } from './process-metrics.ts'
export type { TextFormat } from './text/text-format.ts'
export type { TextOptions } from './text/write-text.ts'
