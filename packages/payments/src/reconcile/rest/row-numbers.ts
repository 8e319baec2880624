import { spanAt, spanWidth } from './rest-rows.ts'
import type { JoinedRows } from './rest-table.ts'
import type { TableKernel } from './table-kernel.ts'
import { TextNumbers } from './text-numbers.ts'

/** Names and references of rows by number, the same for the same text. Plain data that threads hand on. */
export interface RowNumbers {
  /** Of each row; -1 where it has none. Charges and refunds may share a name and have different numbers. */
  readonly keys: Int32Array
  readonly groups: Int32Array
  /** Of each reference in `RestRows.tokens`. */
  readonly references: Int32Array
  /** Where the text of each number begins and ends in `RestRows.bytes`. */
  readonly starts: Uint32Array
  readonly ends: Uint32Array
}

/** Numbers the texts of all rows, in the columns that the rows have for it; gives how many numbers there are. */
export function numberRows(rows: JoinedRows, kernel?: TableKernel): number {
  return kernel === undefined ? plainNumbers(rows) : kernel.number(rows)
}

function plainNumbers({ count, amounts, spans, tokens, bytes, work }: JoinedRows): number {
  const { keys, groups, references } = work
  const texts = new TextNumbers(bytes, 2 * count)
  const number = (row: number, at: number): number => {
    const place = spanWidth * row + at
    const [start, end] = [spans[place]!, spans[place + 1]!]
    return start === end ? -1 : texts.numberOf(start, end, amounts[row]! < 0 ? 1 : 0)
  }
  for (let row = 0; row < count; row++) {
    keys[row] = number(row, spanAt.key)
    groups[row] = number(row, spanAt.group)
  }
  for (let at = 0; at < references.length; at++) references[at] = texts.numberOf(tokens[2 * at]!, tokens[2 * at + 1]!)
  const { starts, ends } = texts.places()
  work.starts.set(starts)
  work.ends.set(ends)
  return starts.length
}

/** So many numbers of rows that were put into another order. */
export function numbersInOrder(
  { work }: JoinedRows,
  found: number,
  order: Uint32Array,
  kernel?: TableKernel,
): RowNumbers {
  const { references } = work
  const [keys, groups] = [work.keysInOrder.subarray(0, order.length), work.groupsInOrder.subarray(0, order.length)]
  if (kernel === undefined)
    for (let at = 0; at < order.length; at++) {
      keys[at] = work.keys[order[at]!]!
      groups[at] = work.groups[order[at]!]!
    }
  else {
    kernel.pick(work.keys, order, keys)
    kernel.pick(work.groups, order, groups)
  }
  return { keys, groups, references, starts: work.starts.subarray(0, found), ends: work.ends.subarray(0, found) }
}
