import type { AccountBalance } from './account.ts'

/** The balances of one currency. */
export interface CurrencyTotals {
  readonly currency: string
  readonly accounts: readonly AccountBalance[]
  readonly debits: bigint
  readonly credits: bigint
  /** `debits − credits`: zero in sound books. */
  readonly difference: bigint
}

/** All accounts, sorted by currency and code. */
export interface TrialBalance {
  readonly currencies: readonly CurrencyTotals[]
  /** Every difference is zero. */
  readonly balanced: boolean
}

/** Sums accounts up by currency. */
export function trialBalanceOf(accounts: readonly AccountBalance[]): TrialBalance {
  const groups = new Map<string, AccountBalance[]>()
  for (const account of accounts) {
    const group = groups.get(account.currency)
    if (group === undefined) groups.set(account.currency, [account])
    else group.push(account)
  }
  const currencies = [...groups]
    .toSorted(([left], [right]) => (left < right ? -1 : 1))
    .map(([currency, group]) => {
      const debits = group.reduce((sum, account) => sum + account.debits, 0n)
      const credits = group.reduce((sum, account) => sum + account.credits, 0n)
      return { currency, accounts: group, debits, credits, difference: debits - credits }
    })
  return { currencies, balanced: currencies.every(({ difference }) => difference === 0n) }
}
