import type { Disk, DiskFile } from '@exprsn/core/disk'
import { currencyExponent } from '../../money/currency.ts'
import { reconcileErrors } from '../errors.ts'
import { currencyCode, type Currencies } from './currencies.ts'
import { bytesOf, viewOf } from './byte-view.ts'
import { fileInvalid } from './file-invalid.ts'
import { backMark } from './fingerprint.ts'
import { hashName } from './hash-name.ts'
import { roles, type MovementsFile, type Role } from './movements-file.ts'
import { readAmount, readDay } from './read-fields.ts'
import { incomplete, malformed, readRow, rowFields, type RowFields } from './read-row.ts'

/** A file, and how its rows are read. */
export interface OpenMovements {
  readonly file: DiskFile
  /** Where the first row begins. */
  readonly start: number
  readonly size: number
  /** A byte. */
  readonly separator: number
  /** How many fields each row has. */
  readonly width: number
  /** Place of each role's field in {@link RowFields.places}; -1 where there is none. */
  readonly fields: Readonly<Record<Role, number>>
  /** A byte. */
  readonly mark: number
  readonly currency: string | undefined
}

/** What decides about a row by name. */
export interface Movement {
  amount: number
  /** A number of {@link Currencies}. */
  currency: number
  /** Days since 1970. */
  day: number
  hash: number
  /** Where its name begins and ends; equal when it has none. */
  keyStart: number
  keyEnd: number
}

/** Opens a file and reads its headings. @throws `PAYMENTS_RECONCILE_FILE_INVALID` */
export async function openMovements(disk: Disk, options: MovementsFile): Promise<OpenMovements> {
  const { path, columns, currency, separator = ',', decimal = '.' } = options
  if (separator.length !== 1 || separator.charCodeAt(0) > 0x7e || /[\w"\r\n. +-]/.test(separator))
    throw invalidOption('separator', 'is not one character that no field has')
  if (currency !== undefined) currencyExponent(currency)
  else if (columns.currency === undefined) throw invalidOption('currency', 'is neither given nor has a column')
  const file = await disk.open(path, 'read')
  try {
    const { size } = await file.stat()
    const head = new Uint8Array(Math.min(size, 65_536))
    const length = await file.read(head, 0)
    const mark = head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf ? 3 : 0
    const row = rowFields(1_000)
    const next = readRow(viewOf(head), mark, length, separator.charCodeAt(0), length === size, row)
    if (next === incomplete || next === malformed) throw fileInvalid(file, 0, 'there is no line of headings')
    const names = new Map<string, number>()
    for (let at = 0; at < row.count && at < 1_000; at++)
      names.set(textOf(head, row.places[2 * at]!, row.places[2 * at + 1]!).trim(), at)
    const fields = Object.fromEntries(
      roles.map((role) => {
        const name = columns[role]
        const at = name === undefined ? -1 : names.get(name)
        if (at === undefined) throw fileInvalid(file, 0, `there is no column ${name}`)
        return [role, at < 0 ? -1 : 2 * at]
      }),
    ) as Record<Role, number>
    return {
      ...{ file, start: next, size, separator: separator.charCodeAt(0), width: row.count, fields },
      ...{ mark: decimal.charCodeAt(0), currency: columns.currency === undefined ? currency : undefined },
    }
  } catch (error) {
    await file.close()
    throw error
  }
}

/** The fields of a row that are kept: no more than the last that is wanted. */
export function fieldsOf({ fields }: OpenMovements): RowFields {
  return rowFields(Math.max(...Object.values(fields)) / 2 + 1)
}

/** A reader of what decides about a row by name; it fills one object again and again. */
export function movementReader(source: OpenMovements, currencies: Currencies) {
  const { file, fields, mark, width } = source
  const { key, amount: amountField, date, currency: currencyField } = fields
  const fixed = source.currency === undefined ? -1 : currencies.numberOf(source.currency)
  const movement: Movement = { amount: 0, currency: 0, day: 0, hash: 0, keyStart: 0, keyEnd: 0 }
  return (view: DataView, { places, count }: RowFields, place: number): Movement => {
    if (count !== width) throw fileInvalid(file, place, `the row has ${count} fields, not ${width}`)
    const currency =
      fixed >= 0 ? fixed : currencies.read(bytesOf(view), places[currencyField]!, places[currencyField + 1]!)
    const exponent = currencies.exponentOf(currency)
    const amount = readAmount(view, places[amountField]!, places[amountField + 1]!, mark, exponent)
    if (Number.isNaN(amount)) throw refuse(view, places, amountField, place, `amount in ${currencyCode(currency)}`)
    const day = readDay(view, places[date]!, places[date + 1]!)
    if (day < 0) throw refuse(view, places, date, place, 'date')
    movement.amount = amount
    movement.currency = currency
    movement.day = day
    movement.keyStart = places[key]!
    movement.keyEnd = places[key + 1]!
    // Charges and refunds may share a name and are never the same.
    const hash = hashName(view, movement.keyStart, movement.keyEnd)
    movement.hash = amount < 0 ? hash ^ backMark : hash
    return movement
  }

  function refuse(view: DataView, places: Int32Array, field: number, place: number, what: string) {
    const text = textOf(bytesOf(view), places[field]!, places[field + 1]!).slice(0, 40)
    return fileInvalid(file, place, `${JSON.stringify(text)} is no ${what}`)
  }
}

/** The text of some bytes that are known to be UTF-8. */
function textOf(bytes: Uint8Array, start: number, end: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('utf8')
}

function invalidOption(field: string, reason: string) {
  return reconcileErrors.PAYMENTS_RECONCILE_INPUT_INVALID({ id: 'of a file', field, reason })
}
