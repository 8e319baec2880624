import { describeInstrument, type InstrumentOptions, type MetricDescription } from './definition.ts'
import { metricsErrors } from './errors.ts'
import type { ExemplarLabels } from './exemplar.ts'
import { largestScale, smallestScale } from './exponential-scale.ts'
import { ExponentialSeries } from './exponential-series.ts'
import { ExplicitSeries } from './explicit-series.ts'
import { SeriesSet, type InstrumentContext, type SeriesContext } from './instrument.ts'
import type { Context, Labels } from './measurement.ts'

/** Options of a histogram: exponential unless it is given `bounds`. */
export interface HistogramOptions<Name extends string = never> extends InstrumentOptions<Name> {
  /** Upper bounds of the buckets, ascending, each belonging to its bucket. @default none: exponential buckets */
  readonly bounds?: readonly number[] | undefined
  /**
   * The most exponential buckets between the smallest and the largest value. 160 of them tell values apart by 4.4 %
   * over a range of 1 to 1,000, and by 2.2 % over 1 to 30. @default 160
   */
  readonly maxBuckets?: number | undefined
  /** The finest exponential scale: 2 ** scale buckets for each doubling, from -10 to 10. @default 8 */
  readonly maxScale?: number | undefined
  /**
   * Which bounds of an exponential histogram are written as text, where buckets cannot come and go: the powers of two
   * from `smallest` to `largest`. OTLP has all buckets. @default from 2 ** -10 to 2 ** 6 (1 ms to 64 s)
   */
  readonly text?: { readonly smallest: number; readonly largest: number } | undefined
}

/** A histogram of one set of labels, found once. */
export interface BoundHistogram {
  /** Counts a finite number of 0 or more. */
  observe(value: number, exemplar?: ExemplarLabels): void
  /** An estimate of the value below which this share (0 to 1) of all values lies; undefined while there are none. */
  quantile(share: number): number | undefined
}

/** Counts how values are distributed: durations, sizes. */
export interface Histogram<Name extends string = never> {
  /** Counts a finite number of 0 or more. Anything else is dropped and counted in `metrics_invalid_total`. */
  observe(value: number, ...context: Context<Name>): void
  /** The histogram of these labels: observing needs no lookup. */
  bind(...labels: Labels<Name>): BoundHistogram
}

/** Either kind of series. */
export type HistogramSeries = ExponentialSeries | ExplicitSeries

/** The histogram behind {@link Histogram}. */
export class HistogramInstrument extends SeriesSet<HistogramSeries> {
  /** Exponents of the powers of two that text has as bounds. */
  readonly textExponents: { readonly first: number; readonly last: number }

  constructor(prefix: string, options: HistogramOptions<string>, context: InstrumentContext) {
    const description = describeInstrument('histogram', prefix, options)
    const bounds = options.bounds === undefined ? undefined : checkBounds(options.bounds, description)
    super({ ...description, bounds: options.bounds && [...bounds!] }, context, seriesFactory(description, options))
    this.textExponents = exponents(options.text, description)
  }

  observe(value: number, labels?: Readonly<Record<string, unknown>>, exemplar?: ExemplarLabels): void {
    this.of(labels).observe(value, exemplar)
  }

  bind(labels?: Readonly<Record<string, unknown>>): BoundHistogram {
    return this.of(labels)
  }
}

function seriesFactory(
  description: MetricDescription,
  { bounds, maxBuckets = 160, maxScale = 8 }: HistogramOptions<string>,
): (context: SeriesContext) => HistogramSeries {
  if (bounds !== undefined) {
    const upper = checkBounds(bounds, description)
    return (context) => new ExplicitSeries(context, upper)
  }
  checkInteger('maxBuckets', maxBuckets, 2, 4_096, description)
  checkInteger('maxScale', maxScale, smallestScale, largestScale, description)
  return (context) => new ExponentialSeries(context, { maxBuckets, maxScale })
}

/** A bound of +Infinity is left out: the last bucket always has it. */
function checkBounds(bounds: readonly number[], { name }: MetricDescription): Float64Array {
  const finite = bounds.at(-1) === Number.POSITIVE_INFINITY ? bounds.slice(0, -1) : bounds
  const isAscending = finite.every((bound, index) => index === 0 || bound > finite[index - 1]!)
  if (finite.length === 0 || !isAscending || !finite.every(Number.isFinite))
    throw metricsErrors.CORE_METRICS_OPTION_INVALID({ option: 'bounds', name, value: bounds })
  return Float64Array.from(finite)
}

function checkInteger(option: string, value: number, from: number, to: number, { name }: MetricDescription): void {
  if (!Number.isInteger(value) || value < from || value > to)
    throw metricsErrors.CORE_METRICS_OPTION_INVALID({ option, name, value })
}

function exponents(text: HistogramOptions['text'], { name }: MetricDescription) {
  const { smallest, largest } = text ?? { smallest: 2 ** -10, largest: 2 ** 6 }
  const first = Math.log2(smallest)
  const last = Math.log2(largest)
  if (!Number.isInteger(first) || !Number.isInteger(last) || first > last)
    throw metricsErrors.CORE_METRICS_OPTION_INVALID({ option: 'text', name, value: [smallest, largest] })
  return { first, last }
}
