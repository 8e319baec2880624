import { milliseconds, type Duration } from '@exprsn/core'
import type { LevelName } from '../../record/level.ts'
import type { Filter, Grouping, Pipe, Query, StatsFunction, ValueTest } from './filter.ts'

/** What can be asked of the values of a field, or of all. */
export interface FieldTests {
  /** The text stands in the value, beginning and ending with whole tokens. */
  contains(text: string): Filter
  /** The text stands in the value and begins with a whole token. */
  startsToken(text: string): Filter
  /** The value is exactly this. */
  equals(value: string | number | boolean): Filter
  /** The value is exactly one of these. */
  isOneOf(values: readonly (string | number | boolean)[]): Filter
  /** A pattern of RE2 matches somewhere in the value. */
  matches(pattern: string): Filter
  /** There is a value. */
  exists(): Filter
  above(value: number | string): Filter
  atLeast(value: number | string): Filter
  below(value: number | string): Filter
  atMost(value: number | string): Filter
}

/** A column of `stats`, but for its name. */
export type Statistic = Omit<StatsFunction, 'as'>

/** What lines are put together by: the name of a field, or spans of time. */
export type GroupChoice = string | { readonly bucket: Duration }

/** A query that is built step by step; each step gives another one. It is a {@link Query} at every moment. */
export interface LogQuery extends Query {
  /** Of the lines so far only those that match as well. */
  where(...filters: readonly Filter[]): LogQuery
  /** Only lines from this time on (`Date` or milliseconds since 1970) and before that. */
  between(from: Date | number, to: Date | number): LogQuery
  /** Statistics by the names of their columns; times of buckets are in the column `time`. */
  stats(columns: Readonly<Record<string, Statistic>>, options?: { readonly by?: readonly GroupChoice[] }): LogQuery
  sort(name: string, direction?: 'asc' | 'desc'): LogQuery
  limit(count: number): LogQuery
  /** Only these fields of each line, or columns of the table. */
  fields(...names: readonly string[]): LogQuery
  /** Forms of messages in place of the lines. */
  patterns(): LogQuery
}

/**
 * A query as code in place of text: what it holds needs no quotes and cannot be taken for anything else.
 *
 * @example
 * ```ts
 * import { memoryStore } from '@exprsn/core/storage'
 * import { createLogStore, field, logQuery, statistic } from '@exprsn/logs/store'
 *
 * const store = createLogStore({ store: memoryStore() })
 * await store.append(['{"service":"api","took":700}', '{"service":"api","took":20}', '{"service":"web","took":900}'])
 * const query = logQuery()
 *   .where(field('service').equals('api'), field('took').above(10))
 *   .stats({ lines: statistic.count(), slowest: statistic.max('took') }, { by: ['service'] })
 * const result = await store.query(query)
 * console.log(result.kind === 'rows' && result.rows) // [ { service: 'api', lines: 2, slowest: 700 } ]
 * await store.close()
 * ```
 */
export function logQuery(): LogQuery {
  return queryOf({ type: 'all' }, [])
}

function queryOf(filter: Filter, pipes: readonly Pipe[]): LogQuery {
  const piped = (pipe: Pipe): LogQuery => queryOf(filter, [...pipes, pipe])
  return {
    filter,
    pipes,
    where: (...filters) => queryOf(allOf(filter, ...filters), pipes),
    between: (from, to) => queryOf(allOf(filter, { type: 'time', from: Number(from), to: Number(to) }), pipes),
    stats: (columns, { by = [] } = {}) =>
      piped({
        type: 'stats',
        functions: Object.entries(columns).map(([as, each]) => ({ ...each, as })),
        by: by.map(groupingOf),
      }),
    sort: (name, direction = 'asc') => piped({ type: 'sort', keys: [{ name, isDescending: direction === 'desc' }] }),
    limit: (count) => piped({ type: 'limit', count }),
    fields: (...names) => piped({ type: 'fields', names }),
    patterns: () => piped({ type: 'patterns' }),
  }
}

function groupingOf(choice: GroupChoice): Grouping {
  if (typeof choice === 'string') return { field: choice, as: choice }
  return { bucket: milliseconds(choice.bucket), as: 'time' }
}

/**
 * Tests of a field, its keys joined by dots; without a name, of every value of a line.
 *
 * @example
 * ```ts
 * import { field } from '@exprsn/logs/store'
 *
 * console.log(field('http.status').atLeast(500).type) // match
 * ```
 */
export function field(name?: string): FieldTests {
  const match = (test: ValueTest): Filter => ({ type: 'match', field: name, test })
  const limit = (value: number | string, isIncluded: boolean) => ({ value, isIncluded })
  return {
    contains: (text) => match({ type: 'phrase', text }),
    startsToken: (text) => match({ type: 'prefix', text }),
    equals: (value) => match({ type: 'equals', text: String(value) }),
    isOneOf: (values) => match({ type: 'in', texts: values.map(String) }),
    matches: (pattern) => match({ type: 'pattern', pattern }),
    exists: () => match({ type: 'exists' }),
    above: (value) => match({ type: 'range', from: limit(value, false) }),
    atLeast: (value) => match({ type: 'range', from: limit(value, true) }),
    below: (value) => match({ type: 'range', to: limit(value, false) }),
    atMost: (value) => match({ type: 'range', to: limit(value, true) }),
  }
}

/**
 * Lines of these levels, whether they name them by words or by pino's numbers.
 *
 * @example
 * ```ts
 * import { levelIs } from '@exprsn/logs/store'
 *
 * console.log(levelIs('error', 'fatal').type) // match
 * ```
 */
export function levelIs(...names: readonly LevelName[]): Filter {
  return { type: 'match', field: 'level', test: { type: 'level', names } }
}

/**
 * Lines that match every filter.
 *
 * @example
 * ```ts
 * import { allOf, field } from '@exprsn/logs/store'
 *
 * console.log(allOf(field('a').exists(), field('b').exists()).type) // and
 * ```
 */
export function allOf(...filters: readonly Filter[]): Filter {
  const asked = filters
    .filter(({ type }) => type !== 'all')
    .flatMap((each) => (each.type === 'and' ? each.filters : [each]))
  return asked.length === 0 ? { type: 'all' } : asked.length === 1 ? asked[0]! : { type: 'and', filters: asked }
}

/**
 * Lines that match one of the filters; none when there are none.
 *
 * @example
 * ```ts
 * import { anyOf, field } from '@exprsn/logs/store'
 *
 * console.log(anyOf(field('a').exists(), field('b').exists()).type) // or
 * ```
 */
export function anyOf(...filters: readonly Filter[]): Filter {
  return { type: 'or', filters }
}

/**
 * Lines that match none of the filters.
 *
 * @example
 * ```ts
 * import { field, noneOf } from '@exprsn/logs/store'
 *
 * console.log(noneOf(field('a').exists()).type) // not
 * ```
 */
export function noneOf(...filters: readonly Filter[]): Filter {
  return { type: 'not', filter: anyOf(...filters) }
}

/** What can be worked out over the lines of a group. */
export const statistic: {
  /** Lines; with a field, those that have it. */
  readonly count: (field?: string) => Statistic
  /** Lines a second. */
  readonly rate: () => Statistic
  /** Different values. */
  readonly distinct: (field: string) => Statistic
  readonly sum: (field: string) => Statistic
  readonly avg: (field: string) => Statistic
  readonly min: (field: string) => Statistic
  readonly max: (field: string) => Statistic
  /** By the nearest rank; the fraction is 0 to 1. */
  readonly quantile: (fraction: number, field: string) => Statistic
} = {
  count: (name) => ({ name: 'count', field: name }),
  rate: () => ({ name: 'rate' }),
  distinct: (name) => ({ name: 'distinct', field: name }),
  sum: (name) => ({ name: 'sum', field: name }),
  avg: (name) => ({ name: 'avg', field: name }),
  min: (name) => ({ name: 'min', field: name }),
  max: (name) => ({ name: 'max', field: name }),
  quantile: (fraction, name) => ({ name: 'quantile', fraction, field: name }),
}
