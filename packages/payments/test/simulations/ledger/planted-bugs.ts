import type { Database, Transaction } from '@exprsn/core/database'
import type { LedgerPlant } from './simulate-ledger.ts'

const change = (find: string | RegExp, put: string): LedgerPlant => ({ sql: (text) => text.replace(find, put) })

/** Each is found by the seeds of the test. */
export const plantedBugs: Readonly<Record<string, LedgerPlant>> = {
  'the head is not moved': change(
    /update \S+ledger_head\S* set sequence = \$1, hash = \$2 where id = 1/,
    'select $$1, $$2',
  ),
  'balances are not written': change(/set debits = (.+), credits = /s, 'set debits = debits, credits = '),
  'credits are forgotten': change(/, credits = cast\(each\.value ->> 2 as bigint\)/, ''),
  'what is reserved is not written': change(
    /reserved_debits = cast\(each\.value ->> 3 as bigint\)/,
    'reserved_debits = reserved_debits',
  ),
  'every line has one cent more': change('cast(each.value ->> 7 as bigint)', 'cast(each.value ->> 7 as bigint) + 1'),
  'debit and credit are exchanged': {
    sql: (text) => text.replace('->> 5 as', '->> x as').replace('->> 6 as', '->> 5 as').replace('->> x as', '->> 6 as'),
  },
  'a settled reservation counts as open': change(
    /\(select count\(\*\) from \S+ as s where s\.reserve = l\.sequence\)/,
    '0',
  ),
  'limits are forgotten': change(
    /^select \* from (\S+ledger_accounts\S*) where code in/,
    'select number, code, currency, kind, 0 as limited, debits, credits, reserved_debits, reserved_credits from $1 where code in',
  ),
  'entries that were posted are not found': change('where l.entry in (', "where l.entry = '' and l.entry in ("),
  'the hash is another one': change('each.value ->> 14', "substr(each.value ->> 14, 1, 63) || '0'"),
  'the reference of what it settles is lost': change('cast(each.value ->> 8 as bigint)', 'null'),
  'a transaction is none': { database: (real) => ({ ...real, transaction: (work) => work(asTransaction(real)) }) },
  'some commits are told and not made': {
    database: (real) => ({ ...real, transaction: (work) => forgetSome(real, work) }),
  },
}

/** Every statement for itself. */
export function asTransaction(real: Database): Transaction {
  const transaction: Transaction = {
    dialect: real.dialect,
    query: (...given) => real.query(...given),
    transaction: (work) => work(transaction),
  }
  return transaction
}

let commits = 0

/** Every ninth commit is told and not made. */
export async function forgetSome<Result>(real: Database, work: (tx: Transaction) => Promise<Result>): Promise<Result> {
  let result: Result | undefined
  const forgotten = new Error('forgotten')
  await real
    .transaction(async (tx) => {
      result = await work(tx)
      if (++commits % 9 === 0) throw forgotten
    })
    .catch((error: unknown) => {
      if (error !== forgotten) throw error
    })
  return result as Result
}
