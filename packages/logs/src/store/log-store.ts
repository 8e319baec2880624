import type { Sink } from '../sink/sink.ts'
import type { QueryOptions } from './engine/store-options.ts'
import type { SegmentEntry } from './files/manifest.ts'
import type { TailBatch } from './tail/tail-batch.ts'
import type { LinePlace, LogLine } from './query/collect-lines.ts'
import type { Query } from './query/filter.ts'
import type { QueryResult } from './query/run-query.ts'
import type { QueryCosts, SegmentCosts } from './query/scan-context.ts'
import type { TraceView } from './query/trace-view.ts'
import type { SavedItems } from './saved/saved-items.ts'

/** What a store is doing. */
export interface LogStoreStatus {
  /** Whether this process writes to it. */
  readonly isWriter: boolean
  /** Lines that are in memory and not yet in a segment. */
  readonly waiting: number
  readonly segments: readonly SegmentEntry[]
}

/** Options of {@link LogStore.tail}. */
export interface TailOptions {
  /** Ends the tail. */
  readonly signal?: AbortSignal | undefined
  /** Lines that wait for a slow reader at most; others are dropped and counted. @default 10 000 */
  readonly buffer?: number | undefined
  /** Called when lines were dropped. */
  readonly onDropped?: ((count: number) => void) | undefined
}

/** Options of {@link LogStore.tailBatches}. */
export type TailBatchOptions = Omit<TailOptions, 'onDropped'>

/** What maintenance did. */
export interface MaintenanceResult {
  /** Segments that became others. */
  readonly compacted: number
  /** Segments that were too old or too many. */
  readonly expired: number
  /** Lines that a stream's age has removed. */
  readonly deleted: number
}

/** What a segment looks like when all of it is read. */
export interface SegmentCheck {
  readonly name: string
  readonly rows: number
  /** What is wrong with it; nothing when it is whole. */
  readonly problem: string | undefined
}

/** How a query was answered. */
export interface Explanation {
  readonly costs: QueryCosts
  /** In the order in which they were looked at; `memory` are the lines on their way to a segment. */
  readonly segments: readonly SegmentCosts[]
  /** Milliseconds. */
  readonly elapsed: number
}

/** An embedded store of log lines. Made by {@link createLogStore}. */
export interface LogStore {
  /**
   * Adds lines. With a folder they are on disk when it returns.
   *
   * Throws `LOGS_STORE_READ_ONLY`, `LOGS_STORE_LINE_TOO_LARGE`, `LOGS_STORE_CLOSED`, and the errors of the disk: then none of
   * the lines was taken for certain.
   */
  append(lines: string | Uint8Array | readonly (string | Uint8Array)[]): Promise<void>
  /**
   * Lines or a table. Throws `LOGS_QUERY_INVALID`, `LOGS_QUERY_PATTERN`, `LOGS_QUERY_CURSOR`, `LOGS_QUERY_TIMEOUT`,
   * `LOGS_QUERY_TOO_COSTLY`, `LOGS_STORE_SEGMENT_DAMAGED`.
   */
  query(query: string | Query, options?: QueryOptions): Promise<QueryResult>
  /**
   * Lines that match as they come, in any process that has the store open: one that does not write to it has them from the one
   * that does, a moment later. Ends with the signal or with the store.
   */
  tail(query: string | Query, options?: TailOptions): AsyncIterable<LogLine>
  /**
   * As {@link tail}, with all lines that wait at once, and with what a slow reader missed. The first batch is empty and comes
   * when it follows: of what this process logs from then on, nothing is missed.
   */
  tailBatches(query: string | Query, options?: TailBatchOptions): AsyncIterable<TailBatch>
  /** All lines that match, the oldest segment first, in no other order than they are stored. */
  export(query?: string | Query, options?: { readonly signal?: AbortSignal | undefined }): AsyncIterable<LogLine>
  /** How often each value of some fields stands in the lines that match, the most frequent first. */
  facets(
    query: string | Query,
    fields: readonly string[],
    options?: QueryOptions,
  ): Promise<Readonly<Record<string, readonly { readonly value: string; readonly count: number }[]>>>
  /** The lines before and after a line, in the order of time. */
  context(
    place: LinePlace,
    options?: { readonly before?: number | undefined; readonly after?: number | undefined },
  ): Promise<readonly LogLine[]>
  /** What services have logged for a trace, by its id, span by span; 1,000 lines at most. */
  trace(
    id: string,
    options?: { readonly limit?: number | undefined; readonly signal?: AbortSignal | undefined },
  ): Promise<TraceView>
  /** Answers a query, and says what of each segment was read for that, and why not more. Throws as `query` does. */
  explain(query: string | Query, options?: QueryOptions): Promise<Explanation>
  /** Searches and dashboards that are kept with the lines. */
  readonly saved: SavedItems
  /** Removes lines for good: when it returns, no file of the store holds them. Returns how many. */
  delete(query: string | Query, options?: { readonly signal?: AbortSignal | undefined }): Promise<number>
  /** Makes a segment of what is in memory. */
  flush(): Promise<void>
  /** Retention and compaction, as they have their turn by themselves. */
  maintain(): Promise<MaintenanceResult>
  /** Reads everything and says what is damaged. */
  verify(): Promise<readonly SegmentCheck[]>
  /** As {@link verify}, and keeps what can be read of damaged segments. Returns how many lines were lost. */
  repair(): Promise<number>
  /** For `createShipper`: the spool is the log of what comes this way. */
  sink(options?: { readonly name?: string | undefined }): Sink
  status(): LogStoreStatus
  /** Seals what is in memory and frees what is held. */
  close(): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}
