import { isCurrency } from '../money/currency.ts'
import type { LedgerAccount } from './account.ts'
import type { LedgerEntry, LedgerLine } from './entry.ts'
import { ledgerErrors } from './errors.ts'

/** Amounts and balances are stored in 64 bits. */
export const highestAmount = 2n ** 62n

const longestEntry = 1_000

/** @throws `PAYMENTS_LEDGER_ENTRY_INVALID` for what cannot be an entry, whatever the books say */
export function checkEntry(entry: LedgerEntry): void {
  const { id, lines, description = '', reference = '', occurredAt } = entry
  const name = typeof id === 'string' ? id.slice(0, 200) : String(id)
  const refuse = (reason: string): never => {
    throw ledgerErrors.PAYMENTS_LEDGER_ENTRY_INVALID({ entry: name, reason })
  }
  if (!isText(id, 200) || id === '') refuse('its id is not 1 to 200 characters without control characters')
  if (!isText(description, 1_000)) refuse('its description is not at most 1,000 characters without control characters')
  if (!isText(reference, 200)) refuse('its reference is not at most 200 characters without control characters')
  if (occurredAt !== undefined && !(occurredAt instanceof Date && !Number.isNaN(occurredAt.getTime())))
    refuse('occurredAt is not a valid Date')
  if (!Array.isArray(lines) || lines.length === 0) refuse('it has no lines')
  if (lines.length > longestEntry) refuse(`it has more than ${longestEntry} lines`)
  for (const [index, line] of lines.entries()) {
    const reason = faultOf(line)
    if (reason !== undefined) refuse(`line ${index + 1} ${reason}`)
  }
}

function faultOf(line: LedgerLine): string | undefined {
  switch (line.kind) {
    case 'post':
    case 'release':
      if (!isText(line.reserve, 220) || !/#\d{1,4}$/.test(line.reserve)) return 'names no reservation such as "entry#1"'
      return 'amount' in line && line.amount !== undefined ? amountFault(line.amount) : undefined
    case undefined:
    case 'transfer':
    case 'reserve':
      if (typeof line.debit !== 'string' || typeof line.credit !== 'string') return 'names no accounts'
      if (line.debit === line.credit) return 'debits and credits the same account'
      return amountFault(line.amount)
    default:
      return 'is of no known kind'
  }
}

function amountFault(money: { readonly amount: bigint; readonly currency: string } | undefined): string | undefined {
  if (typeof money?.amount !== 'bigint') return 'has no amount of money'
  if (money.amount <= 0n) return 'has an amount that is not above zero'
  if (money.amount > highestAmount) return 'has an amount beyond 2⁶² minor units'
  return isCurrency(money.currency) ? undefined : 'has an unknown currency'
}

/** @throws `PAYMENTS_LEDGER_ACCOUNT_INVALID` */
export function checkAccount({ code, currency, kind, limit = 'none' }: LedgerAccount): void {
  const refuse = (reason: string): never => {
    throw ledgerErrors.PAYMENTS_LEDGER_ACCOUNT_INVALID({ account: String(code).slice(0, 100), reason })
  }
  if (typeof code !== 'string' || !/^[A-Za-z0-9][A-Za-z0-9.:_-]{0,99}$/.test(code))
    refuse('its code is not 1 to 100 letters, digits and .:_-')
  if (!isCurrency(currency)) refuse(`its currency is unknown`)
  if (!['asset', 'liability', 'equity', 'income', 'expense'].includes(kind)) refuse('its kind is unknown')
  if (limit !== 'none' && limit !== 'never-negative') refuse('its limit is unknown')
}

function isText(value: unknown, longest: number): value is string {
  // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
  return typeof value === 'string' && value.length <= longest && !/[\u0000-\u001f\u007f]/.test(value)
}
