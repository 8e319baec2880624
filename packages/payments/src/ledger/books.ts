import { growsByDebits, type AccountKind } from './account.ts'
import type { JournalLine } from './entry.ts'
import { highestAmount } from './check-entry.ts'

/** An account as the books have it while entries are decided. */
export interface BookAccount {
  readonly number: number
  readonly code: string
  readonly currency: string
  readonly kind: AccountKind
  readonly limited: boolean
  debits: bigint
  credits: bigint
  reservedDebits: bigint
  reservedCredits: bigint
}

/** A reservation, and whether it was posted or released. */
export interface BookReserve {
  readonly sequence: number
  readonly debit: string
  readonly credit: string
  readonly currency: string
  readonly amount: bigint
  settled: boolean
}

/** The part of the ledger that some entries need to be decided. */
export interface Books {
  sequence: number
  hash: string
  readonly accounts: Map<string, BookAccount>
  /** By entry and line: `entry#1`. */
  readonly reserves: Map<string, BookReserve>
  /** The lines of entries that were posted before. */
  readonly entries: Map<string, readonly JournalLine[]>
  /** Entries that were reversed, with the entry that did so. */
  readonly reversed: Map<string, string>
}

/** Whether a debit of this account (posted or reserved) stays within its limit. */
export function mayDebit(account: BookAccount, amount: bigint): boolean {
  if (!account.limited || growsByDebits(account.kind)) return true
  return account.debits + account.reservedDebits + amount <= account.credits
}

/** Whether a credit of this account (posted or reserved) stays within its limit. */
export function mayCredit(account: BookAccount, amount: bigint): boolean {
  if (!account.limited || !growsByDebits(account.kind)) return true
  return account.credits + account.reservedCredits + amount <= account.debits
}

/** Whether the four totals still fit. */
export function fits({ debits, credits, reservedDebits, reservedCredits }: BookAccount): boolean {
  return debits + reservedDebits <= highestAmount && credits + reservedCredits <= highestAmount
}
