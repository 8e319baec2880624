import { createHash } from 'node:crypto'
import { currencyCode } from '../files/currencies.ts'
import { spanAt, spanWidth, type RestRows } from './rest-rows.ts'
import type { RestTable } from './rest-table.ts'

const portion = 65_536

/** A line between two rows. */
export interface ExtraLine {
  /** The row before which it stands. */
  readonly before: number
  readonly line: string
}

/** The rows of a table, as plain data, and lines among them. */
export interface RowLines {
  readonly table: RestRows & Pick<RestTable, 'isOurs'>
  readonly gateway: string
  /** In order. */
  readonly extra: readonly ExtraLine[]
}

/** As `digest` of `itemLine` of each row, with other lines among them: SHA-256, written from the bytes of the rows. */
export function digestRows({ table, gateway, extra }: RowLines): string {
  const { count, amounts, currencies, days, spans, tokens, bytes } = table
  const hash = createHash('sha256')
  let buffer = Buffer.allocUnsafe(2 * portion)
  let used = 0
  const flush = (): void => {
    hash.update(buffer.subarray(0, used))
    used = 0
  }
  const room = (length: number): void => {
    if (used > 0 && used + length > buffer.length) flush()
    if (length > buffer.length) buffer = Buffer.allocUnsafe(2 * length)
  }
  const write = (text: string): void => {
    for (let at = 0; at < text.length; at++) buffer[used++] = text.charCodeAt(at)
  }
  const copy = (from: number, to: number): void => {
    for (let at = from; at < to; at++) buffer[used++] = bytes[at]!
  }
  /** A whole number from 0 on. */
  const digits = (value: number): void => {
    if (value > 99) {
      write(String(value))
      return
    }
    if (value > 9) buffer[used++] = 48 + Math.floor(value / 10)
    buffer[used++] = 48 + (value % 10)
  }
  const part = (from: number, to: number): void => {
    digits(lengthOf(bytes, from, to))
    buffer[used++] = 58
    copy(from, to)
  }
  const list = (from: number, to: number): void => {
    write(from === to ? '0;' : '1;')
    if (from < to) part(from, to)
  }
  const marks = ['ours', 'gateway'].map((side) =>
    ['charge', 'refund'].map((kind) => `${side.length}:${side}${kind.length}:${kind}`),
  ) as [[string, string], [string, string]]
  const end = `1;${gateway.length}:${gateway}---\n`
  let next = 0
  for (let row = 0; row <= count; row++) {
    for (; extra[next]?.before === row; next++) {
      flush()
      hash.update(`${extra[next]!.line}\n`)
    }
    if (row === count) break
    const place = spanWidth * row
    const [first, last] = [spans[place + spanAt.tokens]!, spans[place + spanAt.tokens + 1]!]
    const amount = amounts[row]!
    const from = (at: number): [number, number] => [spans[place + at]!, spans[place + at + 1]!]
    room(200 + end.length + rowLength(table, row))
    part(...from(spanAt.id))
    write(marks[table.isOurs[row] === 1 ? 0 : 1][amount < 0 ? 1 : 0])
    write(String(amount))
    write(' ')
    write(currencyCode(currencies[row]!))
    write(' 0 ')
    digits(days[row]!)
    write(' 0 ')
    list(...from(spanAt.key))
    list(...from(spanAt.group))
    digits(last - first)
    write(';')
    for (let at = first; at < last; at++) part(tokens[2 * at]!, tokens[2 * at + 1]!)
    write(end)
    if (used > portion) flush()
  }
  flush()
  return hash.digest('hex')
}

/** Most bytes that the texts of a row take, each with its length before it. */
function rowLength({ spans, tokens }: RestRows, row: number): number {
  const place = spanWidth * row
  let length = 0
  for (const at of [spanAt.id, spanAt.key, spanAt.group]) length += spans[place + at + 1]! - spans[place + at]! + 8
  for (let at = spans[place + spanAt.tokens]!; at < spans[place + spanAt.tokens + 1]!; at++)
    length += tokens[2 * at + 1]! - tokens[2 * at]! + 8
  return length
}

/** Letters as a string counts them, in UTF-16. */
function lengthOf(bytes: Uint8Array, start: number, end: number): number {
  let letters = end - start
  for (let at = start; at < end; at++) {
    const byte = bytes[at]!
    if (byte > 127) letters += byte < 192 ? -1 : byte < 240 ? 0 : 1
  }
  return letters
}
