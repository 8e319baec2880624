/** What an account stands for, as accountants sort them. Assets and expenses grow by debits, the others by credits. */
export type AccountKind = 'asset' | 'liability' | 'equity' | 'income' | 'expense'

/** One account in one currency. It never changes once it is open. */
export interface LedgerAccount {
  /** 1 to 100 letters, digits and `.:_-`, with `:` between the levels: `assets:stripe:EUR`. */
  readonly code: string
  /** ISO 4217. */
  readonly currency: string
  readonly kind: AccountKind
  /**
   * `never-negative`: a transfer, or a reservation, that would bring the balance below zero is refused.
   * @default 'none'
   */
  readonly limit?: 'none' | 'never-negative' | undefined
}

/** An account and what was posted to it, in minor units. */
export interface AccountBalance extends Required<LedgerAccount> {
  readonly debits: bigint
  readonly credits: bigint
  /** Reserved and neither posted nor released yet. */
  readonly reservedDebits: bigint
  readonly reservedCredits: bigint
  /** `debits − credits` of assets and expenses, `credits − debits` of the others: positive as a rule. */
  readonly balance: bigint
}

/** Whether debits make an account grow. */
export function growsByDebits(kind: AccountKind): boolean {
  return kind === 'asset' || kind === 'expense'
}
