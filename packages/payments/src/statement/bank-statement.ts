import type { Money } from '../money/money.ts'
import type { BankEntry } from './bank-entry.ts'

/** The formats that are read. */
export type StatementFormat = 'camt' | 'mt940' | 'ofx' | 'bai2' | 'csv'

/** A statement without its entries. */
export interface StatementSummary {
  readonly format: StatementFormat
  /** The bank's name for it; empty where it has none. */
  readonly id: string
  readonly account: string
  /** ISO 4217. */
  readonly currency: string
  /** The bank's running number. */
  readonly number: string | undefined
  /** When the bank made it, as it wrote it. */
  readonly createdAt: string | undefined
  readonly opening: Money | undefined
  readonly closing: Money | undefined
  /** The sum of all booked entries. */
  readonly sum: Money
  /** Whether opening balance and entries give the closing one: `unstated` where the file lacks one of the two. */
  readonly balances: 'hold' | 'unstated'
  readonly count: number
}

/** A statement of one account. */
export interface BankStatement extends StatementSummary {
  readonly entries: readonly BankEntry[]
}

/** What a file gives, piece by piece: the entries of a statement, then the statement. */
export type StatementItem =
  | { readonly kind: 'entry'; readonly entry: BankEntry }
  | { readonly kind: 'statement'; readonly statement: StatementSummary }
