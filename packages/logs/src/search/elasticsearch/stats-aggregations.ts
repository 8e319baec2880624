import type { Row } from '../../store/query/aggregate.ts'
import type { StatsFunction } from '../../store/query/filter.ts'
import { unsupported, type StatsPipe } from '../create-search.ts'
import type { Dsl } from './query-dsl.ts'

/** What an aggregation answers. */
export interface AggregationResult {
  readonly value?: number | null | undefined
  readonly doc_count?: number | undefined
  readonly count?: number | undefined
  readonly sum?: number | undefined
  readonly values?: readonly { readonly key: number; readonly value: number | null }[] | undefined
}

/** A group, or all lines together. */
export interface Bucket {
  readonly count: number
  /** By `g0`, `g1`, … */
  readonly key: Readonly<Record<string, string | number | null>>
  /** By `s0`, `s1`, … and `times`. */
  readonly results: Readonly<Record<string, AggregationResult>>
}

/** What `stats` groups by, for a composite aggregation. A line with several values of a field is in the group of each. */
export function groupSources({ by }: StatsPipe): Dsl[] {
  return by.map((grouping, index) => ({
    [`g${index}`]:
      'bucket' in grouping
        ? { date_histogram: { field: '@timestamp', fixed_interval: `${grouping.bucket}ms` } }
        : { terms: { field: grouping.field, missing_bucket: true } },
  }))
}

/** The columns of `stats` of one group. @throws `LOGS_SEARCH_UNSUPPORTED` */
export function statsAggregations(
  stats: StatsPipe,
  allowsEstimates: boolean,
  hasSeconds: boolean,
): Record<string, Dsl> {
  const all = Object.fromEntries(
    stats.functions.flatMap((each, index): [string, Dsl][] => {
      const found = aggregationOf(each, allowsEstimates)
      return found === undefined ? [] : [[`s${index}`, found]]
    }),
  )
  if (hasSeconds || stats.functions.every(({ name }) => name !== 'rate')) return all
  return { ...all, first: { min: { field: '@timestamp' } }, last: { max: { field: '@timestamp' } } }
}

function aggregationOf({ name, field, fraction = 0.5 }: StatsFunction, allowsEstimates: boolean): Dsl | undefined {
  if (name === 'count' || name === 'rate') return field === undefined ? undefined : { filter: { exists: { field } } }
  if (name === 'distinct' || name === 'quantile') {
    if (!allowsEstimates) throw unsupported('Elasticsearch', `${name}(…) exactly: allow estimates`)
    if (name === 'distinct') return { cardinality: { field: field!, precision_threshold: 40_000 } }
    return { percentiles: { field: `${field!}.number`, percents: [fraction * 100], keyed: false } }
  }
  // The sum of no value is 0 there: `stats` says how many values there were as well.
  return { [name === 'sum' ? 'stats' : name]: { field: `${field!}.number` } }
}

/** The row of a group. */
export function rowOfBucket(
  { by, functions }: StatsPipe,
  { key, count, results }: Bucket,
  seconds: number | undefined,
): Row {
  const span = seconds ?? Math.max(1, ((results.last?.value ?? 0) - (results.first?.value ?? 0)) / 1_000)
  return Object.fromEntries([
    ...by.map((grouping, index): [string, Row[string]] => {
      const label = key[`g${index}`] ?? null
      return [grouping.as, 'bucket' in grouping ? new Date(Number(label)).toISOString() : label]
    }),
    ...functions.map(({ name, as }, index): [string, Row[string]] => {
      const found = results[`s${index}`]
      if (name === 'count') return [as, found?.doc_count ?? count]
      if (name === 'rate') return [as, (found?.doc_count ?? count) / span]
      if (name === 'sum') return [as, (found?.count ?? 0) === 0 ? null : (found?.sum ?? null)]
      if (name === 'quantile') return [as, found?.values?.[0]?.value ?? null]
      return [as, found?.value ?? null]
    }),
  ])
}
