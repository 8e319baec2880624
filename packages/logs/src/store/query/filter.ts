import type { LevelName } from '../../record/level.ts'

/** A limit of a range: numbers are compared as numbers, texts by their UTF-16 units. */
export interface RangeLimit {
  readonly value: number | string
  readonly isIncluded: boolean
}

/** What is asked of one value. Letters of ASCII are the same in both cases, but not for `equals`, `in` and `pattern`. */
export type ValueTest =
  /** Stands in the value, and neither begins nor ends within a token. */
  | { readonly type: 'phrase'; readonly text: string }
  /** Stands in the value and does not begin within a token. */
  | { readonly type: 'prefix'; readonly text: string }
  | { readonly type: 'equals'; readonly text: string }
  | { readonly type: 'in'; readonly texts: readonly string[] }
  /** RE2, anywhere in the value. */
  | { readonly type: 'pattern'; readonly pattern: string }
  /** There is a value. */
  | { readonly type: 'exists' }
  | { readonly type: 'range'; readonly from?: RangeLimit | undefined; readonly to?: RangeLimit | undefined }
  /** A level by name, as numbers of pino or words name it. */
  | { readonly type: 'level'; readonly names: readonly LevelName[] }

/** Which lines are asked for. A line matches a test when one of its values does. */
export type Filter =
  | { readonly type: 'all' }
  | { readonly type: 'and' | 'or'; readonly filters: readonly Filter[] }
  | { readonly type: 'not'; readonly filter: Filter }
  /** `field` names keys joined by dots; undefined asks every value. */
  | { readonly type: 'match'; readonly field?: string | undefined; readonly test: ValueTest }
  /** Milliseconds since 1970, `from` included, `to` not. */
  | { readonly type: 'time'; readonly from: number; readonly to: number }

/** Something that is worked out over the lines of a group. */
export interface StatsFunction {
  readonly name: 'count' | 'distinct' | 'sum' | 'avg' | 'min' | 'max' | 'quantile' | 'rate'
  /** Of `count` the lines that have it. */
  readonly field?: string | undefined
  /** Of `quantile`: 0 to 1. */
  readonly fraction?: number | undefined
  /** Name of the column. */
  readonly as: string
}

/** What lines are put together by: a field, or spans of time of so many milliseconds. */
export type Grouping =
  | { readonly field: string; readonly as: string }
  | { readonly bucket: number; readonly as: string }

/** What is done with the lines that match, one after the other. */
export type Pipe =
  | { readonly type: 'stats'; readonly functions: readonly StatsFunction[]; readonly by: readonly Grouping[] }
  | { readonly type: 'sort'; readonly keys: readonly { readonly name: string; readonly isDescending: boolean }[] }
  | { readonly type: 'limit'; readonly count: number }
  | { readonly type: 'fields'; readonly names: readonly string[] }
  | { readonly type: 'patterns' }

/** A question to the store. */
export interface Query {
  readonly filter: Filter
  readonly pipes: readonly Pipe[]
}
