import { isUtf8 } from 'node:buffer'
import type { DiskFile } from '@exprsn/core/disk'
import { viewOf } from './byte-view.ts'
import { fileInvalid } from './file-invalid.ts'
import { readAhead } from './read-ahead.ts'
import { incomplete, malformed, readRow, type RowFields } from './read-row.ts'

/** How {@link scanRows} reads. */
export interface ScanOptions {
  /** Where the first row begins. */
  readonly start: number
  /** Rows that begin there or later are not read. @default all are read */
  readonly until?: number | undefined
  /** A byte. */
  readonly separator: number
  /** The fields of the row that was read; filled anew for each. */
  readonly row: RowFields
  /** Memory of earlier calls. @default new memory */
  readonly pieces?: ScanPieces | undefined
  readonly signal: AbortSignal | undefined
  /** Told of bytes. */
  readonly onBytes?: ((count: number) => void) | undefined
}

/** The longest row in bytes, and the room before a piece for what the piece before it left over. */
export const longestRow = 65_536
/** What is read at once: a processor's cache holds both pieces. */
export const pieceBytes = 262_144

/** One piece is filled while the other is parted. */
export type ScanPieces = readonly [Uint8Array, Uint8Array]

/** Memory for {@link scanRows}. */
export function scanPieces(): ScanPieces {
  return [new Uint8Array(longestRow + pieceBytes), new Uint8Array(longestRow + pieceBytes)]
}

/** What is done with a row: it begins at `place` of the file and `from` of the view. */
export type OnRow = (view: DataView, place: number, from: number, next: number) => void

/**
 * Reads a file in pieces, the next one while this one is parted, and calls for each row. Memory is two pieces, whatever the file.
 * Gives where the row behind the last begins.
 */
export async function scanRows(file: DiskFile, options: ScanOptions, onRow: OnRow): Promise<number> {
  const { start, until = Number.POSITIVE_INFINITY, separator, row, pieces = scanPieces(), signal, onBytes } = options
  // What lies beyond is read only when the last row does.
  const read = (turn: number, position: number): Promise<number> => {
    const most = position < until ? Math.min(pieceBytes, until - position) : longestRow
    return readAhead(file.read(pieces[turn & 1]!.subarray(longestRow, longestRow + most), position))
  }
  const views = pieces.map(viewOf)
  let position = start
  let carried = 0
  let waiting = read(0, position)
  for (let turn = 0; ; turn++) {
    signal?.throwIfAborted()
    const length = await waiting
    const [bytes, view] = [pieces[turn & 1]!, views[turn & 1]!]
    const isLast = length === 0
    const end = longestRow + length
    const base = position - longestRow
    const stop = Math.min(end, until - base)
    const begin = longestRow - carried
    position += length
    if (!isLast && position < until) waiting = read(turn + 1, position)
    const at = readRows(view, { file, base, begin, stop, end, separator, isLast, row }, onRow)
    if (!isUtf8(bytes.subarray(begin, at))) throw fileInvalid(file, base + begin, 'it is not UTF-8')
    onBytes?.(length)
    if (isLast || (at >= stop && base + at >= until)) return base + at
    carried = end - at
    if (carried > longestRow) throw fileInvalid(file, base + at, `a row is longer than ${longestRow} bytes`)
    if (position >= until) waiting = read(turn + 1, position)
    pieces[(turn + 1) & 1]!.set(bytes.subarray(at, end), longestRow - carried)
  }
}

interface Piece {
  readonly file: DiskFile
  /** Where the view would begin in the file. */
  readonly base: number
  /** Of the first row. */
  readonly begin: number
  /** Rows that begin there or later are not read. */
  readonly stop: number
  readonly end: number
  readonly separator: number
  readonly isLast: boolean
  readonly row: RowFields
}

/** Gives where the first row begins that is not read. A function of its own, which is compiled once: nothing waits in it. */
function readRows(
  view: DataView,
  { file, base, begin, stop, end, separator, isLast, row }: Piece,
  onRow: OnRow,
): number {
  let at = begin
  while (at < stop) {
    const next = readRow(view, at, end, separator, isLast, row)
    if (next === malformed) throw fileInvalid(file, base + at, 'text behind a closing quote, or a quote without an end')
    if (next === incomplete) break
    if (!isEmpty(row)) onRow(view, base + at, at, next)
    at = next
  }
  return at
}

function isEmpty({ count, places, raw }: RowFields): boolean {
  return count === 1 && places[0] === places[1] && raw === undefined
}
