import type { Duration } from '@exprsn/core'
import type { Row } from '../store/query/aggregate.ts'
import type { Query } from '../store/query/filter.ts'

/** A line that another engine has found. */
export interface FoundLine {
  /** Milliseconds since 1970. */
  readonly time: number
  readonly text: string
  readonly bytes: Uint8Array
}

/** What a query found: lines or a table. */
export type SearchResult =
  | {
      readonly kind: 'lines'
      readonly lines: readonly FoundLine[]
      /** Where the next page begins, when there may be one. */
      readonly cursor: string | undefined
    }
  | { readonly kind: 'rows'; readonly columns: readonly string[]; readonly rows: readonly Row[] }

/** Options of one query, those of the embedded store. */
export interface SearchOptions {
  /** Lines at most. @default 100 */
  readonly limit?: number | undefined
  /** Which of the lines come first. @default 'newest' */
  readonly order?: 'newest' | 'oldest' | undefined
  /** Of the page before. */
  readonly cursor?: string | undefined
  /** @default that of the search */
  readonly timeout?: Duration | undefined
  /** Ends the search. */
  readonly signal?: AbortSignal | undefined
}

/** Where the query language is answered: the embedded store is one, and so is each engine that lines are shipped to. */
export interface LogSearch {
  /**
   * Lines or a table. Throws `LOGS_QUERY_INVALID`, `LOGS_QUERY_TOO_COSTLY`, `LOGS_SEARCH_UNSUPPORTED`, `LOGS_SEARCH_REFUSED` and
   * `LOGS_SEARCH_UNAVAILABLE`; a part that an engine cannot answer as the embedded store does is refused and never guessed.
   */
  query(query: string | Query, options?: SearchOptions): Promise<SearchResult>
  /** Frees what is held. */
  close(): Promise<void>
}
