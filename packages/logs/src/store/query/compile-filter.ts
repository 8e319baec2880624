import type { LineView } from '../line/line-view.ts'
import type { LineValue } from '../line/read-line.ts'
import { compileTest, type CompiledTest } from './compile-test.ts'
import type { Filter } from './filter.ts'

/** A test of the values of some fields. */
export interface MatchLeaf extends CompiledTest {
  readonly type: 'match'
  /** Undefined for all. */
  readonly fields: readonly string[] | undefined
  /** Of a test for tokens, the one integer of which it and its negative may pass; undefined where no integer does. */
  readonly integer: number | undefined
}

/** A filter that is ready to be asked. */
export type CompiledFilter =
  | { readonly type: 'all' }
  | { readonly type: 'and' | 'or'; readonly filters: readonly CompiledFilter[] }
  | { readonly type: 'not'; readonly filter: CompiledFilter }
  | MatchLeaf
  | { readonly type: 'time'; readonly from: number; readonly to: number }

/** Makes a filter ready: cheap parts first, so that dear ones look at fewer lines. @throws `LOGS_QUERY_PATTERN` */
export async function compileFilter(filter: Filter): Promise<CompiledFilter> {
  if (filter.type === 'not') return { type: 'not', filter: await compileFilter(filter.filter) }
  if (filter.type === 'match') {
    const { field, test } = filter
    const fields = field === undefined ? undefined : test.type === 'level' ? ['level', 'severity'] : [field]
    const compiled = await compileTest(test)
    return { type: 'match', fields, integer: integerOf(compiled.tokens), ...compiled }
  }
  if (filter.type === 'all' || filter.type === 'time') return filter
  const filters = []
  for (const each of filter.filters) filters.push(await compileFilter(each))
  return {
    type: filter.type,
    filters: filter.type === 'and' ? filters.toSorted((a, b) => costOf(a) - costOf(b)) : filters,
  }
}

/** Columns hold integers of at most fifteen digits, each a token of its own. */
function integerOf(tokens: readonly string[]): number | undefined {
  return tokens.length === 1 && /^(?:0|[1-9]\d{0,14})$/.test(tokens[0]!) ? Number(tokens[0]) : undefined
}

/** The bounds that all lines of a filter's answer are within, so that whole segments need no look. */
export function timeBounds(filter: Filter | CompiledFilter): { readonly from: number; readonly to: number } {
  if (filter.type === 'time') return filter
  if (filter.type !== 'and') return { from: -Infinity, to: Infinity }
  const bounds = (filter.filters as readonly (Filter | CompiledFilter)[]).map(timeBounds)
  return { from: Math.max(...bounds.map(({ from }) => from)), to: Math.min(...bounds.map(({ to }) => to)) }
}

/** Seconds that a filter names, which rates are of: one at least; undefined where it is open at an end. */
export function secondsOf(filter: Filter | CompiledFilter): number | undefined {
  const { from, to } = timeBounds(filter)
  return Number.isFinite(to - from) ? Math.max(1, (to - from) / 1_000) : undefined
}

/** Every test of values in a filter. */
export function leavesOf(filter: CompiledFilter): MatchLeaf[] {
  if (filter.type === 'match') return [filter]
  if (filter.type === 'not') return leavesOf(filter.filter)
  return filter.type === 'and' || filter.type === 'or' ? filter.filters.flatMap(leavesOf) : []
}

/** Whether one line matches: the plain way, for lines that are not in a segment yet. */
export function matchesLine(filter: CompiledFilter, line: LineView, time: number): boolean {
  switch (filter.type) {
    case 'all':
      return true
    case 'and':
      return filter.filters.every((each) => matchesLine(each, line, time))
    case 'or':
      return filter.filters.some((each) => matchesLine(each, line, time))
    case 'not':
      return !matchesLine(filter.filter, line, time)
    case 'time':
      return time >= filter.from && time < filter.to
    case 'match':
      return filter.tokens.every((token) => line.mayHave(token)) && line.some(filter.fields, filter.test)
  }
}

/** Whether one of a line's values passes. */
export function matchesValues({ fields, test }: MatchLeaf, values: readonly LineValue[]): boolean {
  return values.some(
    ({ path, value, isText }) => (fields === undefined || fields.includes(path)) && test(value, isText),
  )
}

function costOf(filter: CompiledFilter): number {
  if (filter.type === 'time' || filter.type === 'all') return 0
  if (filter.type === 'match')
    return filter.isToken && filter.fields === undefined
      ? 1
      : filter.tokens.length > 0
        ? 2
        : filter.fields === undefined
          ? 5
          : 3
  return filter.type === 'not' ? 4 + costOf(filter.filter) : Math.max(0, ...filter.filters.map(costOf))
}
