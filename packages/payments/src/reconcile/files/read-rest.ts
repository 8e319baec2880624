import type { Item } from '../items/item.ts'
import { fileInvalid } from './file-invalid.ts'
import { currencyCode, type Currencies } from './currencies.ts'
import { fieldsOf, movementReader, type OpenMovements } from './open-movements.ts'
import { itemOfRow } from './item-of-row.ts'
import { readRow, type RowFields } from './read-row.ts'
import type { Role } from './movements-file.ts'

const pieceBytes = 1_048_576
const longestRow = 65_536

/** Whose rows they are. */
export interface RestSide {
  readonly side: 'ours' | 'gateway'
  readonly gateway: string
  readonly currencies: Currencies
}

/** Reads the rows at some places, which ascend, as items. */
export async function readRest(source: OpenMovements, places: Float64Array, side: RestSide): Promise<Item[]> {
  const { file, separator, size } = source
  const row = fieldsOf(source)
  const read = movementReader(source, side.currencies)
  const bytes = Buffer.allocUnsafe(pieceBytes)
  let [begin, end] = [0, 0]
  const items: Item[] = []
  const gateways = [side.gateway]
  for (const place of places) {
    if (place < begin || (place + longestRow > end && end < size)) {
      begin = place
      end = begin + (await file.read(bytes, begin))
    }
    const next = readRow(bytes, place - begin, end - begin, separator, true, row)
    if (next < 0) throw fileInvalid(file, place, 'the row has changed since it was read')
    const { amount, currency, day } = read(bytes, row, place)
    const text = textReader(bytes, place - begin, next, row)
    items.push(itemOf(text, row, source, side, { amount, currency: currencyCode(currency), day, gateways }))
  }
  return items
}

type TextReader = (start: number, end: number) => string

/** Texts of a row, each of its own: what is cut out of one text for all keeps that text alive. */
function textReader(bytes: Buffer, from: number, next: number, { raw }: RowFields): TextReader {
  const encoding = raw === undefined && isAscii(bytes, from, next) ? 'latin1' : 'utf8'
  return (start, end) => bytes.toString(encoding, start, end)
}

function isAscii(bytes: Uint8Array, from: number, next: number): boolean {
  for (let at = from; at < next; at++) if (bytes[at]! > 127) return false
  return true
}

/** A row as matching sees it. */
function itemOf(
  read: TextReader,
  { places }: RowFields,
  { fields }: OpenMovements,
  { side, gateway }: RestSide,
  found: { amount: number; currency: string; day: number; gateways: readonly string[] },
): Item {
  const textOf = (role: Role): string =>
    fields[role] < 0 ? '' : read(places[fields[role]]!, places[fields[role] + 1]!)
  const { amount, currency, day, gateways } = found
  const id = textOf('id')
  const group = fields.group === fields.id ? id : textOf('group')
  const texts = { id, key: textOf('key'), group, text: textOf('text') }
  return itemOfRow(texts, { amount: BigInt(amount), currency }, day, { side, gateway, gateways })
}
