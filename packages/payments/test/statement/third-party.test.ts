import { randomBelow, type Random } from '@exprsn/core'
import { SeededRandom } from '@exprsn/core/testing'
import { parseCamt053 } from 'camt-parser'
import mt940 from 'mt940js'
import { parseSync } from 'ofx-js'
import { describe, expect, it } from 'vitest'
import { decimalText, money } from '@exprsn/payments/money'
import { writeStatement, type WrittenStatement } from '@exprsn/payments/testing'
import { readStatements, type BankStatement } from '@exprsn/payments/statement'

/** What parsers that other people wrote, and ours, must read alike. */
interface Seen {
  readonly account: string
  readonly currency: string
  readonly opening?: string | undefined
  readonly closing?: string | undefined
  readonly entries: readonly (readonly string[])[]
}

function draw(random: Random): WrittenStatement {
  const movements = Array.from({ length: 1 + randomBelow(random, 6) }, (_, at) => {
    const day = `2026-02-${String(1 + randomBelow(random, 27)).padStart(2, '0')}`
    const amount = money(BigInt(randomBelow(random, 2_000_000) - 1_000_000) || 1n, 'EUR')
    return {
      ...{ bookedOn: day, valueOn: day, amount, bankReference: `B${at}X${randomBelow(random, 99)}` },
      ...{ reference: `E2E${randomBelow(random, 99_999)}`, text: `STRIPE PAYOUT po${at}`, counterparty: 'STRIPE' },
    }
  })
  const opening = money(BigInt(randomBelow(random, 9_999_999)), 'EUR')
  return { id: `S${randomBelow(random, 999)}`, account: 'DE89370400440532013000', opening, movements }
}

async function ours(text: string): Promise<BankStatement> {
  const [statement] = await readStatements(new TextEncoder().encode(text))
  return statement!
}

const signed = (value: string | number, isDebit = false): string =>
  decimalText(money(`${isDebit ? '-' : ''}${Number(value).toFixed(2)}`, 'EUR'))
const list = <Each>(value: Each | readonly Each[]): readonly Each[] => (Array.isArray(value) ? value : [value as Each])

const seenByUs = ({ account, currency, opening, closing, entries }: BankStatement): Seen => ({
  ...{ account, currency, opening: opening && decimalText(opening), closing: closing && decimalText(closing) },
  entries: entries.map((entry) => [
    ...[entry.bookedOn, entry.valueOn, decimalText(entry.amount), entry.bankReference ?? '', entry.references[0] ?? ''],
  ]),
})

const others: Readonly<
  Record<
    string,
    { readonly write: (drawn: WrittenStatement) => string; readonly read: (text: string) => Promise<Seen> }
  >
> = {
  'camt-parser': {
    write: (drawn) => writeStatement('camt', drawn).replaceAll('camt.053.001.02', 'camt.053.001.08'),
    async read(text) {
      const [statement] = (await parseCamt053(text)).statements
      const balance = (wanted: string): string => {
        const found = statement!.balances.find(({ type }) => type === wanted)!
        return signed(found.amount.value, found.creditDebitIndicator === 'DBIT')
      }
      return {
        ...{ account: statement!.account.iban ?? '', currency: statement!.account.currency ?? '' },
        ...{ opening: balance('OPBD'), closing: balance('CLBD') },
        entries: statement!.transactions.map((each) => [
          ...[each.bookingDate, each.valueDate, signed(each.amount.value, each.creditDebitIndicator === 'DBIT')],
          ...[each.accountServicerReference ?? '', each.details![0]!.references!.endToEndId ?? ''],
        ]),
      }
    },
  },
  mt940js: {
    write: (drawn) => writeStatement('mt940', drawn),
    async read(text) {
      const [statement] = new mt940.Parser().parse(text)
      const day = (date: Date): string => date.toISOString().slice(0, 10)
      return {
        ...{ account: statement!.accountIdentification, currency: statement!.currency },
        ...{ opening: signed(statement!.openingBalance), closing: signed(statement!.closingBalance) },
        entries: statement!.transactions.map(({ date, entryDate, amount, bankReference, reference }) => [
          ...[day(entryDate), day(date), signed(amount), bankReference, reference],
        ]),
      }
    },
  },
  ...Object.fromEntries(
    (['ofx-sgml', 'ofx-xml'] as const).map((format) => [
      `ofx-js, ${format}`,
      {
        write: (drawn: WrittenStatement) => writeStatement(format, drawn),
        async read(text: string): Promise<Seen> {
          type Row = Readonly<Record<'DTPOSTED' | 'DTAVAIL' | 'TRNAMT' | 'FITID' | 'REFNUM', string>>
          const { STMTRS: statement } = parseSync(text).OFX.BANKMSGSRSV1.STMTTRNRS as {
            STMTRS: {
              CURDEF: string
              BANKACCTFROM: { ACCTID: string }
              BANKTRANLIST: { STMTTRN: Row | readonly Row[] }
              LEDGERBAL: { BALAMT: string }
            }
          }
          const day = (date: string): string => `${date.slice(0, 4)}-${date.slice(4, 6)}-${date.slice(6, 8)}`
          return {
            ...{ account: statement.BANKACCTFROM.ACCTID, currency: statement.CURDEF, opening: undefined },
            closing: signed(statement.LEDGERBAL.BALAMT),
            entries: list(statement.BANKTRANLIST.STMTTRN).map((row) => [
              ...[day(row.DTPOSTED), day(row.DTAVAIL), signed(row.TRNAMT), row.FITID, row.REFNUM],
            ]),
          }
        },
      },
    ]),
  ),
}

describe.each(Object.keys(others))('%s', (name) => {
  it('reads 50 drawn statements as we do: account, balances, days, amounts and references', async () => {
    const { write, read } = others[name]!
    for (let seed = 1; seed <= 50; seed++) {
      const text = write(draw(new SeededRandom(seed)))
      const found = await read(text)
      expect(found.entries.length).toBeGreaterThan(0)
      expect([seed, seenByUs(await ours(text))]).toEqual([seed, found])
    }
  })
})
