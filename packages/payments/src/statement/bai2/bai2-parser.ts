import type { StatementItem } from '../bank-statement.ts'
import { shortDate } from '../civil-date.ts'
import { currencyExponent, isCurrency } from '../../money/currency.ts'
import { money, type Money } from '../../money/money.ts'
import { StatementBuilder } from '../statement-builder.ts'
import { StatementLines, type TextLine } from '../statement-lines.ts'
import type { StatementParser } from '../statement-parser.ts'

const longestRecord = 262_144

interface Total {
  amount: bigint
  records: number
}

/**
 * Reads BAI2 (Cash Management Balance Reporting Specifications, version 2): every control total is checked. Amounts have no
 * decimal point: they count the minor units of the currency.
 */
export function bai2Parser(encoding = 'utf-8'): StatementParser {
  const lines = new StatementLines('bai2', encoding)
  const builder = new StatementBuilder('bai2')
  let record: { text: string; readonly line: number } | undefined
  let file: Total = { amount: 0n, records: 0 }
  let group: (Total & { day: string; currency: string }) | undefined
  let account: Total | undefined
  let last = 1

  function take({ text, number }: TextLine): void {
    last = number
    const line = text.trimEnd()
    if (line === '') return
    const code = line.slice(0, 2)
    if (!/^(?:01|02|03|16|49|88|98|99),/.test(line)) throw builder.invalid(`line ${number}`, `${code} is no record`)
    // What came before is read first: an end that is counted after it would change its totals.
    if (code !== '88') flush()
    if (account !== undefined) account.records++
    if (group !== undefined) group.records++
    file.records++
    if (code === '88') {
      if (record === undefined) throw builder.invalid(`line ${number}`, 'a continuation of nothing')
      const { text: before } = record
      // A field that is continued has no comma at its end; a record that is continued ends with a slash.
      record.text = `${before.endsWith('/') ? `${before.slice(0, -1)},` : before}${line.slice(3)}`
      if (record.text.length > longestRecord) throw builder.invalid(`line ${number}`, 'a record has no end')
      return
    }
    record = { text: line, line: number }
    if (code === '03') account = { amount: 0n, records: 1 }
    if (code === '02') group = { amount: 0n, records: 1, day: '', currency: 'USD' }
  }

  function flush(): void {
    if (record === undefined) return
    const { text, line } = record
    record = undefined
    const place = `line ${line}`
    const fields = (text.endsWith('/') ? text.slice(0, -1) : text).split(',')
    switch (fields[0]!) {
      case '02':
        return beginGroup(fields, place)
      case '03':
        return beginAccount(fields, place)
      case '16':
        return addEntry(fields, place)
      case '49':
        return endAccount(fields, place)
      case '98':
        return endGroup(fields, place)
      case '99':
        checkTotal(file, fields, 3, place)
        file = { amount: 0n, records: 0 }
    }
  }

  function beginGroup(fields: readonly string[], place: string): void {
    const day = shortDate(fields[4] ?? '')
    if (day === undefined) throw builder.invalid(place, `${(fields[4] ?? '').slice(0, 20)} is no date`)
    const currency = fields[6] === undefined || fields[6] === '' ? 'USD' : fields[6]
    Object.assign(group!, { day, currency })
  }

  function beginAccount(fields: readonly string[], place: string): void {
    if (group === undefined) throw builder.invalid(place, 'an account outside of a group')
    const currency = fields[2] === undefined || fields[2] === '' ? group.currency : fields[2]
    if (!isCurrency(currency)) throw builder.invalid(place, `${currency.slice(0, 10)} is no currency`)
    builder.begin({ id: group.day, account: fields[1] ?? '', currency })
    const head = builder.head(place)
    for (let at = 3; at + 1 < fields.length;) {
      const [type, amount = ''] = [fields[at]!, fields[at + 1]]
      // Type, amount, count of items, type of funds and what belongs to it.
      const next = at + 4 + fundsLength(fields, at + 3)
      if (amount !== '') {
        const value = units(amount, currency, place)
        account!.amount += value.amount
        if (type === '010') head.opening = value
        if (type === '015') head.closing = value
      }
      at = next
    }
  }

  function addEntry(fields: readonly string[], place: string): void {
    const head = builder.head(place)
    const [, type = '', amount = '', ...rest] = fields
    const code = Number(type)
    const isDebit = code >= 400 && code <= 699
    if (!/^\d{3}$/.test(type) || code < 100 || (code > 699 && code < 900))
      throw builder.invalid(place, `${type.slice(0, 10)} is no type of an entry`)
    const value = units(amount, head.currency, place)
    if (value.amount < 0n) throw builder.invalid(place, 'an amount below zero')
    account!.amount += value.amount
    // Types from 900 are the bank's own and may be no money at all.
    if (code >= 900) return
    const funds = fundsLength(rest, 0)
    const valueDay = rest[0] === 'V' ? shortDate(rest[1] ?? '') : group!.day
    if (valueDay === undefined) throw builder.invalid(place, `${rest[1]} is no date`)
    const [bankReference = '', customerReference = '', ...text] = rest.slice(1 + funds)
    builder.entry(
      {
        bookedOn: group!.day,
        valueOn: valueDay,
        amount: isDebit ? { ...value, amount: -value.amount } : value,
        status: 'booked',
        reversal: reversals.has(type),
        bankReference: bankReference === '' ? undefined : bankReference,
        references: customerReference === '' ? [] : [customerReference],
        text: text.join(',').trim(),
        counterparty: undefined,
        original: undefined,
      },
      place,
    )
  }

  function endAccount(fields: readonly string[], place: string): void {
    if (account === undefined || group === undefined) throw builder.invalid(place, 'the end of no account')
    checkTotal(account, fields, 2, place)
    group.amount += account.amount
    account = undefined
    builder.finish(place)
  }

  function endGroup(fields: readonly string[], place: string): void {
    if (group === undefined) throw builder.invalid(place, 'the end of no group')
    checkTotal(group, fields, 3, place)
    file.amount += group.amount
    group = undefined
  }

  function checkTotal(total: Total, fields: readonly string[], recordsAt: number, place: string): void {
    const stated = /^[+-]?\d{1,18}$/.test(fields[1] ?? '') ? BigInt(fields[1]!) : undefined
    if (stated !== total.amount)
      throw builder.invalid(place, `the control total is ${fields[1]}, and the amounts sum to ${total.amount}`)
    if (Number(fields[recordsAt]) !== total.records)
      throw builder.invalid(place, `it counts ${fields[recordsAt]} records, and there are ${total.records}`)
  }

  function units(text: string, currency: string, place: string): Money {
    if (!/^[+-]?\d{1,18}$/.test(text)) throw builder.invalid(place, `${text.slice(0, 40)} is no amount`)
    currencyExponent(currency)
    return money(BigInt(text), currency)
  }

  return {
    push(bytes): StatementItem[] {
      for (const line of lines.push(bytes)) take(line)
      return builder.take()
    },
    end(): StatementItem[] {
      for (const line of lines.end()) take(line)
      flush()
      if (group !== undefined || file.records > 0) throw builder.invalid(`line ${last}`, 'the file has no trailer')
      return builder.end(`line ${last}`)
    },
  }
}

const reversals = new Set(['252', '255', '452', '455', '459'])

/** How many fields the distribution of funds takes behind its type, which stands at `at`. */
function fundsLength(fields: readonly string[], at: number): number {
  const type = fields[at]
  if (type === 'V') return 2
  if (type === 'S') return 3
  if (type === 'D') return 1 + 2 * (Number(fields[at + 1]) || 0)
  return 0
}
