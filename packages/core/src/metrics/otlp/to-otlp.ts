import { CounterInstrument } from '../counter.ts'
import type { Instrument } from '../create-metrics.ts'
import type { Exemplar } from '../exemplar.ts'
import type { ExponentialSeries } from '../exponential-series.ts'
import type { ExplicitSeries } from '../explicit-series.ts'
import { HistogramInstrument, type HistogramSeries } from '../histogram.ts'
import type { Series } from '../instrument.ts'
import type {
  OtlpAttribute,
  OtlpDistributionPoint,
  OtlpExemplar,
  OtlpExponentialPoint,
  OtlpHistogramPoint,
  OtlpMetric,
  OtlpMetricsRequest,
  OtlpPoint,
} from './otlp-metrics.ts'

/** Options of `metrics.toOtlp()`. */
export interface OtlpOptions {
  /** Who reports, such as `{ 'service.name': 'shop' }`. @default none */
  readonly resource?: Readonly<Record<string, string>> | undefined
}

/** The values of instruments as OTLP, which has all buckets of exponential histograms. */
export function toOtlp(
  instruments: readonly Instrument[],
  now: number,
  { resource = {} }: OtlpOptions = {},
): OtlpMetricsRequest {
  const metrics = instruments.filter(({ size }) => size > 0).map((instrument) => metricOf(instrument, now))
  return {
    resourceMetrics: [
      { resource: { attributes: attributes(resource) }, scopeMetrics: [{ scope: { name: '@exprsn/core' }, metrics }] },
    ],
  }
}

function metricOf(instrument: Instrument, now: number): OtlpMetric {
  const { name, help, unit } = instrument.description
  const point = (series: Series): OtlpPoint => pointOf(instrument.description.labels, series, now)
  return { name, description: help, unit: unifiedUnit(unit), ...dataOf(instrument, point) }
}

function dataOf(instrument: Instrument, point: (series: Series) => OtlpPoint): Partial<OtlpMetric> {
  if (instrument instanceof HistogramInstrument) {
    const series = [...instrument.all()]
    if (instrument.description.bounds === undefined) {
      const dataPoints = (series as ExponentialSeries[]).map((each) => exponentialPoint(each, point(each)))
      return { exponentialHistogram: { dataPoints, aggregationTemporality: 2 } }
    }
    const dataPoints = (series as ExplicitSeries[]).map((each) => histogramPoint(each, point(each)))
    return { histogram: { dataPoints, aggregationTemporality: 2 } }
  }
  if (instrument instanceof CounterInstrument) {
    const dataPoints = Array.from(instrument.all(), (series) => ({
      ...point(series),
      asDouble: series.value,
      ...(series.exemplar && { exemplars: [exemplarOf(series.exemplar)] }),
    }))
    return { sum: { dataPoints, aggregationTemporality: 2, isMonotonic: true } }
  }
  return {
    gauge: { dataPoints: Array.from(instrument.all(), (series) => ({ ...point(series), asDouble: series.value })) },
  }
}

function pointOf(names: readonly string[], { labels, created }: Series, now: number): OtlpPoint {
  const own =
    labels === undefined
      ? [{ key: 'otel.metric.overflow', value: { boolValue: true } }]
      : names.map((key, index) => ({ key, value: { stringValue: labels[index]! } }))
  return { attributes: own, startTimeUnixNano: nanoseconds(created), timeUnixNano: nanoseconds(now) }
}

function distribution({ count, sum, min, max, exemplars }: HistogramSeries, point: OtlpPoint): OtlpDistributionPoint {
  return {
    ...point,
    count: String(count),
    sum,
    ...(count > 0 && { min, max }),
    ...(exemplars && { exemplars: Array.from(exemplars.values(), exemplarOf) }),
  }
}

function exponentialPoint(series: ExponentialSeries, point: OtlpPoint): OtlpExponentialPoint {
  const length = Math.max(0, series.last - series.first + 1)
  const bucketCounts = Array.from({ length }, (_, index) => String(series.countAt(series.first + index)))
  return {
    ...distribution(series, point),
    scale: series.scale,
    zeroCount: String(series.zeroCount),
    positive: { offset: length === 0 ? 0 : series.first, bucketCounts },
  }
}

function histogramPoint(series: ExplicitSeries, point: OtlpPoint): OtlpHistogramPoint {
  return {
    ...distribution(series, point),
    bucketCounts: Array.from(series.counts, String),
    explicitBounds: [...series.bounds],
  }
}

/** Ids of traces have fields of their own. */
function exemplarOf({ labels, value, time }: Exemplar): OtlpExemplar {
  const { trace_id: traceId, span_id: spanId, ...rest } = labels
  const ids = { ...(traceId !== undefined && { traceId }), ...(spanId !== undefined && { spanId }) }
  return { timeUnixNano: nanoseconds(time), asDouble: value, ...ids, filteredAttributes: attributes(rest) }
}

function attributes(values: Readonly<Record<string, string>>): OtlpAttribute[] {
  return Object.entries(values).map(([key, stringValue]) => ({ key, value: { stringValue } }))
}

/** As text from the start: nanoseconds since 1970 are beyond what a number holds exactly. */
function nanoseconds(milliseconds: number): string {
  return String(BigInt(Math.round(milliseconds * 1_000)) * 1_000n)
}

/** OTLP has units of UCUM. */
function unifiedUnit(unit: string): string {
  const known: Readonly<Record<string, string>> = {
    seconds: 's',
    milliseconds: 'ms',
    bytes: 'By',
    ratio: '1',
    percent: '%',
    meters: 'm',
  }
  return known[unit] ?? (unit === '' ? '' : `{${unit}}`)
}
