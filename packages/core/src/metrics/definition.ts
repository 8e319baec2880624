import { metricsErrors } from './errors.ts'

/** What an instrument measures, in the words of OpenMetrics. */
export type MetricKind = 'counter' | 'gauge' | 'histogram'

/** What every instrument is made from. */
export interface InstrumentOptions<Name extends string = never> {
  /** Of the metric, without the registry's prefix, the unit, and the `_total` of counters: those are added. */
  readonly name: string
  /** One sentence for people who see it in a dashboard. */
  readonly help: string
  /** Unit in the plural, such as `seconds` or `bytes`. Becomes the end of the name. @default none */
  readonly unit?: string | undefined
  /** Names of the labels, each of which every measurement gives a value. @default none */
  readonly labels?: readonly Name[] | undefined
  /**
   * The most combinations of label values kept apart. Further ones are added up in one series with the label
   * `otel_metric_overflow="true"`, and counted in `metrics_overflow_total`. @default 2000
   */
  readonly maxSeries?: number | undefined
}

/** An instrument as data, so that dashboards and documentation can be made from a registry. */
export interface MetricDescription {
  /** With prefix and unit, without the endings of its samples (`_total`, `_bucket`, …). */
  readonly name: string
  readonly kind: MetricKind
  readonly help: string
  /** Empty when it has none. */
  readonly unit: string
  readonly labels: readonly string[]
  readonly maxSeries: number
  /** Upper bounds of explicit buckets; undefined for other kinds and for exponential histograms. */
  readonly bounds?: readonly number[] | undefined
}

const metricName = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/
const labelName = /^(?!__)[a-zA-Z_][a-zA-Z0-9_]*$/
const reservedLabels = new Set(['le', 'quantile'])
const endings: Readonly<Record<MetricKind, readonly string[]>> = {
  counter: ['_total'],
  gauge: [''],
  histogram: ['_bucket', '_sum', '_count'],
}

/**
 * The description of an instrument.
 *
 * @throws `CORE_METRICS_NAME_INVALID`, `CORE_METRICS_OPTION_INVALID`.
 */
export function describeInstrument(
  kind: MetricKind,
  prefix: string,
  { name, help, unit = '', labels = [], maxSeries = 2_000 }: InstrumentOptions<string>,
): MetricDescription {
  const stem = [prefix, kind === 'counter' ? name.replace(/_total$/, '') : name].filter(Boolean).join('_')
  const full = unit === '' || stem.endsWith(`_${unit}`) ? stem : `${stem}_${unit}`
  if (!metricName.test(full)) throw metricsErrors.CORE_METRICS_NAME_INVALID({ part: 'name', name: full })
  const badLabel = labels.find((label) => !labelName.test(label) || reservedLabels.has(label))
  if (badLabel !== undefined) throw metricsErrors.CORE_METRICS_NAME_INVALID({ part: 'label', name: badLabel })
  if (new Set(labels).size !== labels.length)
    throw metricsErrors.CORE_METRICS_OPTION_INVALID({ option: 'labels', name: full, value: labels })
  if (!Number.isSafeInteger(maxSeries) || maxSeries < 1)
    throw metricsErrors.CORE_METRICS_OPTION_INVALID({ option: 'maxSeries', name: full, value: maxSeries })
  return { name: full, kind, help, unit, labels: [...labels], maxSeries }
}

/** The sample names that an instrument writes, and its own: no other instrument may write them. */
export function sampleNames({ name, kind }: MetricDescription): readonly string[] {
  return [...new Set([name, ...endings[kind].map((ending) => name + ending)])]
}
