import type { Exemplar } from '../exemplar.ts'
import { ExponentialSeries } from '../exponential-series.ts'
import type { ExplicitSeries } from '../explicit-series.ts'
import type { HistogramInstrument, HistogramSeries } from '../histogram.ts'

/** One cumulative bucket as text has it. */
export interface TextBucket {
  /** Upper bound, which belongs to it. */
  readonly bound: number
  /** Values up to the bound. */
  readonly count: number
  readonly exemplar: Exemplar | undefined
}

/** The cumulative buckets of a series with ascending bounds, the last of which is +Infinity. */
export function textBuckets(instrument: HistogramInstrument, series: HistogramSeries): TextBucket[] {
  return series instanceof ExponentialSeries ? exponentialBuckets(instrument, series) : explicitBuckets(series)
}

/** Powers of two are bounds at every scale of 0 or more; at coarser ones those that are none are left out. */
function exponentialBuckets({ textExponents: { first, last } }: HistogramInstrument, series: ExponentialSeries) {
  const buckets: TextBucket[] = []
  const perOctave = 2 ** series.scale
  let count = series.zeroCount
  let next = series.first
  let exponentBefore = Number.NEGATIVE_INFINITY
  for (let exponent = first; exponent <= last; exponent++) {
    const end = exponent * perOctave
    if (!Number.isInteger(end)) continue
    while (next < end && next <= series.last) count += series.countAt(next++)
    buckets.push({ bound: 2 ** exponent, count, exemplar: latest(series, exponentBefore, exponent) })
    exponentBefore = exponent
  }
  const exemplar = latest(series, exponentBefore, Number.POSITIVE_INFINITY)
  buckets.push({ bound: Number.POSITIVE_INFINITY, count: series.count, exemplar })
  return buckets
}

/** The latest example above one power of two and not above another. */
function latest({ exemplars }: ExponentialSeries, above: number, upTo: number): Exemplar | undefined {
  if (exemplars === undefined) return undefined
  let found: Exemplar | undefined
  for (const [exponent, exemplar] of exemplars)
    if (exponent >= above && exponent < upTo && (found === undefined || exemplar.time >= found.time)) found = exemplar
  return found
}

function explicitBuckets({ bounds, counts, exemplars }: ExplicitSeries): TextBucket[] {
  let total = 0
  return Array.from(counts, (count, bucket) => {
    total += count
    return { bound: bounds[bucket] ?? Number.POSITIVE_INFINITY, count: total, exemplar: exemplars?.get(bucket) }
  })
}
