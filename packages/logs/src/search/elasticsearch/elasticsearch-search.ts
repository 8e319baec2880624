import { secondsOf } from '../../store/query/compile-filter.ts'
import { readCursor } from '../../store/query/cursor.ts'
import type { Filter } from '../../store/query/filter.ts'
import { createSearch, unsupported, type SearchEngine, type StatsPipe } from '../create-search.ts'
import { searchErrors } from '../errors.ts'
import type { FoundLine, LogSearch } from '../log-search.ts'
import { searchConnection, type RequestLimits } from '../search-connection.ts'
import type { SearchConnectionOptions } from '../search-options.ts'
import { queryDsl, type Dsl } from './query-dsl.ts'
import {
  groupSources,
  rowOfBucket,
  statsAggregations,
  type AggregationResult,
  type Bucket,
} from './stats-aggregations.ts'

/** Options of {@link elasticsearchSearch}. */
export interface ElasticsearchSearchOptions extends SearchConnectionOptions {
  /** Data stream or index. @default 'logs-app-default' */
  readonly index?: string | undefined
  /** Answers `quantile` and `distinct` with what Elasticsearch estimates, in place of refusing them. @default false */
  readonly allowEstimates?: boolean | undefined
}

/** `index.max_result_window`: hits that can be paged through. */
const mostHits = 10_000
/** Groups of one answer. */
const groupsPerPage = 1_000

interface SearchAnswer {
  readonly timed_out?: boolean | undefined
  readonly _shards?: { readonly failed?: number | undefined } | undefined
  readonly hits: {
    readonly total?: { readonly value: number } | undefined
    readonly hits: readonly { readonly _source: object; readonly sort: readonly number[] }[]
  }
  readonly aggregations?: Readonly<Record<string, AggregationResult>> & { readonly groups?: GroupsAnswer | undefined }
}

interface GroupsAnswer {
  readonly after_key?: Dsl | undefined
  readonly buckets: readonly ({ readonly key: Bucket['key']; readonly doc_count: number } & Bucket['results'])[]
}

/**
 * Answers the query language with Elasticsearch 8 and 9 or OpenSearch, over lines that `elasticsearchSink` has sent under the
 * index template of {@link elasticsearchSearchTemplate}. A line is what Elasticsearch keeps of it: its fields as JSON, with the
 * `@timestamp` and `log.level` that the sink adds. Values of more than 8,191 characters are found by their tokens only, a line
 * with several values of a field is in the group of each, and pages end after 10,000 lines.
 *
 * Tried against a server made from the documented API, not against a running Elasticsearch.
 *
 * @throws `LOGS_SEARCH_OPTION_INVALID`
 * @example
 * ```ts no-run
 * import { elasticsearchSearch } from '@exprsn/logs/search'
 *
 * const search = elasticsearchSearch({ url: 'http://localhost:9200', index: 'logs-shop-production' })
 * const result = await search.query('level:error _time:1h | stats count() by service, bucket(5m)')
 * if (result.kind === 'rows') console.table(result.rows)
 * await search.close()
 * ```
 */
export function elasticsearchSearch(options: ElasticsearchSearchOptions): LogSearch {
  const { index = 'logs-app-default', allowEstimates = false } = options
  if (index === '') throw searchErrors.LOGS_SEARCH_OPTION_INVALID({ engine: name, option: 'index', value: index })
  const connection = searchConnection(name, options)

  async function search(body: Dsl, limits: RequestLimits): Promise<SearchAnswer> {
    const request = {
      path: `${encodeURIComponent(index)}/_search`,
      body: JSON.stringify(body),
      contentType: 'application/json',
    }
    const answer = JSON.parse(await connection.ask(request, limits)) as SearchAnswer
    // What some of the shards say is not the answer.
    if (answer.timed_out === true || (answer._shards?.failed ?? 0) > 0)
      throw searchErrors.LOGS_SEARCH_UNAVAILABLE({ engine: name, reason: 'not all shards have answered' })
    return answer
  }

  /** All groups, page by page, until there are too many. */
  async function groups(filter: Filter, stats: StatsPipe, aggs: Dsl, most: number, limits: RequestLimits) {
    const buckets: Bucket[] = []
    let after: Dsl | undefined
    do {
      const composite = { size: groupsPerPage, sources: groupSources(stats), ...(after === undefined ? {} : { after }) }
      const answer = await search({ size: 0, query: queryDsl(filter), aggs: { groups: { composite, aggs } } }, limits)
      const page = answer.aggregations!.groups!
      for (const { key, doc_count: count, ...results } of page.buckets) buckets.push({ key, count, results })
      after = page.buckets.length === groupsPerPage ? page.after_key : undefined
    } while (after !== undefined && buckets.length <= most)
    return buckets
  }

  const engine: SearchEngine = {
    name,
    async lines(filter, { limit, order, cursor }, limits) {
      const from = cursor === undefined ? undefined : placeOf(cursor)
      const skipped = from?.skip ?? 0
      if (limit + skipped > mostHits) throw unsupported(name, `more than ${mostHits} lines of a page`)
      const bound = from === undefined ? undefined : order === 'newest' ? { lte: from.time } : { gte: from.time }
      const page = bound && { range: { '@timestamp': { ...bound, format: 'epoch_millis' } } }
      const sort = [{ '@timestamp': { order: order === 'newest' ? 'desc' : 'asc' } }, '_doc']
      const query = { bool: { filter: [queryDsl(filter), ...(page === undefined ? [] : [page])] } }
      const { hits } = (await search({ size: limit, from: skipped, query, sort, track_total_hits: false }, limits)).hits
      const lines = hits.map(({ _source: source, sort: [time] }): FoundLine => {
        const text = JSON.stringify(source)
        return { time: time!, text, bytes: Buffer.from(text) }
      })
      return { lines, cursor: lines.length === limit ? cursorAfter(lines, from) : undefined }
    },
    async stats(filter, stats, maxGroups, limits) {
      const seconds = secondsOf(filter)
      const aggs = statsAggregations(stats, allowEstimates, seconds !== undefined)
      if (stats.by.length > 0) {
        const buckets = await groups(filter, stats, aggs, maxGroups, limits)
        return buckets.map((bucket) => rowOfBucket(stats, bucket, seconds))
      }
      const query = queryDsl(filter)
      const answer = await search({ size: 0, query, track_total_hits: true, aggs }, limits)
      const bucket = { key: {}, count: answer.hits.total!.value, results: answer.aggregations ?? {} }
      return [rowOfBucket(stats, bucket as Bucket, seconds)]
    },
    close: () => connection.close(),
  }
  return createSearch(engine, options)
}

const name = 'Elasticsearch'

/** A millisecond, and how many of its lines the pages before have had. */
interface PagePlace {
  readonly time: number
  readonly skip: number
}

function placeOf(cursor: string): PagePlace {
  const [time, skip] = readCursor(cursor, /^(\d{1,15})-(\d{1,5})$/)
  return { time: Number(time), skip: Number(skip) }
}

function cursorAfter(lines: readonly FoundLine[], from: PagePlace | undefined): string | undefined {
  const last = lines.at(-1)
  if (last === undefined) return undefined
  const same = lines.filter(({ time }) => time === last.time).length
  return `${last.time}-${same + (from?.time === last.time ? from.skip : 0)}`
}
