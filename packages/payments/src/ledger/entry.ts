import type { Money } from '../money/money.ts'

/**
 * One line of an entry. `transfer` moves an amount from the credited account to the debited one. `reserve` does so later:
 * `post` makes it a transfer, in whole or in part, and gives the rest free; `release` gives all of it free. A reservation is
 * named by its entry and line: `'order-1/auth#1'` is the first line of `'order-1/auth'`.
 */
export type LedgerLine =
  | {
      readonly kind?: 'transfer' | 'reserve' | undefined
      /** The account to debit. */
      readonly debit: string
      /** The account to credit. */
      readonly credit: string
      /** Above zero. */
      readonly amount: Money
    }
  | {
      readonly kind: 'post'
      readonly reserve: string
      /** @default all of it */
      readonly amount?: Money | undefined
    }
  | { readonly kind: 'release'; readonly reserve: string }

/** Lines that are posted together or not at all. */
export interface LedgerEntry {
  /** Names the entry for ever: posting it again does nothing. 1 to 200 characters. */
  readonly id: string
  /** 1 to 1,000. Later lines may use what earlier ones reserve. */
  readonly lines: readonly LedgerLine[]
  /** @default '' */
  readonly description?: string | undefined
  /** What it belongs to: an order, a payment. Entries can be found by it. @default '' */
  readonly reference?: string | undefined
  /** When it happened; when it was posted is kept as well. @default now */
  readonly occurredAt?: Date | undefined
}

/** Why the books refuse an entry. */
export type LedgerRefusal =
  | 'account_unknown'
  | 'currency_mismatch'
  | 'limit_exceeded'
  | 'overflow'
  | 'reserve_unknown'
  | 'reserve_settled'
  | 'exceeds_reserve'
  | 'entry_taken'
  | 'entry_unknown'
  | 'already_reversed'
  | 'not_reversible'

/** What became of an entry. */
export type PostOutcome =
  | {
      readonly status: 'posted'
      /** The number of its last line in the journal. */
      readonly sequence: number
    }
  /** The same entry was posted before; nothing changed. */
  | { readonly status: 'exists'; readonly sequence: number }
  /** Nothing of it was posted. */
  | {
      readonly status: 'refused'
      readonly reason: LedgerRefusal
      /** The line, counted from 1; 0 when it is about the entry. */
      readonly line: number
    }

/** One line as it stands in the journal. It is never changed and never removed. */
export interface JournalLine {
  /** Its place in the journal, without gaps, from 1. */
  readonly sequence: number
  readonly entry: string
  /** From 1. */
  readonly line: number
  /** How many lines the entry has. */
  readonly lines: number
  readonly kind: 'transfer' | 'reserve' | 'post' | 'release'
  readonly debit: string
  readonly credit: string
  readonly currency: string
  /** Minor units. Of a `release`, what was given free. */
  readonly amount: bigint
  /** The sequence of the reservation that a `post` or `release` settles. */
  readonly reserve: number | undefined
  /** The entry that this one reverses. */
  readonly reverses: string | undefined
  readonly description: string
  readonly reference: string
  readonly occurredAt: Date
  readonly recordedAt: Date
  /** SHA-256 over the hash of the line before and this line's content, in hexadecimal. */
  readonly hash: string
}
