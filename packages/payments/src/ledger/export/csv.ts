import { csvLine } from '@exprsn/core/bytes'
import { decimalText } from '../../money/decimal-text.ts'
import type { JournalLine } from '../entry.ts'

const columns =
  'sequence,entry,line,kind,debit,credit,currency,amount,description,reference,reverses,occurred_at,recorded_at,hash'

/**
 * The journal as CSV (RFC 4180) with a header, a piece of text per line: every line, reservations included.
 *
 * @example
 * ```ts
 * import { migrate, sqliteDatabase } from '@exprsn/core/database'
 * import { createLedger, csvText } from '@exprsn/payments/ledger'
 *
 * await using database = sqliteDatabase({ path: ':memory:' })
 * const ledger = createLedger({ database })
 * await migrate(database, [ledger.migrations])
 * for await (const text of csvText(ledger.journal())) process.stdout.write(text)
 * ```
 */
export async function* csvText(journal: AsyncIterable<JournalLine>): AsyncGenerator<string> {
  yield `${columns}\r\n`
  for await (const line of journal) {
    const { amount, currency } = line
    yield csvLine([
      line.sequence,
      line.entry,
      line.line,
      line.kind,
      line.debit,
      line.credit,
      currency,
      decimalText({ amount, currency }),
      line.description,
      line.reference,
      line.reverses ?? '',
      line.occurredAt.toISOString(),
      line.recordedAt.toISOString(),
      line.hash,
    ])
  }
}
