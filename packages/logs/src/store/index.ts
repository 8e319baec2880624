/**
 * An embedded store of log lines that is searched without a server: columns packed with zstd, the exact lines back, a small
 * query language, tails, retention and deletion.
 *
 * @packageDocumentation
 */
export { createLogStore } from './create-log-store.ts'
export type { LogStoreOptions, QueryOptions, RetentionOptions } from './engine/store-options.ts'
export { storeErrors } from './errors.ts'
export type { SegmentEntry } from './files/manifest.ts'
export type {
  Explanation,
  LogStore,
  LogStoreStatus,
  MaintenanceResult,
  SegmentCheck,
  TailBatchOptions,
  TailOptions,
} from './log-store.ts'
export type { Row } from './query/aggregate.ts'
export type { LinePlace, LogLine } from './query/collect-lines.ts'
export type { Filter, Grouping, Pipe, Query, RangeLimit, StatsFunction, ValueTest } from './query/filter.ts'
export {
  allOf,
  anyOf,
  field,
  levelIs,
  logQuery,
  noneOf,
  statistic,
  type FieldTests,
  type GroupChoice,
  type LogQuery,
  type Statistic,
} from './query/log-query.ts'
export { parseQuery } from './query/parse-query.ts'
export type { QueryResult } from './query/run-query.ts'
export { toCsv } from './query/csv.ts'
export type { QueryCosts, SegmentCosts } from './query/scan-context.ts'
export type { TraceSpan, TraceView } from './query/trace-view.ts'
export type { Dashboard, SavedItem, SavedItems, SavedSearch } from './saved/saved-items.ts'
export type { SegmentSummary } from './segment/segment-builder.ts'
export type { OnLine } from './tail/line-run.ts'
export type { TailBatch } from './tail/tail-batch.ts'
