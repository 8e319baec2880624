import { canonical } from '../canonical.ts'
import { reconcileErrors } from '../errors.ts'
import { isSameText } from './compare-bytes.ts'
import { spanAt, spanWidth, type RestRows } from './rest-rows.ts'
import { sortRows } from './sort-rows.ts'

/** Rows of both sides in the order of their identifiers, each once. */
export interface RestTable extends RestRows {
  /** 1 for ours, 0 for the gateway's. */
  readonly isOurs: Uint8Array
  readonly bytes: Buffer
}

/** What came of putting rows together. */
export interface TableAndRepeated {
  readonly table: RestTable
  /** Identifiers of rows that stood there twice. */
  readonly repeated: readonly string[]
}

/** Puts rows of both sides together; they are empty afterwards. @throws `PAYMENTS_RECONCILE_CONFLICT` */
export function restTable(ours: readonly RestRows[], gateway: readonly RestRows[]): TableAndRepeated {
  const all = joined([...ours, ...gateway])
  const ofOurs = ours.reduce((sum, { count }) => sum + count, 0)
  const order = sortSides(all, ofOurs)
  const repeated: string[] = []
  const rows = new Uint32Array(all.count)
  let count = 0
  for (const row of order) {
    if (count > 0 && isSame(all, spanAt.id, rows[count - 1]!, row)) {
      const id = textAt(all, row, spanAt.id)
      if (!isEqual(all, rows[count - 1]!, row)) throw reconcileErrors.PAYMENTS_RECONCILE_CONFLICT({ id })
      if (repeated.at(-1) !== id) repeated.push(id)
    } else rows[count++] = row
  }
  return { table: inOrder(all, rows.subarray(0, count), ofOurs), repeated }
}

/** Sorted by side first, which what identifiers begin with decides. */
function sortSides(all: Joined, ofOurs: number): Uint32Array {
  const [ours, gateway] = [sortRows(all, 0, ofOurs), sortRows(all, ofOurs, all.count)]
  const isOursFirst =
    ours.length === 0 || gateway.length === 0 || textAt(all, ours[0]!, spanAt.id) < textAt(all, gateway[0]!, spanAt.id)
  const order = new Uint32Array(all.count)
  order.set(isOursFirst ? ours : gateway)
  order.set(isOursFirst ? gateway : ours, isOursFirst ? ours.length : gateway.length)
  return order
}

/** One text of a row. */
export function textAt({ spans, bytes }: Pick<RestTable, 'spans' | 'bytes'>, row: number, at: number): string {
  const place = spanWidth * row + at
  return bytes.toString('utf8', spans[place], spans[place + 1])
}

type Joined = Omit<RestTable, 'isOurs'>

function joined(all: readonly RestRows[]): Joined {
  const sum = (lengthOf: (rows: RestRows) => number): number => all.reduce((total, rows) => total + lengthOf(rows), 0)
  const count = sum((rows) => rows.count)
  const whole = {
    ...{ count, amounts: new Float64Array(count), currencies: new Uint16Array(count), days: new Int32Array(count) },
    spans: new Uint32Array(spanWidth * count),
    tokens: new Uint32Array(sum(({ tokens }) => tokens.length)),
    bytes: Buffer.allocUnsafeSlow(sum(({ bytes }) => bytes.length)),
  }
  let [rows, tokens, bytes] = [0, 0, 0]
  for (const each of all) {
    whole.amounts.set(each.amounts, rows)
    whole.currencies.set(each.currencies, rows)
    whole.days.set(each.days, rows)
    whole.bytes.set(each.bytes, bytes)
    moveTokens(each.tokens, whole.tokens, tokens, bytes)
    moveSpans(each.spans, whole.spans, spanWidth * rows, bytes, tokens / 2)
    rows += each.count
    tokens += each.tokens.length
    bytes += each.bytes.length
    free(each)
  }
  return whole
}

/** Gives memory back at once: whoever asked for the report holds the rows until it is there. */
function free({ amounts, currencies, days, spans, tokens, bytes }: RestRows): void {
  for (const { buffer } of [amounts, currencies, days, spans, tokens, bytes]) (buffer as ArrayBuffer).transfer(0)
}

/** Copies places that are `bytes` farther on now. */
function moveTokens(from: Uint32Array, to: Uint32Array, at: number, bytes: number): void {
  for (let next = 0; next < from.length; next++) to[at + next] = from[next]! + bytes
}

function moveSpans(from: Uint32Array, to: Uint32Array, at: number, bytes: number, tokens: number): void {
  for (let next = 0; next < from.length; next++)
    to[at + next] = from[next]! + ((next & (spanWidth - 1)) < spanAt.tokens ? bytes : tokens)
}

function inOrder(all: Joined, order: Uint32Array, ofOurs: number): RestTable {
  const count = order.length
  const [amounts, currencies, days] = [new Float64Array(count), new Uint16Array(count), new Int32Array(count)]
  const [spans, isOurs] = [new Uint32Array(spanWidth * count), new Uint8Array(count)]
  const { amounts: oldAmounts, currencies: oldCurrencies, days: oldDays, spans: oldSpans, tokens, bytes } = all
  for (let to = 0; to < count; to++) {
    const row = order[to]!
    amounts[to] = oldAmounts[row]!
    currencies[to] = oldCurrencies[row]!
    days[to] = oldDays[row]!
    isOurs[to] = row < ofOurs ? 1 : 0
    for (let at = 0; at < spanWidth; at++) spans[spanWidth * to + at] = oldSpans[spanWidth * row + at]!
  }
  return { count, amounts, currencies, days, spans, isOurs, tokens, bytes }
}

function isSame({ spans, bytes }: RestRows, at: number, one: number, other: number): boolean {
  const [from, to] = [spanWidth * one + at, spanWidth * other + at]
  return isSameText(bytes, spans[from]!, spans[from + 1]!, bytes, spans[to]!, spans[to + 1]!)
}

/** Whether two rows with one identifier say the same. */
function isEqual(all: Joined, one: number, other: number): boolean {
  const shown = (row: number): string => {
    const { amounts, currencies, days } = all
    const texts = [textAt(all, row, spanAt.key), textAt(all, row, spanAt.group), ...tokensAt(all, row)]
    return canonical([amounts[row], currencies[row], days[row], texts])
  }
  return shown(one) === shown(other)
}

function tokensAt({ spans, tokens, bytes }: Joined, row: number): string[] {
  const [first, end] = [spans[spanWidth * row + spanAt.tokens]!, spans[spanWidth * row + spanAt.tokens + 1]!]
  return Array.from({ length: end - first }, (_, at) =>
    bytes.toString('utf8', tokens[2 * (first + at)], tokens[2 * (first + at) + 1]),
  )
}
