import type { Currencies } from './currencies.ts'
import { addToFingerprint } from './fingerprint.ts'
import { fieldsOf, movementReader, type OpenMovements } from './open-movements.ts'
import { noTotals, type RowTotals } from './row-totals.ts'
import { longestName, RowTuples, shareOf, type TupleLists } from './row-tuples.ts'
import type { RowsKernel } from './rows-kernel.ts'
import { scanPieces, scanRows, type OnRow, type ScanPieces } from './scan-rows.ts'

const feed = 10
/** As far as the end of a row is looked for. */
const farthest = 65_537

/** A share of one of the two files. */
export interface RowRange {
  readonly side: 'left' | 'right'
  readonly start: number
  /** Rows that begin there or later belong to the next. */
  readonly until: number
}

/** Where the rows of a range truly began and ended. */
export interface RangeEnds {
  readonly range: number
  readonly first: number
  readonly next: number
}

/** What one thread gathered. */
export interface Gathered {
  /** By who joins them. */
  readonly left: readonly TupleLists[]
  readonly right: readonly TupleLists[]
  /** Places of rows without a name, or with one that is too long. */
  readonly nameless: { readonly left: readonly number[]; readonly right: readonly number[] }
  readonly ends: readonly RangeEnds[]
  readonly totals: RowTotals
}

/** How {@link gatherRows} works. */
export interface GatherOptions {
  readonly left: OpenMovements
  readonly right: OpenMovements
  readonly ranges: readonly RowRange[]
  /** Gives the number of the next range, until there is none: threads take turns. */
  readonly take: () => number | undefined
  /** A power of two: parts of each share. */
  readonly parts: number
  /** How many threads join. */
  readonly shares: number
  readonly currencies: Currencies
  /** Reads most rows; the plain way, with the same result, where there is none. */
  readonly kernel: RowsKernel | undefined
  readonly signal?: AbortSignal | undefined
  readonly onBytes?: ((count: number) => void) | undefined
}

/** Reads ranges of both files into tuples. @throws `PAYMENTS_RECONCILE_FILE_INVALID` */
export async function gatherRows(options: GatherOptions): Promise<Gathered> {
  const { ranges, take, parts, shares, kernel, signal, onBytes } = options
  const pieces = kernel?.pieces ?? scanPieces()
  const totals = noTotals()
  const tuples = (): RowTuples[] => Array.from({ length: shares }, () => new RowTuples(parts))
  const gathered = { left: tuples(), right: tuples() }
  const nameless = { left: [] as number[], right: [] as number[] }
  const ends: RangeEnds[] = []
  const rowsOf = (side: RowRange['side']) =>
    takeRows(options[side], { side, tuples: gathered[side], nameless: nameless[side], totals }, options)
  const rows = { left: rowsOf('left'), right: rowsOf('right') }
  for (let range = take(); range !== undefined; range = take()) {
    const { side, start, until } = ranges[range]!
    const source = options[side]
    const first = start <= source.start ? source.start : await nextRow(source, start, pieces)
    let next = first
    if (first < until) {
      const { file, separator } = source
      const { onRow, ...reading } = rows[side]
      next = await scanRows(file, { start: first, until, separator, ...reading, pieces, signal, onBytes }, onRow)
    }
    ends.push({ range, first, next })
  }
  kernel?.flush()
  for (const each of [...gathered.left, ...gathered.right]) each.finish()
  return { ...gathered, nameless, ends, totals }
}

/** Where the first row begins at `from` or behind it, if no field has a line feed in it; the end of the file if none does. */
async function nextRow({ file, size }: OpenMovements, from: number, [piece]: ScanPieces): Promise<number> {
  const bytes = piece.subarray(0, farthest)
  const length = await file.read(bytes, from - 1)
  const found = bytes.subarray(0, length).indexOf(feed)
  return found < 0 ? size : from + found
}

interface Collecting {
  readonly side: 'left' | 'right'
  readonly tuples: readonly RowTuples[]
  readonly nameless: number[]
  readonly totals: RowTotals
}

function takeRows(source: OpenMovements, collecting: Collecting, { currencies, kernel }: GatherOptions) {
  const { side, tuples, nameless, totals } = collecting
  const row = fieldsOf(source)
  const read = movementReader(source, currencies)
  const isLeft = side === 'left'
  const { fingerprint } = totals
  const onRow: OnRow = (view, place) => {
    const { hash, amount, currency, day, keyStart, keyEnd } = read(view, row, place)
    if (isLeft) totals.ours++
    else totals.gateway++
    if (day > totals.newestDay) totals.newestDay = day
    addToFingerprint(fingerprint, isLeft, hash, amount, day)
    const length = keyEnd - keyStart
    if (length === 0 || length > longestName) nameless.push(place)
    else tuples[shareOf(hash, tuples.length)]!.add(hash, view, keyStart, keyEnd, amount, currency, place)
  }
  return { row, onRow, readMany: kernel?.reader(source, currencies, { side, totals, tuples, nameless }) }
}
