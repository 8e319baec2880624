import { canonical } from '../canonical.ts'
import { reconcileErrors } from '../errors.ts'
import { isSameText } from './compare-bytes.ts'
import { spanAt, spanWidth, type RestRows } from './rest-rows.ts'
import { RowsMemory, type WasmMemory } from './rows-memory.ts'
import { bytesFor, columnsIn, rowsWork, type RowsWork } from './rows-work.ts'
import { sortRows } from './sort-rows.ts'
import type { TableKernel } from './table-kernel.ts'

/** Rows of both sides in the order of their identifiers, each once. */
export interface RestTable extends RestRows {
  /** 1 for ours, 0 for the gateway's. */
  readonly isOurs: Uint8Array
  readonly bytes: Buffer
  /** See {@link JoinedRows.memory}. */
  readonly memory: WasmMemory | undefined
  /** See {@link RowsWork.stage}. */
  readonly stage: Uint8Array
}

/** Rows of both sides, one behind the other. */
export interface JoinedRows extends RestRows {
  readonly bytes: Buffer
  /** How many are ours: the first. */
  readonly ofOurs: number
  /** What all columns stand in; undefined where WebAssembly cannot reach them. */
  readonly memory: WasmMemory | undefined
  /** Columns for what is made of the rows. */
  readonly work: RowsWork
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
export function restTable(all: JoinedRows, kernel?: TableKernel): SortedRows {
  const order = sortSides(all, kernel)
  if (kernel?.hasRepeated(all, order) === false) return { table: inOrder(all, order, kernel), order, repeated: [] }
  const repeated: string[] = []
  // Those that are kept move forward in the order.
  let count = 0
  for (let at = 0; at < order.length; at++) {
    const row = order[at]!
    if (count > 0 && isSame(all, spanAt.id, order[count - 1]!, row)) {
      const id = textAt(all, row, spanAt.id)
      if (!isEqual(all, order[count - 1]!, row)) throw reconcileErrors.PAYMENTS_RECONCILE_CONFLICT({ id })
      if (repeated.at(-1) !== id) repeated.push(id)
    } else order[count++] = row
  }
  const kept = order.subarray(0, count)
  return { table: inOrder(all, kept), order: kept, repeated }
}

/** Sorted by side first, which what identifiers begin with decides. */
function sortSides(all: JoinedRows, kernel: TableKernel | undefined): Uint32Array {
  const { ofOurs, work } = all
  const sort = (begin: number, end: number) => kernel?.sort(all, begin, end) ?? sortRows(all, begin, end)
  const [ours, gateway] = [sort(0, ofOurs), sort(ofOurs, all.count)]
  const isOursFirst =
    ours.length === 0 || gateway.length === 0 || textAt(all, ours[0]!, spanAt.id) < textAt(all, gateway[0]!, spanAt.id)
  const second = isOursFirst ? gateway : ours.slice()
  work.order.set(isOursFirst ? ours : gateway)
  work.order.set(second, all.count - second.length)
  return work.order
}

/** One text of a row. */
export function textAt({ spans, bytes }: Pick<RestTable, 'spans' | 'bytes'>, row: number, at: number): string {
  const place = spanWidth * row + at
  return bytes.toString('utf8', spans[place], spans[place + 1])
}

/** A table that another thread handed on: its bytes are no buffer of Node's then. */
export function handedTable(table: RestTable): RestTable {
  const { bytes } = table
  return { ...table, bytes: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length) }
}

/** Puts rows of both sides together; they are empty afterwards. */
export function joinRows(ours: readonly RestRows[], gateway: readonly RestRows[]): JoinedRows {
  const all = [...ours, ...gateway]
  const sum = (lengthOf: (rows: RestRows) => number): number => all.reduce((total, rows) => total + lengthOf(rows), 0)
  const [count, numbers, length] = [
    sum((rows) => rows.count),
    sum(({ tokens }) => tokens.length),
    sum(({ bytes }) => bytes.length),
  ]
  const memory = new RowsMemory(bytesFor(count, numbers / 2) + length, 40)
  const text = memory.column(Uint8Array, length)
  const whole = {
    ...columnsIn(memory, count),
    count,
    tokens: memory.column(Uint32Array, numbers),
    bytes: Buffer.from(text.buffer, text.byteOffset, length),
    ofOurs: ours.reduce((total, rows) => total + rows.count, 0),
    memory: memory.wasm,
    work: rowsWork(memory, count, numbers / 2),
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

function inOrder(all: JoinedRows, order: Uint32Array, kernel?: TableKernel): RestTable {
  const count = order.length
  const { amounts, currencies, days, spans, isOurs, stage } = all.work
  const { tokens, bytes, ofOurs, memory } = all
  const table = {
    ...{ count, amounts: amounts.subarray(0, count), currencies: currencies.subarray(0, count) },
    ...{ days: days.subarray(0, count), spans: spans.subarray(0, spanWidth * count) },
    ...{ isOurs: isOurs.subarray(0, count), tokens, bytes, memory, stage },
  }
  if (kernel !== undefined) {
    kernel.arrange(all, order, table)
    return table
  }
  const { amounts: oldAmounts, currencies: oldCurrencies, days: oldDays, spans: oldSpans } = all
  for (let to = 0; to < count; to++) {
    const row = order[to]!
    amounts[to] = oldAmounts[row]!
    currencies[to] = oldCurrencies[row]!
    days[to] = oldDays[row]!
    isOurs[to] = row < ofOurs ? 1 : 0
    for (let at = 0; at < spanWidth; at++) spans[spanWidth * to + at] = oldSpans[spanWidth * row + at]!
  }
  return table
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
