import { decimalText } from '../../money/decimal-text.ts'
import type { AccountBalance, AccountKind } from '../account.ts'
import type { JournalLine } from '../entry.ts'
import { isoDate, postedEntries } from './posted-lines.ts'

const roots: Readonly<Record<AccountKind, string>> = {
  asset: 'Assets',
  liability: 'Liabilities',
  equity: 'Equity',
  income: 'Income',
  expense: 'Expenses',
}

/**
 * The books as a beancount file (beancount language, v2 and v3): one `open` per account, one transaction per entry that
 * moved money, and a `balance` assertion per account on the day after the last entry, which `bean-check` proves.
 *
 * @example
 * ```ts
 * import { migrate, sqliteDatabase } from '@exprsn/core/database'
 * import { beancountText, createLedger } from '@exprsn/payments/ledger'
 *
 * await using database = sqliteDatabase({ path: ':memory:' })
 * const ledger = createLedger({ database })
 * await migrate(database, [ledger.migrations])
 * for await (const text of beancountText(ledger.accounts(), ledger.journal())) process.stdout.write(text)
 * ```
 */
export async function* beancountText(
  accounts: AsyncIterable<AccountBalance>,
  journal: AsyncIterable<JournalLine>,
): AsyncGenerator<string> {
  const names = new Map<string, string>()
  const balances: AccountBalance[] = []
  for await (const account of accounts) {
    names.set(account.code, accountName(account))
    balances.push(account)
    yield `1970-01-01 open ${accountName(account)} ${account.currency}\n`
  }
  let last = '1970-01-01'
  for await (const { id, description, occurredAt, lines } of postedEntries(journal)) {
    const day = isoDate(occurredAt)
    if (day > last) last = day
    yield `\n${day} * ${text(description || id)}\n  entry: ${text(id)}\n`
    for (const { debit, credit, amount, currency } of lines) {
      const value = decimalText({ amount, currency })
      yield `  ${names.get(debit)}  ${value} ${currency}\n  ${names.get(credit)}  -${value} ${currency}\n`
    }
  }
  const after = isoDate(new Date(Date.parse(last) + 86_400_000))
  for (const account of balances) {
    const value = decimalText({ amount: account.debits - account.credits, currency: account.currency })
    yield `\n${after} balance ${accountName(account)}  ${value} ${account.currency}`
  }
  yield '\n'
}

/**
 * Levels begin with an upper-case letter or a digit and hold letters, digits and hyphens. What else a code may hold is
 * written as its number, so that two codes never become one name.
 */
function accountName({ code, kind }: AccountBalance): string {
  const levels = code.split(':').filter((level) => level !== '')
  const below = levels[0]?.toLowerCase() === roots[kind].toLowerCase() ? levels.slice(1) : levels
  return [roots[kind], ...(below.length === 0 ? ['Main'] : below).map(levelName)].join(':')
}

function levelName(level: string): string {
  const plain = level.replace(/[._]/g, (sign) => (sign === '.' ? '-2E-' : '-5F-'))
  return /^[A-Z0-9]/.test(plain) ? plain : `${plain[0] === '-' ? 'X' : ''}${plain[0]!.toUpperCase()}${plain.slice(1)}`
}

function text(value: string): string {
  return `"${value.replace(/["\\]/g, '\\$&')}"`
}
