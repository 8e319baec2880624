import { viewOf } from '../files/byte-view.ts'
import type { Currencies } from '../files/currencies.ts'
import { fileInvalid } from '../files/file-invalid.ts'
import { fieldsOf, movementReader, type Movement, type OpenMovements } from '../files/open-movements.ts'
import { readRow } from '../files/read-row.ts'
import { readAhead } from '../files/read-ahead.ts'
import { pieceBytes, scanPieces } from '../files/scan-rows.ts'
import { collectTokens } from './collect-tokens.ts'
import type { RestKernel, TakeRows } from './rest-kernel.ts'
import { RowColumns, spanAt, spanWidth, type RestRows } from './rest-rows.ts'

/** How {@link readRest} works. */
export interface RestOptions {
  /** Begins the identifiers of the rows: `ours:`. */
  readonly side: string
  readonly currencies: Currencies
  /** Reads most rows; the plain way, with the same result, where there is none. */
  readonly kernel: RestKernel | undefined
}

/** Reads the rows at some places, which ascend, in pieces, the next one meanwhile. */
export async function readRest(
  source: OpenMovements,
  places: Float64Array,
  { side, currencies, kernel }: RestOptions,
): Promise<RestRows> {
  const { file } = source
  const columns = new RowColumns(places.length)
  const addRows = rowsAdder(source, currencies, new RowAdder(source, Buffer.from(side), columns))
  const takeRows = kernel?.taker(source, Buffer.from(side), currencies, columns)
  const pieces = kernel?.pieces ?? scanPieces()
  const read = (turn: number, at: number) =>
    at < places.length ? readAhead(file.read(pieces[turn & 1]!, places[at]!)) : 0
  let waiting = read(0, 0)
  for (let at = 0, turn = 0, next = 0; at < places.length; at = next, turn++) {
    const first = places[at]!
    while (next < places.length && places[next]! - first <= pieceBytes) next++
    const end = await waiting
    waiting = read(turn + 1, next)
    addRows(pieces[turn & 1]!.subarray(0, end), places.subarray(at, next), takeRows)
  }
  return columns.rows()
}

/** Adds the rows of a piece that begins with the first of them. */
function rowsAdder(source: OpenMovements, currencies: Currencies, adder: RowAdder) {
  const { file, separator } = source
  const row = fieldsOf(source)
  const read = movementReader(source, currencies)
  return (bytes: Uint8Array, places: Float64Array, takeRows: TakeRows | undefined): void => {
    const view = viewOf(bytes)
    const first = places[0]!
    for (let at = 0; at < places.length; at++) {
      if (takeRows !== undefined) at += takeRows(bytes.subarray(places[at]! - first), places.subarray(at))
      if (at === places.length) break
      const place = places[at]!
      const next = readRow(view, place - first, bytes.length, separator, true, row)
      if (next < 0) throw fileInvalid(file, place, 'the row has changed since it was read')
      adder.add(bytes, row.places, read(view, row, place))
    }
  }
}

/** Adds rows to columns; `places` is where their fields begin and end. */
class RowAdder {
  readonly #fields: OpenMovements['fields']
  /** Those in which references may stand. */
  readonly #texts: readonly number[]
  readonly #side: Uint8Array
  readonly #columns: RowColumns

  constructor({ fields }: OpenMovements, side: Uint8Array, columns: RowColumns) {
    this.#fields = fields
    this.#texts = [fields.key, fields.group, fields.text].filter((field) => field >= 0)
    this.#side = side
    this.#columns = columns
  }

  add(bytes: Uint8Array, places: Int32Array, { amount, currency, day }: Movement): void {
    const { id, key, group } = this.#fields
    const columns = this.#columns
    columns.reserve(this.#side.length + lengthOf(places, id) + lengthOf(places, key) + lengthOf(places, group), 0)
    const { count, spans, tokenCount: first } = columns
    const to = spanWidth * count
    const start = columns.append(this.#side, 0, this.#side.length)
    this.#append(bytes, places, id)
    this.#put(to + spanAt.id, start)
    if (group === id) this.#put(to + spanAt.group, start + this.#side.length)
    this.#put(to + spanAt.key, this.#append(bytes, places, key))
    if (group !== id) this.#put(to + spanAt.group, this.#append(bytes, places, group))
    for (let at = 0; at < this.#texts.length; at++) {
      const field = this.#texts[at]!
      collectTokens(columns, bytes, places[field]!, places[field + 1]!, first)
    }
    spans[to + spanAt.tokens] = first
    spans[to + spanAt.tokens + 1] = columns.tokenCount
    columns.amounts[count] = amount
    columns.currencies[count] = currency
    columns.days[count] = day
    columns.count++
  }

  /** Gives where the text begins in the columns. */
  #append(bytes: Uint8Array, places: Int32Array, field: number): number {
    return field < 0 ? this.#columns.used : this.#columns.append(bytes, places[field]!, places[field + 1]!)
  }

  #put(at: number, start: number): void {
    this.#columns.spans[at] = start
    this.#columns.spans[at + 1] = this.#columns.used
  }
}

function lengthOf(places: Int32Array, field: number): number {
  return field < 0 ? 0 : places[field + 1]! - places[field]!
}
