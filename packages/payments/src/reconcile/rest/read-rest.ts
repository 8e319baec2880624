import { viewOf } from '../files/byte-view.ts'
import type { Currencies } from '../files/currencies.ts'
import { fileInvalid } from '../files/file-invalid.ts'
import { fieldsOf, movementReader, type Movement, type OpenMovements } from '../files/open-movements.ts'
import { readRow } from '../files/read-row.ts'
import { readAhead } from '../files/read-ahead.ts'
import { longestRow, pieceBytes } from '../files/scan-rows.ts'
import { collectTokens } from './collect-tokens.ts'
import { RowColumns, spanAt, spanWidth, type RestRows } from './rest-rows.ts'

/** Reads the rows at some places, which ascend, in pieces, the next one meanwhile. `side` begins their identifiers: `ours:`. */
export async function readRest(
  source: OpenMovements,
  places: Float64Array,
  { side, currencies }: { readonly side: string; readonly currencies: Currencies },
): Promise<RestRows> {
  const { file, size } = source
  const columns = new RowColumns(places.length)
  const addRows = rowsAdder(source, currencies, rowAdder(source, Buffer.from(side), columns))
  const length = Math.min(pieceBytes + longestRow, size)
  const pieces = [new Uint8Array(length), new Uint8Array(length)]
  const read = (turn: number, at: number) =>
    at < places.length ? readAhead(file.read(pieces[turn & 1]!, places[at]!)) : 0
  let waiting = read(0, 0)
  for (let at = 0, turn = 0, next = 0; at < places.length; at = next, turn++) {
    const first = places[at]!
    while (next < places.length && places[next]! - first <= pieceBytes) next++
    const end = await waiting
    waiting = read(turn + 1, next)
    addRows(pieces[turn & 1]!.subarray(0, end), places.subarray(at, next))
  }
  return columns.rows()
}

/** Adds the rows of a piece that begins with the first of them. */
function rowsAdder(source: OpenMovements, currencies: Currencies, add: ReturnType<typeof rowAdder>) {
  const { file, separator } = source
  const row = fieldsOf(source)
  const read = movementReader(source, currencies)
  return (bytes: Uint8Array, places: Float64Array): void => {
    const view = viewOf(bytes)
    for (let at = 0; at < places.length; at++) {
      const place = places[at]!
      const next = readRow(view, place - places[0]!, bytes.length, separator, true, row)
      if (next < 0) throw fileInvalid(file, place, 'the row has changed since it was read')
      add(bytes, row.places, read(view, row, place))
    }
  }
}

/** Adds a row to columns; `places` is where its fields begin and end. */
function rowAdder({ fields }: OpenMovements, side: Uint8Array, columns: RowColumns) {
  const { id, key, group, text } = fields
  return (bytes: Uint8Array, places: Int32Array, { amount, currency, day }: Movement): void => {
    const append = (field: number): number =>
      field < 0 ? columns.used : columns.append(bytes, places[field]!, places[field + 1]!)
    const lengthOf = (field: number): number => (field < 0 ? 0 : places[field + 1]! - places[field]!)
    columns.reserve(side.length + lengthOf(id) + lengthOf(key) + lengthOf(group), 0)
    const { count, spans, tokenCount: first } = columns
    const to = spanWidth * count
    const put = (at: number, start: number): void => {
      spans[to + at] = start
      spans[to + at + 1] = columns.used
    }
    const start = columns.append(side, 0, side.length)
    append(id)
    put(spanAt.id, start)
    if (group === id) put(spanAt.group, start + side.length)
    put(spanAt.key, append(key))
    if (group !== id) put(spanAt.group, append(group))
    for (const field of [key, group, text])
      if (field >= 0) collectTokens(columns, bytes, places[field]!, places[field + 1]!, first)
    spans[to + spanAt.tokens] = first
    spans[to + spanAt.tokens + 1] = columns.tokenCount
    columns.amounts[count] = amount
    columns.currencies[count] = currency
    columns.days[count] = day
    columns.count++
  }
}
