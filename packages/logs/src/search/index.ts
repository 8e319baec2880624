/**
 * The query language of the embedded store over the engines that lines are shipped to.
 *
 * @packageDocumentation
 */
export { clickhouseSearch, type ClickhouseSearchOptions } from './clickhouse/clickhouse-search.ts'
export { elasticsearchSearch, type ElasticsearchSearchOptions } from './elasticsearch/elasticsearch-search.ts'
export { elasticsearchSearchTemplate, type ElasticsearchSearchTemplate } from './elasticsearch/index-template.ts'
export { searchErrors } from './errors.ts'
export type { FoundLine, LogSearch, SearchOptions, SearchResult } from './log-search.ts'
export { lokiSearch, type LokiSearchOptions } from './loki/loki-search.ts'
export type { SearchConnectionOptions } from './search-options.ts'
export type { ServiceOptions } from '../sink/service-client.ts'
