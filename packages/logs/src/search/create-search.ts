import { systemClock } from '@exprsn/core'
import { storeErrors } from '../store/errors.ts'
import type { Row } from '../store/query/aggregate.ts'
import { cursorInvalid } from '../store/query/cursor.ts'
import type { Filter, Pipe, Query } from '../store/query/filter.ts'
import { parseQuery } from '../store/query/parse-query.ts'
import { compilePattern } from '../store/query/pattern.ts'
import { applyToRows, planLines, rowOf, sortLines } from '../store/query/pipes.ts'
import { searchErrors } from './errors.ts'
import type { FoundLine, LogSearch, SearchResult } from './log-search.ts'
import type { RequestLimits } from './search-connection.ts'
import type { SearchConnectionOptions } from './search-options.ts'

/** What `stats` asks for. */
export type StatsPipe = Extract<Pipe, { type: 'stats' }>

/** A page of lines. */
export interface LinesPage {
  readonly lines: readonly FoundLine[]
  readonly cursor: string | undefined
}

/** Which lines are wanted. */
export interface LinesChoice {
  readonly limit: number
  readonly order: 'newest' | 'oldest'
  readonly cursor: string | undefined
}

/** What an engine does by itself: finding lines, and working out `stats`. What stands behind that is done here. */
export interface SearchEngine {
  /** Stands in errors. */
  readonly name: string
  lines(filter: Filter, choice: LinesChoice, limits: RequestLimits): Promise<LinesPage>
  /** A row for each group, in any order. At most `maxGroups` and one more. */
  stats(filter: Filter, stats: StatsPipe, maxGroups: number, limits: RequestLimits): Promise<readonly Row[]>
  close(): Promise<void>
}

/** A search in an engine. */
export function createSearch(engine: SearchEngine, options: SearchConnectionOptions): LogSearch {
  const { clock = systemClock, timeout: usual = '30s', maxGroups = 100_000, maxSortedLines = 4_999 } = options
  for (const [option, value] of Object.entries({ maxGroups, maxSortedLines }))
    if (!Number.isSafeInteger(value) || value < 1)
      throw searchErrors.LOGS_SEARCH_OPTION_INVALID({ engine: engine.name, option, value })

  async function table(query: Query, stats: StatsPipe, limits: RequestLimits): Promise<SearchResult> {
    const rows = await engine.stats(query.filter, stats, maxGroups, limits)
    if (rows.length > maxGroups) throw storeErrors.LOGS_QUERY_TOO_COSTLY({ limit: `${maxGroups} groups` })
    const columns = [...stats.by, ...stats.functions].map(({ as }) => as)
    // By their groups, as the embedded store has them.
    const byGroups = { type: 'sort', keys: stats.by.map(({ as }) => ({ name: as, isDescending: false })) } as const
    return { kind: 'rows', ...applyToRows(rows, columns, [byGroups, ...query.pipes.slice(1)]) }
  }

  async function lines({ filter, pipes }: Query, choice: LinesChoice, limits: RequestLimits): Promise<SearchResult> {
    const { order, most, sortKeys, columns } = planLines(pipes, choice.limit, choice.order)
    const needsAll = sortKeys !== undefined
    if (needsAll && choice.cursor !== undefined) throw cursorInvalid(choice.cursor)
    const limit = needsAll ? maxSortedLines + 1 : most
    const page = limit === 0 ? nothing : await engine.lines(filter, { limit, order, cursor: choice.cursor }, limits)
    if (needsAll && page.lines.length > maxSortedLines)
      throw storeErrors.LOGS_QUERY_TOO_COSTLY({ limit: `${maxSortedLines} lines to sort` })
    const found = needsAll ? sortLines(page.lines, sortKeys).slice(0, most) : page.lines
    if (columns !== undefined) return { kind: 'rows', columns, rows: found.map((line) => rowOf(line, columns)) }
    return { kind: 'lines', lines: found, cursor: needsAll ? undefined : page.cursor }
  }

  return {
    async query(text, { limit = 100, order = 'newest', cursor, timeout, signal } = {}) {
      if (!Number.isSafeInteger(limit) || limit < 0)
        throw searchErrors.LOGS_SEARCH_OPTION_INVALID({ engine: engine.name, option: 'limit', value: limit })
      const query = typeof text === 'string' ? parseQuery(text, clock.now()) : text
      const limits = { timeout: timeout ?? usual, signal }
      signal?.throwIfAborted()
      await checkPatterns(query.filter)
      const [first] = query.pipes
      if (first?.type === 'patterns') throw unsupported(engine.name, 'patterns: it keeps no forms of messages')
      return first?.type === 'stats' ? table(query, first, limits) : lines(query, { limit, order, cursor }, limits)
    },
    close: () => engine.close(),
  }
}

/** Patterns are those of RE2, whichever engine matches them. @throws `LOGS_QUERY_PATTERN` */
async function checkPatterns(filter: Filter): Promise<void> {
  if (filter.type === 'and' || filter.type === 'or') for (const each of filter.filters) await checkPatterns(each)
  else if (filter.type === 'not') await checkPatterns(filter.filter)
  else if (filter.type === 'match' && filter.test.type === 'pattern') await compilePattern(filter.test.pattern)
}

const nothing: LinesPage = { lines: [], cursor: undefined }

/** Refuses a part of a query by name. */
export function unsupported(engine: string, part: string): Error {
  return searchErrors.LOGS_SEARCH_UNSUPPORTED({ engine, part })
}
