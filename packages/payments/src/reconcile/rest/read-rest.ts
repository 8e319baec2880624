import { viewOf } from '../files/byte-view.ts'
import type { Currencies } from '../files/currencies.ts'
import { fileInvalid } from '../files/file-invalid.ts'
import { fieldsOf, movementReader, type Movement, type OpenMovements } from '../files/open-movements.ts'
import { readRow } from '../files/read-row.ts'
import { longestRow, pieceBytes } from '../files/scan-rows.ts'
import { collectTokens } from './collect-tokens.ts'
import { RowColumns, spanAt, spanWidth, type RestRows } from './rest-rows.ts'

/** Reads the rows at some places, which ascend. `side` begins their identifiers: `ours:`. */
export async function readRest(
  source: OpenMovements,
  places: Float64Array,
  { side, currencies }: { readonly side: string; readonly currencies: Currencies },
): Promise<RestRows> {
  const { file, separator, size } = source
  const row = fieldsOf(source)
  const read = movementReader(source, currencies)
  const columns = new RowColumns(places.length)
  const add = rowAdder(source, Buffer.from(side), columns)
  const bytes = new Uint8Array(Math.min(longestRow + pieceBytes, size))
  const view = viewOf(bytes)
  let [begin, end] = [0, 0]
  for (const place of places) {
    if (place < begin || (place + longestRow > end && end < size)) {
      begin = place
      end = begin + (await file.read(bytes, begin))
    }
    const next = readRow(view, place - begin, end - begin, separator, true, row)
    if (next < 0) throw fileInvalid(file, place, 'the row has changed since it was read')
    add(bytes, row.places, read(view, row, place))
  }
  return columns.rows()
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
