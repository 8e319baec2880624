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
  /** Reads what rows it can, of these `pieces`, before each that is read the plain way. @default none */
  readonly readMany?: ReadMany | undefined
  readonly signal: AbortSignal | undefined
  /** Told of bytes. */
  readonly onBytes?: ((count: number) => void) | undefined
}

/** The longest row in bytes, and the room before a piece for what the piece before it left over. */
export const longestRow = 65_536
/** What is read at once: a processor's cache holds both pieces. */
export const pieceBytes = 262_144

/** Bytes of a piece with the room before it. */
export const pieceLength = longestRow + pieceBytes

/** One piece is filled while the other is parted. */
export type ScanPieces = readonly [Uint8Array, Uint8Array]

/** The part of a piece that is read. */
export interface Span {
  /** Where the piece would begin in the file. */
  readonly base: number
  /** Of the first row. */
  readonly at: number
  /** Rows that begin there or later are not read. */
  readonly stop: number
  readonly end: number
}

/** Reads rows as long as it can; gives where the first begins that it did not read. */
export type ReadMany = (piece: Uint8Array, span: Span) => number

/** Memory for {@link scanRows}. */
export function scanPieces(): ScanPieces {
  return [new Uint8Array(pieceLength), new Uint8Array(pieceLength)]
}

/** What is done with a row: it begins at `place` of the file and `from` of the view. */
export type OnRow = (view: DataView, place: number, from: number, next: number) => void

/**
 * Reads a file in pieces, the next one while this one is parted, and calls for each row. Memory is two pieces, whatever the file.
 * Gives where the row behind the last begins.
 */
export async function scanRows(file: DiskFile, options: ScanOptions, onRow: OnRow): Promise<number> {
  const { start, until = Number.POSITIVE_INFINITY, pieces = scanPieces(), signal, onBytes } = options
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
    const at = readRows({ ...options, file, bytes, view, isLast }, { base, at: begin, stop, end }, onRow)
    if (!isUtf8(bytes.subarray(begin, at))) throw fileInvalid(file, base + begin, 'it is not UTF-8')
    onBytes?.(length)
    if (isLast || (at >= stop && base + at >= until)) return base + at
    carried = end - at
    if (carried > longestRow) throw fileInvalid(file, base + at, `a row is longer than ${longestRow} bytes`)
    if (position >= until) waiting = read(turn + 1, position)
    pieces[(turn + 1) & 1]!.set(bytes.subarray(at, end), longestRow - carried)
  }
}

interface Piece extends ScanOptions {
  readonly file: DiskFile
  readonly bytes: Uint8Array
  readonly view: DataView
  readonly isLast: boolean
}

/** Gives where the first row begins that is not read. A function of its own, which is compiled once: nothing waits in it. */
function readRows({ file, bytes, view, isLast, separator, row, readMany }: Piece, span: Span, onRow: OnRow): number {
  const { base, stop, end } = span
  let { at } = span
  while (at < stop) {
    if (readMany !== undefined && (at = readMany(bytes, { base, at, stop, end })) >= stop) break
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
