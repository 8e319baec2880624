import type { Money } from '../money/money.ts'

/** One movement of a bank account. */
export interface BankEntry {
  /**
   * `bank:<account>:<day>:<digest>`, from the content alone: the same entry has the same name in every statement that it
   * stands in. Entries of one statement that are alike are counted: `…#2`.
   */
  readonly id: string
  readonly account: string
  /** The day it was booked, `YYYY-MM-DD`. */
  readonly bookedOn: string
  /** The day from which it counts, `YYYY-MM-DD`. */
  readonly valueOn: string
  /** Signed: what arrives is positive. */
  readonly amount: Money
  /** `pending` entries may still change or vanish: they are no money yet. */
  readonly status: 'booked' | 'pending'
  /** It takes an earlier entry back. */
  readonly reversal: boolean
  /** The bank's own name for it. */
  readonly bankReference: string | undefined
  /** What others call it: end-to-end identifiers, the payer's references. */
  readonly references: readonly string[]
  /** The purpose as the other side wrote it. */
  readonly text: string
  readonly counterparty: string | undefined
  /** What was sent, where it was in another currency. */
  readonly original: Money | undefined
}

/** An entry before it has a name. */
export type BankEntryDraft = Omit<BankEntry, 'id' | 'account'>
