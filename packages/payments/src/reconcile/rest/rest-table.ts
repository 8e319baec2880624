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

/** Rows of both sides, one behind the other. */
export interface JoinedRows extends RestRows {
  readonly bytes: Buffer
  /** How many are ours: the first. */
  readonly ofOurs: number
}

/** What came of sorting rows. */
export interface SortedRows {
  readonly table: RestTable
  /** Which row each of the table was before. */
  readonly order: Uint32Array
  /** Identifiers of rows that stood there twice. */
  readonly repeated: readonly string[]
}

/** Sorts rows of both sides. @throws `PAYMENTS_RECONCILE_CONFLICT` */
export function restTable(all: JoinedRows): SortedRows {
  const order = sortSides(all)
  const repeated: string[] = []
  const rows = new Uint32Array(all.count)
  let count = 0
  for (let at = 0; at < order.length; at++) {
    const row = order[at]!
    if (count > 0 && isSame(all, spanAt.id, rows[count - 1]!, row)) {
      const id = textAt(all, row, spanAt.id)
      if (!isEqual(all, rows[count - 1]!, row)) throw reconcileErrors.PAYMENTS_RECONCILE_CONFLICT({ id })
      if (repeated.at(-1) !== id) repeated.push(id)
    } else rows[count++] = row
  }
  const kept = rows.subarray(0, count)
  return { table: inOrder(all, kept), order: kept, repeated }
}

/** Sorted by side first, which what identifiers begin with decides. */
function sortSides(all: JoinedRows): Uint32Array {
  const { ofOurs } = all
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

/** Puts rows of both sides together; they are empty afterwards. */
export function joinRows(ours: readonly RestRows[], gateway: readonly RestRows[]): JoinedRows {
  const all = [...ours, ...gateway]
  const sum = (lengthOf: (rows: RestRows) => number): number => all.reduce((total, rows) => total + lengthOf(rows), 0)
  const count = sum((rows) => rows.count)
  const whole = {
    ...sharedColumns(count),
    tokens: new Uint32Array(shared(4 * sum(({ tokens }) => tokens.length))),
    bytes: Buffer.from(shared(sum(({ bytes }) => bytes.length))),
    ofOurs: ours.reduce((total, rows) => total + rows.count, 0),
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

/** Memory that threads look at where it is. */
function shared(bytes: number): SharedArrayBuffer {
  return new SharedArrayBuffer(bytes)
}

function sharedColumns(count: number) {
  return {
    count,
    amounts: new Float64Array(shared(8 * count)),
    currencies: new Uint16Array(shared(2 * count)),
    days: new Int32Array(shared(4 * count)),
    spans: new Uint32Array(shared(4 * spanWidth * count)),
  }
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

function inOrder(all: JoinedRows, order: Uint32Array): RestTable {
  const count = order.length
  const { amounts, currencies, days, spans } = sharedColumns(count)
  const isOurs = new Uint8Array(shared(count))
  const { amounts: oldAmounts, currencies: oldCurrencies, days: oldDays, spans: oldSpans, tokens, bytes, ofOurs } = all
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
function isEqual(all: JoinedRows, one: number, other: number): boolean {
  const shown = (row: number): string => {
    const { amounts, currencies, days } = all
    const texts = [textAt(all, row, spanAt.key), textAt(all, row, spanAt.group), ...tokensAt(all, row)]
    return canonical([amounts[row], currencies[row], days[row], texts])
  }
  return shown(one) === shown(other)
}

function tokensAt({ spans, tokens, bytes }: JoinedRows, row: number): string[] {
  const [first, end] = [spans[spanWidth * row + spanAt.tokens]!, spans[spanWidth * row + spanAt.tokens + 1]!]
  return Array.from({ length: end - first }, (_, at) =>
    bytes.toString('utf8', tokens[2 * (first + at)], tokens[2 * (first + at) + 1]),
  )
}
