import { createHash } from 'node:crypto'
import { gatewayErrors } from '../../gateway/errors.ts'
import { decimalText, type Money } from '../../money/index.ts'

/** Decimals, as the service takes them. @throws `PAYMENTS_GATEWAY_INPUT_INVALID` for another currency than the account's */
export function toDecimals(money: Money, account: string): string {
  const { amount, currency } = money
  if (currency !== account) throw invalid('amount.currency', `is ${currency}, and the account’s is ${account}`)
  if (amount > 999_999_999_999n) throw invalid('amount', 'is above what Authorize.Net takes')
  return decimalText(money)
}

/** The service writes amounts as JSON numbers with two decimals; these are exact to a hundredth up to 70 trillion. */
export function fromNumber(value: number | undefined, currency: string): Money {
  return { amount: BigInt(Math.round((value ?? 0) * 100)), currency }
}

/** What stands for a key in `invoiceNumber`, which has 20 characters: 80 bits of its digest. */
export function invoiceNumberOf(key: string): string {
  return createHash('sha256').update(key).digest('hex').slice(0, 20).toUpperCase()
}

function invalid(field: string, reason: string) {
  return gatewayErrors.PAYMENTS_GATEWAY_INPUT_INVALID({ gateway: 'authorizenet', field, reason })
}
