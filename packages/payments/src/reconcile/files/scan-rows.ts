import { isUtf8 } from 'node:buffer'
import type { DiskFile } from '@exprsn/core/disk'
import { fileInvalid } from './file-invalid.ts'
import { incomplete, malformed, readRow, type RowFields } from './read-row.ts'

/** How {@link scanRows} reads. */
export interface ScanOptions {
  /** Where the first row begins. */
  readonly start: number
  /** A byte. */
  readonly separator: number
  /** The fields of the row that was read; filled anew for each. */
  readonly row: RowFields
  readonly signal: AbortSignal | undefined
  /** Told of bytes. */
  readonly onBytes: (count: number) => void
}

/** The longest row, and the room before a piece for what the piece before it left over. */
const longestRow = 65_536
const pieceBytes = 1_048_576

/**
 * Reads a file in pieces, the next one while this one is parted, and calls for each row: `place` is where it begins in the
 * file. Memory is two pieces, whatever the file.
 */
export async function scanRows(
  file: DiskFile,
  { start, separator, row, signal, onBytes }: ScanOptions,
  onRow: (bytes: Uint8Array, place: number, from: number, next: number) => void,
): Promise<void> {
  const pieces = [new Uint8Array(longestRow + pieceBytes), new Uint8Array(longestRow + pieceBytes)]
  const read = (turn: number, position: number): Promise<number> =>
    file.read(pieces[turn & 1]!.subarray(longestRow), position)
  let position = start
  let carried = 0
  let waiting = read(0, position)
  for (let turn = 0; ; turn++) {
    signal?.throwIfAborted()
    const length = await waiting
    const bytes = pieces[turn & 1]!
    const isLast = length < pieceBytes
    const end = longestRow + length
    const base = position - longestRow
    let at = longestRow - carried
    position += length
    if (!isLast) waiting = read(turn + 1, position)
    while (at < end) {
      const next = readRow(bytes, at, end, separator, isLast, row)
      if (next === malformed)
        throw fileInvalid(file, base + at, 'text behind a closing quote, or a quote without an end')
      if (next === incomplete) break
      if (!isEmpty(row)) onRow(bytes, base + at, at, next)
      at = next
    }
    const used = bytes.subarray(longestRow - carried, at)
    if (!isUtf8(used)) throw fileInvalid(file, base + longestRow - carried, 'it is not UTF-8')
    onBytes(length)
    if (isLast) return
    carried = end - at
    if (carried > longestRow) throw fileInvalid(file, base + at, `a row is longer than ${longestRow} bytes`)
    pieces[(turn + 1) & 1]!.set(bytes.subarray(at, end), longestRow - carried)
  }
}

function isEmpty({ count, places, raw }: RowFields): boolean {
  return count === 1 && places[0] === places[1] && raw === undefined
}
