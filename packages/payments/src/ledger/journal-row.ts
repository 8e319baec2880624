import type { AccountBalance, AccountKind } from './account.ts'
import { growsByDebits } from './account.ts'
import type { JournalLine } from './entry.ts'

/** A line as the tables give it. */
export interface JournalRow {
  readonly sequence: number
  readonly entry: string
  readonly line: number
  readonly lines: number
  readonly kind: JournalLine['kind']
  readonly debit: string
  readonly credit: string
  readonly currency: string
  readonly amount: number | bigint
  readonly reserve: number | null
  readonly reverses: string | null
  readonly description: string
  readonly reference: string
  readonly occurred_at: number
  readonly recorded_at: number
  readonly hash: string
}

/** An account as the tables give it. */
export interface AccountRow {
  readonly number: number
  readonly code: string
  readonly currency: string
  readonly kind: AccountKind
  readonly limited: number
  readonly debits: number | bigint
  readonly credits: number | bigint
  readonly reserved_debits: number | bigint
  readonly reserved_credits: number | bigint
}

export function journalLine({ occurred_at, recorded_at, ...row }: JournalRow): JournalLine {
  return {
    ...row,
    amount: BigInt(row.amount),
    reserve: row.reserve ?? undefined,
    reverses: row.reverses ?? undefined,
    occurredAt: new Date(occurred_at),
    recordedAt: new Date(recorded_at),
  }
}

export function accountBalance(row: AccountRow): AccountBalance {
  const [debits, credits] = [BigInt(row.debits), BigInt(row.credits)]
  return {
    code: row.code,
    currency: row.currency,
    kind: row.kind,
    limit: row.limited === 1 ? 'never-negative' : 'none',
    debits,
    credits,
    reservedDebits: BigInt(row.reserved_debits),
    reservedCredits: BigInt(row.reserved_credits),
    balance: growsByDebits(row.kind) ? debits - credits : credits - debits,
  }
}
