import { gatewayErrors } from '../../gateway/errors.ts'
import { fromUnits, toUnits, type Money, type UnitRules } from '../../money/index.ts'

// docs.stripe.com/currencies: "Zero-decimal currencies", "Three-decimal currencies" and "Special cases".
const chargeRules: UnitRules = {
  system: 'Stripe',
  exponents: { ISK: 2, MGA: 0, UGX: 2 },
  multiples: { BHD: 10n, JOD: 10n, KWD: 10n, OMR: 10n, TND: 10n },
}

const payoutRules: UnitRules = {
  ...chargeRules,
  multiples: { ...chargeRules.multiples, HUF: 100n, TWD: 100n },
}

const largest = 99_999_999_999n

/**
 * Minor units of ISO 4217 as Stripe counts them.
 *
 * @throws `PAYMENTS_AMOUNT_NOT_REPRESENTABLE`, `PAYMENTS_CURRENCY_UNKNOWN`, `PAYMENTS_GATEWAY_INPUT_INVALID`
 */
export function toStripeAmount(money: Money, operation: 'charge' | 'payout' = 'charge'): number {
  const units = toUnits(money, operation === 'payout' ? payoutRules : chargeRules)
  if (units > largest)
    throw gatewayErrors.PAYMENTS_GATEWAY_INPUT_INVALID({
      gateway: 'stripe',
      field: 'amount',
      reason: 'is above what Stripe takes',
    })
  return Number(units)
}

/** Stripe's minor units as those of ISO 4217. */
export function fromStripeAmount(units: number, currency: string): Money {
  return fromUnits(BigInt(units), currency.toUpperCase(), chargeRules)
}
