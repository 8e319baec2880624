import type { StatementItem } from '../bank-statement.ts'
import type { BankEntryDraft } from '../bank-entry.ts'
import { shortDate } from '../civil-date.ts'
import { StatementBuilder } from '../statement-builder.ts'
import { StatementLines, type TextLine } from '../statement-lines.ts'
import type { StatementParser } from '../statement-parser.ts'
import { readPurpose } from './purpose.ts'

const tagStart = /^:(\d{2}[A-Z]?):/
// SWIFT User Handbook, MT 940, field 61: value date, entry date, mark, funds code, amount, type, references.
const entryPattern =
  /^(\d{6})(\d{4})?(R?[CD])([A-Z])?(\d{1,15}),(\d{0,4})([NFS][A-Z0-9]{3})([^/\n]{0,34}(?:\/(?!\/)[^/\n]*)*)(?:\/\/([^\n]{0,34}))?(?:\n([\s\S]*))?$/
const balancePattern = /^([CD])(\d{6})([A-Z]{3})(\d{1,15}),(\d{0,4})$/
const startOfHeader = '\u0001'
const longestField = 65_536

/** Reads SWIFT MT940 as banks send it, with or without the blocks of a SWIFT message around it. */
export function mt940Parser(encoding = 'utf-8'): StatementParser {
  const lines = new StatementLines('mt940', encoding)
  const builder = new StatementBuilder('mt940')
  let field: { readonly tag: string; text: string; readonly line: number } | undefined
  let pending: BankEntryDraft | undefined
  let pendingPlace = ''
  let last = 1

  function take({ text, number }: TextLine): void {
    last = number
    // The envelope of a message: {1:…}{2:…}{4: before it and -} behind it.
    const line = text.replace(/^\{[^]*?\{4:/, '').replace(startOfHeader, '')
    const tag = tagStart.exec(line)
    if (tag !== null) {
      flush()
      field = { tag: tag[1]!, text: line.slice(tag[0].length), line: number }
    } else if (line === '-' || line.startsWith('-}') || line === '\u0003') flush()
    else if (field !== undefined) {
      field.text += `\n${line}`
      if (field.text.length > longestField) throw builder.invalid(`line ${number}`, 'a field has no end')
    } else if (line.trim() !== '' && !line.startsWith('{'))
      throw builder.invalid(`line ${number}`, 'there is text outside of a field')
  }

  function flush(): void {
    if (field === undefined) return
    const { tag, text, line } = field
    field = undefined
    const place = `line ${line}`
    const value = text.trimEnd()
    if (tag !== '86') release()
    switch (tag) {
      case '20':
        if (builder.isOpen) throw builder.invalid(place, 'the statement before it has no closing balance')
        builder.begin({ id: value, account: '', currency: '' })
        break
      case '25':
      case '25P':
        builder.head(place).account = value.split('\n')[0]!.replaceAll(' ', '')
        break
      case '28':
      case '28C':
        builder.head(place).number = value
        break
      case '60F':
      case '60M': {
        const head = builder.head(place)
        head.opening = balance(value, place)
        head.currency = head.opening.currency
        break
      }
      case '61':
        pending = entry(value, place)
        pendingPlace = place
        break
      case '86':
        if (pending !== undefined) pending = { ...pending, ...readPurpose(value) }
        break
      case '62F':
      case '62M':
        builder.head(place).closing = balance(value, place)
        builder.finish(place)
        break
      // What stands behind the closing balance (64, 65) and what says nothing of money is passed over.
    }
  }

  function release(): void {
    if (pending === undefined) return
    builder.entry(pending, pendingPlace)
    pending = undefined
  }

  function balance(value: string, place: string) {
    const parts = balancePattern.exec(value)
    if (parts === null) throw builder.invalid(place, `${value.slice(0, 40)} is no balance`)
    const [, mark, day, currency, whole, fraction] = parts
    if (shortDate(day!) === undefined) throw builder.invalid(place, `${day} is no date`)
    return builder.money(decimal(whole!, fraction!), currency!, mark === 'D', place)
  }

  function entry(value: string, place: string): BankEntryDraft {
    const head = builder.head(place)
    const parts = entryPattern.exec(value)
    if (parts === null) throw builder.invalid(place, `${value.slice(0, 40)} is no entry`)
    const [, valueDay, entryDay, mark, , whole, fraction, , owner = '', bank, more = ''] = parts
    const valueOn = shortDate(valueDay!)
    if (valueOn === undefined) throw builder.invalid(place, `${valueDay} is no date`)
    const bookedOn = entryDay === undefined ? valueOn : nearestDay(valueOn, entryDay)
    if (bookedOn === undefined) throw builder.invalid(place, `${entryDay} is no day`)
    if (head.currency === '') throw builder.invalid(place, 'an entry before the opening balance')
    const ownerReference = owner.trim()
    return {
      bookedOn,
      valueOn,
      // A reversed credit takes away, a reversed debit brings back.
      amount: builder.money(decimal(whole!, fraction!), head.currency, mark === 'D' || mark === 'RC', place),
      status: 'booked',
      reversal: mark!.startsWith('R'),
      bankReference: bank?.trim() === '' ? undefined : bank?.trim(),
      references: ownerReference === '' || ownerReference === 'NONREF' ? [] : [ownerReference],
      text: more.replaceAll('\n', ' ').trim(),
      counterparty: undefined,
      original: undefined,
    }
  }

  return {
    push(bytes): StatementItem[] {
      for (const line of lines.push(bytes)) take(line)
      return builder.take()
    },
    end(): StatementItem[] {
      for (const line of lines.end()) take(line)
      flush()
      release()
      return builder.end(`line ${last}`)
    },
  }
}

/** `12,` is 12, and `12,5` is 12.50: trailing zeros may be left out; what is too exact is refused later. */
function decimal(whole: string, fraction: string): string {
  return fraction === '' ? whole : `${whole}.${fraction}`
}

/** The day of the booking has no year: it is the one nearest to the value date. */
function nearestDay(valueOn: string, monthDay: string): string | undefined {
  const year = Number(valueOn.slice(0, 4))
  const candidates = [year, year - 1, year + 1].flatMap((each) => {
    const day = shortDateOf(each, monthDay)
    return day === undefined ? [] : [day]
  })
  const distance = (day: string): number => Math.abs(Date.parse(day) - Date.parse(valueOn))
  return candidates.toSorted((left, right) => distance(left) - distance(right))[0]
}

function shortDateOf(year: number, monthDay: string): string | undefined {
  return shortDate(`${String(year % 100).padStart(2, '0')}${monthDay}`)
}
