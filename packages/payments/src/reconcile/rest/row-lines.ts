import { createHash, type Hash } from 'node:crypto'
import { currencyCode } from '../files/currencies.ts'
import { LinesKernel } from './lines-kernel.ts'
import { spanAt, spanWidth, type RestRows } from './rest-rows.ts'
import type { RestTable } from './rest-table.ts'

const portion = 65_536
const [colon, semicolon] = [58, 59]
/** What is said of charges and refunds of a side. */
const [ourMarks, gatewayMarks] = ['ours', 'gateway'].map((side) =>
  ['charge', 'refund'].map((kind) => `${side.length}:${side}${kind.length}:${kind}`),
) as [[string, string], [string, string]]

/** A line between two rows. */
export interface ExtraLine {
  /** The row before which it stands. */
  readonly before: number
  readonly line: string
}

/** The rows of a table, as plain data, and lines among them. */
export interface RowLines {
  readonly table: RestTable
  readonly gateway: string
  /** In order. */
  readonly extra: readonly ExtraLine[]
}

/** As `digest` of `itemLine` of each row, with other lines among them: SHA-256, written from the bytes of the rows. */
export function digestRows({ table, gateway, extra }: RowLines, module?: string): string {
  const hash = createHash('sha256')
  const kernel = LinesKernel.create(table, gateway, hash, module)
  const writer = new LineWriter(table, gateway, hash)
  const writePlain = (row: number): void => {
    writer.write(row)
    writer.flush()
  }
  const write = (from: number, to: number): void => {
    if (kernel === undefined) for (let row = from; row < to; row++) writer.write(row)
    else kernel.items(from, to, writePlain)
    writer.flush()
    kernel?.flush()
  }
  let row = 0
  for (const { before, line } of extra) {
    write(row, before)
    hash.update(`${line}\n`)
    row = before
  }
  write(row, table.count)
  return hash.digest('hex')
}

/** Few and small functions, each called from few places: to compile the larger ones took as long as to write the lines. */
class LineWriter {
  readonly #table: RowLines['table']
  readonly #hash: Hash
  readonly #end: string
  #buffer = Buffer.allocUnsafe(2 * portion)
  #used = 0

  constructor(table: RowLines['table'], gateway: string, hash: Hash) {
    this.#table = table
    this.#hash = hash
    this.#end = `1;${gateway.length}:${gateway}---\n`
  }

  write(row: number): void {
    const { isOurs, amounts, currencies, days, spans, tokens } = this.#table
    this.#reserve(200 + this.#end.length + rowLength(this.#table, row))
    const place = spanWidth * row
    const amount = amounts[row]!
    this.#part(spans[place + spanAt.id]!, spans[place + spanAt.id + 1]!)
    const marks = (isOurs[row] === 1 ? ourMarks : gatewayMarks)[amount < 0 ? 1 : 0]
    this.#text(`${marks}${amount} ${currencyCode(currencies[row]!)} 0 ${days[row]!} 0 `)
    for (let at = place + spanAt.key; at <= place + spanAt.group; at += 2) {
      const isThere = spans[at]! < spans[at + 1]!
      this.#number(isThere ? 1 : 0, semicolon)
      if (isThere) this.#part(spans[at]!, spans[at + 1]!)
    }
    const [first, last] = [spans[place + spanAt.tokens]!, spans[place + spanAt.tokens + 1]!]
    this.#number(last - first, semicolon)
    for (let at = first; at < last; at++) this.#part(tokens[2 * at]!, tokens[2 * at + 1]!)
    this.#text(this.#end)
  }

  flush(): void {
    this.#hash.update(this.#buffer.subarray(0, this.#used))
    this.#used = 0
  }

  #reserve(length: number): void {
    if (this.#used > portion || this.#used + length > this.#buffer.length) this.flush()
    if (length > this.#buffer.length) this.#buffer = Buffer.allocUnsafe(2 * length)
  }

  #part(from: number, to: number): void {
    const { bytes } = this.#table
    this.#number(lengthOf(bytes, from, to), colon)
    const buffer = this.#buffer
    let used = this.#used
    for (let at = from; at < to; at++) buffer[used++] = bytes[at]!
    this.#used = used
  }

  #text(text: string): void {
    const buffer = this.#buffer
    let used = this.#used
    for (let at = 0; at < text.length; at++) buffer[used++] = text.charCodeAt(at)
    this.#used = used
  }

  /** A whole number from 0 on, and a byte behind it. */
  #number(value: number, behind: number): void {
    const buffer = this.#buffer
    let unit = 1
    while (unit * 10 <= value) unit *= 10
    for (; unit >= 1; unit /= 10) buffer[this.#used++] = 48 + (Math.floor(value / unit) % 10)
    buffer[this.#used++] = behind
  }
}

/** Most bytes that the texts of a row take, each with its length before it. */
function rowLength({ spans, tokens }: RestRows, row: number): number {
  const place = spanWidth * row
  let length = 0
  for (let at = place; at < place + spanAt.tokens; at += 2) length += spans[at + 1]! - spans[at]! + 8
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
