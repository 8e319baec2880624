import { readLine } from '../line/read-line.ts'
import { compareValues, type Row } from './aggregate.ts'
import type { Pipe } from './filter.ts'

type SortKeys = Extract<Pipe, { type: 'sort' }>['keys']

/** A line with its time, wherever it is from. */
interface TimedLine {
  readonly bytes: Uint8Array
  /** Milliseconds since 1970. */
  readonly time: number
}

/** Which lines are wanted of those that match, once pipes are taken into account. */
export interface LinePlan {
  readonly order: 'newest' | 'oldest'
  /** Lines at most. */
  readonly most: number
  /** By what all lines that match have to be sorted; undefined where their time is all that matters. */
  readonly sortKeys: SortKeys | undefined
  /** Columns of the table that is wanted in place of lines. */
  readonly columns: readonly string[] | undefined
}

/** What the pipes of a question for lines ask for. */
export function planLines(pipes: readonly Pipe[], limit: number, plainOrder: 'newest' | 'oldest'): LinePlan {
  const sort = pipes.find((pipe) => pipe.type === 'sort')
  const byTime = sort?.keys.length === 1 && sort.keys[0]!.name === '_time' ? sort.keys[0] : undefined
  return {
    order: byTime === undefined ? plainOrder : byTime.isDescending ? 'newest' : 'oldest',
    most: pipes.reduce((least, pipe) => (pipe.type === 'limit' ? Math.min(least, pipe.count) : least), limit),
    sortKeys: byTime === undefined ? sort?.keys : undefined,
    columns: pipes.find((pipe) => pipe.type === 'fields')?.names,
  }
}

/** Lines in the order of their fields. */
export function sortLines<Line extends TimedLine>(found: readonly Line[], keys: SortKeys): Line[] {
  const keyed = found.map((line) => ({
    line,
    row: rowOf(
      line,
      keys.map(({ name }) => name),
    ),
  }))
  return keyed.sort((a, b) => compareRows(a.row, b.row, keys)).map(({ line }) => line)
}

/** The first value of each of some fields; `_time` is when the line was written. */
export function rowOf(line: TimedLine, names: readonly string[]): Row {
  return Object.fromEntries(names.map((name) => [name, firstValue(line, name)]))
}

/** Applies what stands behind `stats` or `patterns`. */
export function applyToRows(
  found: readonly Row[],
  allColumns: readonly string[],
  pipes: readonly Pipe[],
): { readonly rows: readonly Row[]; readonly columns: readonly string[] } {
  let [rows, columns] = [found, allColumns]
  for (const pipe of pipes) {
    if (pipe.type === 'limit') rows = rows.slice(0, pipe.count)
    else if (pipe.type === 'sort') rows = rows.toSorted((first, second) => compareRows(first, second, pipe.keys))
    else if (pipe.type === 'fields') {
      columns = pipe.names
      rows = rows.map((row) => Object.fromEntries(pipe.names.map((name) => [name, row[name] ?? null])))
    }
  }
  return { rows, columns }
}

function firstValue(line: TimedLine, field: string): string | number | null {
  if (field === '_time') return new Date(line.time).toISOString()
  const found = readLine(line.bytes).find(({ path }) => path === field)
  if (found === undefined) return null
  const number = found.isText ? Number.NaN : Number(found.value)
  return Number.isNaN(number) ? found.value : number
}

function compareRows(first: Row, second: Row, keys: SortKeys): number {
  for (const { name, isDescending } of keys) {
    const order = compareValues(first[name] ?? null, second[name] ?? null)
    if (order !== 0) return isDescending ? -order : order
  }
  return 0
}
