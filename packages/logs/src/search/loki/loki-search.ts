import { systemClock } from '@exprsn/core'
import type { Row } from '../../store/query/aggregate.ts'
import { timeBounds } from '../../store/query/compile-filter.ts'
import { readCursor } from '../../store/query/cursor.ts'
import type { Filter } from '../../store/query/filter.ts'
import { createSearch, unsupported, type SearchEngine, type StatsPipe } from '../create-search.ts'
import { searchErrors } from '../errors.ts'
import type { LogSearch } from '../log-search.ts'
import { searchConnection, type RequestLimits } from '../search-connection.ts'
import type { SearchConnectionOptions } from '../search-options.ts'
import { ExtractedLabels } from './extracted-labels.ts'
import { logqlFilter } from './logql-filter.ts'
import { countMetric, groupLabels, metricsOf, type Metric } from './logql-stats.ts'
import { quote } from './quote.ts'
import { spansOf, type Span } from './spans.ts'

/** Options of {@link lokiSearch}. */
export interface LokiSearchOptions extends SearchConnectionOptions {
  /** Labels of the streams that are searched. @default { job: 'app' } */
  readonly labels?: Readonly<Record<string, string>> | undefined
  /** Sent as `X-Scope-OrgID`. @default none */
  readonly tenant?: string | undefined
}

/** `max_entries_limit_per_query`, as Loki has it by itself. */
const mostLines = 5_000

interface LokiAnswer {
  readonly data: {
    readonly result: readonly {
      readonly metric?: Readonly<Record<string, string>> | undefined
      readonly value?: readonly [number, string] | undefined
      readonly values?: readonly (readonly [string | number, string])[] | undefined
    }[]
  }
}

/**
 * Answers the query language with Grafana Loki 2.9 or later, over lines that `lokiSink` has sent. A query names a span of time
 * (`_time:1h`). Loki finds words in any field and tests fields; it refuses by name what it cannot tell: comparisons and words of any
 * field within OR and NOT, comparisons of texts, quantiles. To it a field with an array is the array's JSON, an empty value is
 * none, dots in a field always stand between keys, and a letter that JSON has escaped is not found.
 *
 * Tried against a server made from the documented API, each query read by Grafana's own grammar; not against a running Loki.
 *
 * @throws `LOGS_SEARCH_OPTION_INVALID`
 * @example
 * ```ts no-run
 * import { lokiSearch } from '@exprsn/logs/search'
 *
 * const search = lokiSearch({ url: 'http://localhost:3100', labels: { job: 'shop' } })
 * const result = await search.query('level:error _time:1h | stats count() by service, bucket(5m)')
 * if (result.kind === 'rows') console.table(result.rows)
 * await search.close()
 * ```
 */
export function lokiSearch(options: LokiSearchOptions): LogSearch {
  const { labels: streamLabels = { job: 'app' }, tenant, clock = systemClock } = options
  for (const label of Object.keys(streamLabels))
    if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(label))
      throw searchErrors.LOGS_SEARCH_OPTION_INVALID({ engine: name, option: 'labels', value: label })
  if (Object.keys(streamLabels).length === 0)
    throw searchErrors.LOGS_SEARCH_OPTION_INVALID({ engine: name, option: 'labels', value: '{}' })
  const connection = searchConnection(name, options)
  const headers: Record<string, string> = tenant === undefined ? {} : { 'x-scope-orgid': tenant }
  const selector = `{${Object.entries(streamLabels)
    .map(([label, value]) => `${label}=${quote(value)}`)
    .join(', ')}}`

  async function ask(path: string, query: Readonly<Record<string, string>>, limits: RequestLimits) {
    const text = await connection.ask({ path: `loki/api/v1/${path}`, query, headers }, limits)
    return (JSON.parse(text) as LokiAnswer).data.result
  }

  /** The span of time that a query covers; its end is now where it says none. */
  function spanOf(filter: Filter): Span {
    const { from, to } = timeBounds(filter)
    if (!Number.isFinite(from)) throw unsupported(name, 'a query without a span of time: begin it with _time:1h')
    return { from: Math.ceil(from), to: Number.isFinite(to) ? Math.ceil(to) : clock.now() + 1 }
  }

  /** The values of a metric by group, of one span or of each bucket in it. */
  async function valuesOf(
    metric: Metric,
    pipeline: string,
    span: Span,
    width: number | undefined,
    limits: RequestLimits,
  ) {
    const found: { readonly key: Readonly<Record<string, string>>; readonly bucket: number; readonly value: number }[] =
      []
    for (const { from, to, step } of spansOf(span, width)) {
      const query = metric(pipeline, `${step ?? to - from}ms`)
      // A range ends with its moment and begins behind its beginning: a nanosecond before the end is what is meant.
      const request =
        step === undefined
          ? { query, time: nanoseconds(to, -1) }
          : { query, start: nanoseconds(from + step, -1), end: nanoseconds(to, -1), step: `${step}ms` }
      for (const { metric: key = {}, value, values = [] } of await ask(
        step === undefined ? 'query' : 'query_range',
        request,
        limits,
      ))
        for (const [at, text] of value === undefined ? values : [value]) {
          const end = step === undefined ? to : Math.ceil(Number(at) * 1_000)
          found.push({
            key,
            bucket: width === undefined ? 0 : Math.floor((end - 1) / width) * width,
            value: Number(text),
          })
        }
    }
    return found
  }

  const engine: SearchEngine = {
    name,
    async lines(filter, { limit, order, cursor }, limits) {
      const { from, to } = spanOf(filter)
      const place = cursor === undefined ? undefined : placeOf(cursor)
      const skip = place?.skip ?? 0
      if (limit + skip > mostLines) throw unsupported(name, `more than ${mostLines} lines of a page`)
      if (to <= from) return { lines: [], cursor: undefined }
      const isNewest = order === 'newest'
      const request = {
        query: pipelineOf(selector, filter, new ExtractedLabels()),
        start: isNewest ? nanoseconds(from, 0) : (place?.at ?? nanoseconds(from, 0)),
        end: isNewest && place !== undefined ? String(BigInt(place.at) + 1n) : nanoseconds(to, 0),
        limit: String(limit + skip),
        direction: isNewest ? 'backward' : 'forward',
      }
      const entries = (await ask('query_range', request, limits)).flatMap(({ values = [] }) => values)
      const sorted = entries
        .map(([at, text]) => ({ at: String(at), text }))
        .sort((a, b) => (BigInt(a.at) < BigInt(b.at) ? -1 : a.at === b.at ? 0 : 1) * (isNewest ? -1 : 1))
      const page = sorted.slice(skip, skip + limit)
      const last = sorted.length >= limit + skip ? page.at(-1) : undefined
      const same = sorted.slice(0, skip + limit).filter(({ at }) => at === last?.at).length
      return {
        lines: page.map(({ at, text }) => ({ time: Number(BigInt(at) / 1_000_000n), text, bytes: Buffer.from(text) })),
        cursor: last && `${last.at}-${same}`,
      }
    },
    async stats(filter, stats, _maxGroups, limits) {
      const span = spanOf(filter)
      const labels = new ExtractedLabels()
      const groups = groupLabels(stats, labels)
      const widths = stats.by.flatMap((grouping) => ('bucket' in grouping ? [grouping.bucket] : []))
      if (widths.length > 1) throw unsupported(name, 'buckets of two widths')
      const columns = stats.functions.map((each) => metricsOf(each, groups, labels))
      const pipeline = pipelineOf(selector, filter, labels)
      const table = new Map<string, { readonly key: Row; readonly numbers: Map<string, number> }>()
      const add = async (metric: Metric, column: string): Promise<void> => {
        if (span.to <= span.from) return
        for (const { key, bucket, value } of await valuesOf(metric, pipeline, span, widths[0], limits)) {
          const group = JSON.stringify([bucket, ...groups.map((label) => key[label] ?? '')])
          const known = table.get(group) ?? {
            key: rowKey(stats, labels, key, bucket),
            numbers: new Map<string, number>(),
          }
          known.numbers.set(column, value)
          table.set(group, known)
        }
      }
      // Which groups there are is what the plain count says.
      await add(countMetric(groups), 'lines')
      for (const [index, metrics] of columns.entries())
        for (const [part, metric] of metrics.entries()) await add(metric, `${index}.${part}`)
      if (stats.by.length === 0 && table.size === 0) table.set('', { key: {}, numbers: new Map() })
      const seconds = Math.max(1, (span.to - span.from) / 1_000)
      return Array.from(table.values(), ({ key, numbers }) => ({ ...key, ...resultsOf(stats, numbers, seconds) }))
    },
    close: () => connection.close(),
  }
  return createSearch(engine, options)
}

const name = 'Loki'

function pipelineOf(selector: string, filter: Filter, labels: ExtractedLabels): string {
  const { lineFilters, stages } = logqlFilter(filter, labels)
  const parts = [...lineFilters.map((each) => ` ${each}`), labels.stages, ...stages.map((each) => ` ${each}`)]
  return selector + parts.join('')
}

function rowKey(
  { by }: StatsPipe,
  labels: ExtractedLabels,
  key: Readonly<Record<string, string>>,
  bucket: number,
): Row {
  return Object.fromEntries(
    by.map((grouping): [string, string | null] => {
      if ('bucket' in grouping) return [grouping.as, new Date(bucket).toISOString()]
      const label = key[labels.of(grouping.field)] ?? ''
      return [grouping.as, label === '' ? null : label]
    }),
  )
}

function resultsOf({ functions }: StatsPipe, numbers: ReadonlyMap<string, number>, seconds: number): Row {
  return Object.fromEntries(
    functions.map(({ name: kind, as }, index): [string, number | null] => {
      const [first, second] = [numbers.get(`${index}.0`), numbers.get(`${index}.1`)]
      if (kind === 'count' || kind === 'distinct') return [as, first ?? 0]
      if (kind === 'rate') return [as, (first ?? 0) / seconds]
      if (kind === 'avg') return [as, first === undefined || second === undefined ? null : first / second]
      return [as, first ?? null]
    }),
  )
}

function nanoseconds(milliseconds: number, more: number): string {
  return String(BigInt(milliseconds) * 1_000_000n + BigInt(more))
}

/** A nanosecond, and how many of its lines the pages before have had. */
function placeOf(cursor: string): { readonly at: string; readonly skip: number } {
  const [at, skip] = readCursor(cursor, /^(\d{1,20})-(\d{1,4})$/)
  return { at: at!, skip: Number(skip) }
}
