import type { Row } from '../../store/query/aggregate.ts'
import { secondsOf } from '../../store/query/compile-filter.ts'
import { readCursor } from '../../store/query/cursor.ts'
import { createSearch, type LinesChoice, type LinesPage, type SearchEngine, type StatsPipe } from '../create-search.ts'
import { searchErrors } from '../errors.ts'
import type { LogSearch } from '../log-search.ts'
import { searchConnection, type RequestLimits } from '../search-connection.ts'
import type { SearchConnectionOptions } from '../search-options.ts'
import { sqlFilter } from './sql-filter.ts'
import { SqlParameters } from './sql-parameters.ts'
import { sqlStats } from './sql-stats.ts'
import { SqlValues } from './sql-values.ts'

/** Options of {@link clickhouseSearch}. */
export interface ClickhouseSearchOptions extends SearchConnectionOptions {
  /** `table` or `database.table`, made as `clickhouseSink` makes it. @default 'logs' */
  readonly table?: string | undefined
  /** Asks for each line once though it may have come twice, at the price of `FINAL`. @default true */
  readonly final?: boolean | undefined
}

/**
 * Answers the query language with ClickHouse, over a table as `clickhouseSink` fills it: a query becomes one `SELECT` with
 * parameters. Everything is answered but `patterns`; `level:` asks the level that a line's `level`, else its `severity` says,
 * numbers are those written in decimal, and a span of time lets ClickHouse read few parts.
 *
 * Tried with ClickHouse's engine (chDB) against the embedded store; not against a running ClickHouse server.
 *
 * @throws `LOGS_SEARCH_OPTION_INVALID`
 * @example
 * ```ts no-run
 * import { clickhouseSearch } from '@exprsn/logs/search'
 *
 * const search = clickhouseSearch({ url: 'http://localhost:8123', table: 'ops.logs' })
 * const result = await search.query('level:error _time:1h | stats count() by service, bucket(5m)')
 * if (result.kind === 'rows') console.table(result.rows)
 * await search.close()
 * ```
 */
export function clickhouseSearch(options: ClickhouseSearchOptions): LogSearch {
  const { table = 'logs', final = true } = options
  if (!/^\w+(\.\w+)?$/.test(table))
    throw searchErrors.LOGS_SEARCH_OPTION_INVALID({ engine: name, option: 'table', value: table })
  const connection = searchConnection(name, options)
  const from = `FROM ${table}${final ? ' FINAL' : ''}`

  async function rowsOf<Found>(sql: string, parameters: SqlParameters, limits: RequestLimits): Promise<Found[]> {
    const query = { default_format: 'JSONCompactEachRow', ...parameters.query }
    const text = await connection.ask({ path: '', query, body: sql, contentType: 'text/plain' }, limits)
    return text
      .split('\n')
      .filter(Boolean)
      .map((row) => JSON.parse(row) as Found)
  }

  const engine: SearchEngine = {
    name,
    async lines(filter, choice, limits) {
      const parameters = new SqlParameters()
      const values = new SqlValues(parameters)
      const conditions = [sqlFilter(filter, values, parameters), ...pageCondition(choice, parameters)]
      const direction = choice.order === 'newest' ? 'DESC' : 'ASC'
      const sql = `${values.definitions}
SELECT toString(toUnixTimestamp64Milli(time)), id, line ${from} WHERE ${conditions.join(' AND ')}
ORDER BY time ${direction}, id ${direction} LIMIT ${choice.limit}`
      return pageOf(await rowsOf<readonly [string, string, string]>(sql, parameters, limits), choice)
    },
    async stats(filter, stats, maxGroups, limits) {
      const parameters = new SqlParameters()
      const values = new SqlValues(parameters)
      const condition = sqlFilter(filter, values, parameters)
      const columns = sqlStats(stats, values, secondsOf(filter))
      const groups = stats.by.map((_, index) => `g${index}`).join(', ')
      const sql = `${values.definitions}
SELECT ${columns.join(', ')} ${from} WHERE ${condition}${groups === '' ? '' : ` GROUP BY ${groups}`} LIMIT ${maxGroups + 1}`
      return (await rowsOf<readonly (string | number | null)[]>(sql, parameters, limits)).map((row) =>
        named(row, stats),
      )
    },
    close: () => connection.close(),
  }
  return createSearch(engine, options)
}

const name = 'ClickHouse'

/** A cursor names the line that the page before ended with. */
function pageCondition({ cursor, order }: LinesChoice, parameters: SqlParameters): string[] {
  if (cursor === undefined) return []
  const [time, id] = readCursor(cursor, /^(\d{1,15})-(.*)$/s)
  const sign = order === 'newest' ? '<' : '>'
  return [`(toUnixTimestamp64Milli(time), id) ${sign} (${time!}, ${parameters.text(id!)})`]
}

function pageOf(rows: readonly (readonly [string, string, string])[], { limit }: LinesChoice): LinesPage {
  const lines = rows.map(([time, , text]) => ({ time: Number(time), text, bytes: Buffer.from(text) }))
  const last = rows.length === limit ? rows.at(-1) : undefined
  return { lines, cursor: last && `${last[0]}-${last[1]}` }
}

function named(values: readonly (string | number | null)[], { by, functions }: StatsPipe): Row {
  const groups = by.map((grouping, index): [string, Row[string]] => {
    const value = values[index]!
    return [grouping.as, 'bucket' in grouping ? new Date(Number(value)).toISOString() : value]
  })
  return Object.fromEntries([...groups, ...functions.map(({ as }, index) => [as, values[by.length + index]!] as const)])
}
