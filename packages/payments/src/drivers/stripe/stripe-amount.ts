import type { Money } from '../../money/money.ts'
import { gatewayErrors } from '../../gateway/errors.ts'

// docs.stripe.com/currencies, "Zero-decimal currencies", "Special cases" and "Three-decimal currencies".
const hundredfold = new Set(['ISK', 'UGX'])
const hundredth = new Set(['MGA'])
const endsInZero = new Set(['BHD', 'JOD', 'KWD', 'OMR', 'TND'])
const wholePayouts = new Set(['HUF', 'TWD', 'ISK', 'UGX'])

/** Minor units of ISO 4217 as Stripe counts them. @throws `PAYMENTS_GATEWAY_INPUT_INVALID` for what it cannot express */
export function toStripeAmount({ amount, currency }: Money, operation: 'charge' | 'payout' = 'charge'): number {
  if (endsInZero.has(currency) && amount % 10n !== 0n)
    throw unrepresentable(currency, 'the last of three decimals must be 0')
  if (hundredth.has(currency) && amount % 100n !== 0n) throw unrepresentable(currency, 'it has no decimals at Stripe')
  const units = hundredfold.has(currency) ? amount * 100n : hundredth.has(currency) ? amount / 100n : amount
  if (operation === 'payout' && wholePayouts.has(currency) && units % 100n !== 0n)
    throw unrepresentable(currency, 'payouts have no decimals')
  if (units > 99_999_999_999n) throw unrepresentable(currency, 'it is above what Stripe takes')
  return Number(units)
}

/** Stripe's minor units as those of ISO 4217. */
export function fromStripeAmount(units: number, currency: string): Money {
  const code = currency.toUpperCase()
  const amount = BigInt(units)
  return {
    amount: hundredfold.has(code) ? amount / 100n : hundredth.has(code) ? amount * 100n : amount,
    currency: code,
  }
}

function unrepresentable(currency: string, reason: string) {
  return gatewayErrors.PAYMENTS_GATEWAY_INPUT_INVALID({
    gateway: 'stripe',
    field: 'amount',
    reason: `cannot be expressed in ${currency}: ${reason}`,
  })
}
