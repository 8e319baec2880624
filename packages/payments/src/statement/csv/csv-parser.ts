import type { Money } from '../../money/money.ts'
import type { StatementItem } from '../bank-statement.ts'
import { civilDate } from '../civil-date.ts'
import { StatementBuilder } from '../statement-builder.ts'
import { StatementLines } from '../statement-lines.ts'
import type { StatementParser } from '../statement-parser.ts'
import type { CsvProfile } from './csv-profile.ts'
import { CsvRows, type CsvRow } from './csv-rows.ts'

/**
 * Reads a bank's CSV file by a profile. What stands in a field is text and stays text, also when a spreadsheet would take it
 * for a formula.
 */
export function csvParser(profile: CsvProfile): StatementParser {
  const { columns, account, separator = ',', encoding = 'utf-8', skip = 0 } = profile
  const lines = new StatementLines('csv', encoding)
  const rows = new CsvRows(separator)
  const builder = new StatementBuilder('csv')
  let indexes: ReadonlyMap<string, number> | undefined
  let last = 1
  let balance: Money | undefined

  function take({ fields, line }: CsvRow): void {
    last = line + skip
    const place = `line ${last}`
    if (indexes === undefined) indexes = readHeadings(fields, place)
    else addEntry(fields, place)
  }

  function readHeadings(fields: readonly string[], place: string): ReadonlyMap<string, number> {
    const found = new Map(fields.map((name, index) => [name.replace(/^\uFEFF/, '').trim(), index]))
    const names = Object.values(columns)
      .flat()
      .filter((name) => name !== undefined)
    const missing = names.filter((name) => !found.has(name))
    if (missing.length > 0) throw builder.invalid(place, `there is no column ${missing[0]}`)
    builder.begin({ id: '', account, currency: profile.currency ?? '' })
    return found
  }

  function addEntry(fields: readonly string[], place: string): void {
    if (fields.length < indexes!.size) throw builder.invalid(place, `${fields.length} fields of ${indexes!.size}`)
    const field = (name: string | undefined): string => (name === undefined ? '' : fields[indexes!.get(name)!]!.trim())
    const head = builder.head(place)
    const currency = columns.currency === undefined ? head.currency : field(columns.currency)
    const amount = amountOf(field, currency, place)
    const bookedOn = date(field(columns.bookedOn), place)
    const bankReference = field(columns.bankReference)
    const counterparty = field(columns.counterparty)
    builder.entry(
      {
        bookedOn,
        valueOn: columns.valueOn === undefined ? bookedOn : date(field(columns.valueOn), place),
        amount,
        status: 'booked',
        reversal: false,
        bankReference: bankReference === '' ? undefined : bankReference,
        references: (columns.references ?? []).map(field).filter((text) => text !== ''),
        text: [columns.text ?? []].flat().map(field).join(' ').trim(),
        counterparty: counterparty === '' ? undefined : counterparty,
        original: undefined,
      },
      place,
    )
    if (columns.balance !== undefined) follow(decimal(field(columns.balance), currency, place), amount, place)
  }

  /** Each balance is the one before it and the entry; of a file whose newest entry stands first, the other way round. */
  function follow(after: Money, amount: Money, place: string): void {
    const { newestFirst = false } = profile
    const before = { ...after, amount: after.amount - amount.amount }
    const [near, far] = newestFirst ? [after, before] : [before, after]
    if (balance !== undefined && balance.amount !== near.amount)
      throw builder.invalid(
        place,
        `the balance differs by ${near.amount - balance.amount} minor units from the entries`,
      )
    const head = builder.head(place)
    if (newestFirst) {
      head.closing ??= after
      head.opening = before
    } else {
      head.opening ??= before
      head.closing = after
    }
    balance = far
  }

  function amountOf(field: (name: string | undefined) => string, currency: string, place: string): Money {
    if (columns.amount !== undefined) return decimal(field(columns.amount), currency, place)
    const [credit, debit] = [field(columns.credit), field(columns.debit)]
    if ((credit === '') === (debit === '')) throw builder.invalid(place, 'it needs either a credit or a debit')
    if (credit !== '') return decimal(credit, currency, place)
    const value = decimal(debit, currency, place)
    return value.amount > 0n ? { ...value, amount: -value.amount } : value
  }

  function decimal(text: string, currency: string, place: string): Money {
    const { decimal: mark = '.' } = profile
    const parts = (mark === ',' ? commaPattern : pointPattern).exec(text)
    if (parts === null) throw builder.invalid(place, `${text.slice(0, 40)} is no amount`)
    const [, sign, whole, fraction] = parts
    const plain = whole!.replaceAll(/[.,' \u00A0]/g, '')
    return builder.money(fraction === undefined ? plain : `${plain}.${fraction}`, currency, sign === '-', place)
  }

  function date(text: string, place: string): string {
    const parts = datePattern.exec(text)
    const order = profile.date ?? 'ymd'
    const part = (name: string): string => parts?.[order.indexOf(name) + 1] ?? ''
    const year = part('y').length === 2 ? `20${part('y')}` : part('y')
    const day = parts === null ? undefined : civilDate(year, part('m'), part('d'))
    if (day === undefined) throw builder.invalid(place, `${text.slice(0, 40)} is no date`)
    return day
  }

  let skipped = 0
  const takeLines = (read: ReturnType<StatementLines['push']>): StatementItem[] => {
    for (const { text } of read)
      if (skipped < skip) skipped++
      else for (const row of rows.push(`${text}\n`)) take(row)
    return builder.take()
  }
  return {
    push: (bytes) => takeLines(lines.push(bytes)),
    end(): StatementItem[] {
      const items = takeLines(lines.end())
      for (const row of rows.end()) take(row)
      if (builder.isOpen) builder.finish(`line ${last}`)
      return [...items, ...builder.end(`line ${last}`)]
    },
  }
}

const commaPattern = /^([+-]?)(\d{1,3}(?:[. '\u00A0]\d{3})+|\d{1,18})(?:,(\d{1,10}))?$/
const pointPattern = /^([+-]?)(\d{1,3}(?:[, '\u00A0]\d{3})+|\d{1,18})(?:\.(\d{1,10}))?$/
const datePattern = /^(\d{1,4})[./-](\d{1,2})[./-](\d{1,4})(?:$|[ T])/
