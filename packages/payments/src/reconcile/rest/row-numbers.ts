import { spanAt, spanWidth, type RestRows } from './rest-rows.ts'
import { TextNumbers } from './text-numbers.ts'

/** Names and references of rows by number, the same for the same text. Plain data that threads hand on. */
export interface RowNumbers {
  /** Of each row; -1 where it has none. Charges and refunds may share a name and have different numbers. */
  readonly keys: Int32Array
  readonly groups: Int32Array
  /** Of each reference in {@link RestRows.tokens}. */
  readonly references: Int32Array
  /** Where the text of each number begins and ends in {@link RestRows.bytes}. */
  readonly starts: Uint32Array
  readonly ends: Uint32Array
}

/** Numbers the texts of all rows. */
export function numberRows({ count, amounts, spans, tokens, bytes }: RestRows): RowNumbers {
  const texts = new TextNumbers(bytes, 2 * count)
  const [keys, groups] = [new Int32Array(count), new Int32Array(count)]
  const references = new Int32Array(tokens.length / 2)
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
  return { keys, groups, references, ...texts.places() }
}

/** The numbers of rows that were put into another order. */
export function numbersInOrder({ keys, groups, ...numbers }: RowNumbers, order: Uint32Array): RowNumbers {
  const [keysThere, groupsThere] = [new Int32Array(order.length), new Int32Array(order.length)]
  for (let at = 0; at < order.length; at++) {
    keysThere[at] = keys[order[at]!]!
    groupsThere[at] = groups[order[at]!]!
  }
  return { keys: keysThere, groups: groupsThere, ...numbers }
}
