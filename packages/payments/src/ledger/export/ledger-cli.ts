import { decimalText } from '../../money/decimal-text.ts'
import type { JournalLine } from '../entry.ts'
import { isoDate, postedEntries } from './posted-lines.ts'

/**
 * The journal as ledger-cli and hledger read it (Ledger manual, "Journal Format"): one transaction per entry that moved
 * money, with the entry's id as code. `ledger -f file bal` must print the balances of the books.
 *
 * @example
 * ```ts
 * import { migrate, sqliteDatabase } from '@exprsn/core/database'
 * import { createLedger, ledgerCliText } from '@exprsn/payments/ledger'
 *
 * await using database = sqliteDatabase({ path: ':memory:' })
 * const ledger = createLedger({ database })
 * await migrate(database, [ledger.migrations])
 * for await (const text of ledgerCliText(ledger.journal())) process.stdout.write(text)
 * ```
 */
export async function* ledgerCliText(journal: AsyncIterable<JournalLine>): AsyncGenerator<string> {
  for await (const { id, description, occurredAt, lines } of postedEntries(journal)) {
    yield `${isoDate(occurredAt)} * (${id.replaceAll(/[()]/g, '_')}) ${description.replaceAll(/\s*;\s*/g, ', ') || id.replaceAll(/[;()]/g, '_')}\n`
    for (const { debit, credit, amount, currency } of lines) {
      const value = decimalText({ amount, currency })
      yield `    ${debit}  ${currency} ${value}\n    ${credit}  ${currency} -${value}\n`
    }
    yield '\n'
  }
}
