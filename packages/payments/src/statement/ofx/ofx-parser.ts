import type { StatementItem } from '../bank-statement.ts'
import { isoDate } from '../civil-date.ts'
import { StatementBuilder } from '../statement-builder.ts'
import type { StatementParser } from '../statement-parser.ts'
import { OfxTokens, type OfxToken } from './ofx-tokens.ts'

const statements = new Set(['STMTRS', 'CCSTMTRS'])
const wanted = new Set(['CURDEF', 'ACCTID', 'BALAMT', 'TRNUID'])

/** Reads OFX 1 (SGML) and 2 (XML): statements of banks and credit cards (OFX Banking Specification 2.3, section 11). */
export function ofxParser(): StatementParser {
  const tokens = new OfxTokens()
  const builder = new StatementBuilder('ofx')
  const path: string[] = []
  let fields: Map<string, string> | undefined
  let closing: string | undefined
  let unit = ''

  function take(token: OfxToken): void {
    const place = `character ${token.offset}`
    if (token.kind === 'close') return close(token.name, place)
    const { name, value } = token
    if (value === '') {
      path.push(name)
      if (path.length > 64) throw builder.invalid(place, 'elements are nested too deeply')
      if (statements.has(name)) {
        builder.begin({ id: unit, account: '', currency: '' })
        closing = undefined
      }
      if (name === 'STMTTRN') fields = new Map()
      return
    }
    if (fields !== undefined && !fields.has(name)) fields.set(name, value)
    else if (wanted.has(name)) setHead(name, value)
  }

  function setHead(name: string, value: string): void {
    if (name === 'TRNUID') unit = value
    if (!builder.isOpen) return
    const head = builder.head(name)
    if (name === 'CURDEF') head.currency = value
    else if (name === 'ACCTID' && head.account === '') head.account = value.replaceAll(' ', '')
    else if (name === 'BALAMT' && path.at(-1) === 'LEDGERBAL') closing = value
  }

  function close(name: string, place: string): void {
    const index = path.lastIndexOf(name)
    // SGML leaves out the ends of elements with a value, and some banks write them: those are in no path.
    if (index < 0) return
    path.length = index
    if (name === 'STMTTRN') addEntry(place)
    else if (statements.has(name)) {
      const head = builder.head(place)
      if (closing !== undefined) head.closing = amount(closing, head.currency, place)
      builder.finish(place)
    } else if (builder.isOpen && index === 0) throw builder.invalid(place, 'a statement has no end')
  }

  function addEntry(place: string): void {
    const read = fields!
    fields = undefined
    const head = builder.head(place)
    const posted = read.get('DTPOSTED') ?? ''
    const bookedOn = isoDate(posted)
    if (bookedOn === undefined) throw builder.invalid(place, `${posted.slice(0, 40)} is no date`)
    const available = read.get('DTAVAIL')
    const valueOn = available === undefined ? bookedOn : isoDate(available)
    if (valueOn === undefined) throw builder.invalid(place, `${available!.slice(0, 40)} is no date`)
    const text = read.get('TRNAMT')
    if (text === undefined) throw builder.invalid(place, 'an entry without an amount')
    const references = ['REFNUM', 'CHECKNUM', 'SRVRTID'].flatMap((key) => read.get(key) ?? [])
    builder.entry(
      {
        bookedOn,
        valueOn,
        amount: amount(text, head.currency, place),
        status: 'booked',
        reversal: read.get('CORRECTACTION') === 'DELETE',
        bankReference: read.get('FITID'),
        references,
        text: read.get('MEMO') ?? '',
        counterparty: read.get('NAME') ?? read.get('PAYEEID'),
        original: undefined,
      },
      place,
    )
  }

  function amount(text: string, currency: string, place: string) {
    // The specification allows both signs of decimals, and leading and trailing ones.
    const plain = text
      .replace(',', '.')
      .replace(/^([+-]?)\./, '$10.')
      .replace(/\.$/, '')
    const isDebit = plain.startsWith('-')
    return builder.money(plain.replace(/^[+-]/, ''), currency, isDebit, place)
  }

  const takeAll = (read: readonly OfxToken[]): StatementItem[] => {
    for (const token of read) take(token)
    return builder.take()
  }
  return {
    push: (bytes) => takeAll(tokens.push(bytes)),
    end(): StatementItem[] {
      const items = takeAll(tokens.end())
      if (path.length > 0) throw builder.invalid('the end', `the file ends within ${path.at(-1)}`)
      return [...items, ...builder.end('the end')]
    },
  }
}
