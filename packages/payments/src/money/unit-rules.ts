import { currencyExponent } from './currency.ts'
import { decimalText } from './decimal-text.ts'
import { moneyErrors } from './errors.ts'
import type { Money } from './money.ts'

/** How a payment system counts where it differs from ISO 4217. */
export interface UnitRules {
  /** Whose rules these are; stands in the error. */
  readonly system: string
  /** Decimals of the units it counts in. @default ISO 4217's */
  readonly exponents?: Readonly<Record<string, number>> | undefined
  /** An amount in its units must be a multiple of this. @default 1n */
  readonly multiples?: Readonly<Record<string, bigint>> | undefined
}

/**
 * An amount in the units that a payment system counts in. It refuses what they cannot express, and never rounds.
 *
 * @throws `PAYMENTS_AMOUNT_NOT_REPRESENTABLE`, `PAYMENTS_CURRENCY_UNKNOWN`
 * @example
 * ```ts
 * import { money, toUnits } from '@exprsn/payments/money'
 *
 * const rules = { system: 'Acme', exponents: { ISK: 2 }, multiples: { ISK: 100n } }
 * console.log(toUnits(money('500', 'ISK'), rules)) // 50000n
 * ```
 */
export function toUnits(amount: Money, { system, exponents = {}, multiples = {} }: UnitRules): bigint {
  const { currency } = amount
  const shift = shiftOf(currency, exponents)
  const refuse = (reason: string): never => {
    throw moneyErrors.PAYMENTS_AMOUNT_NOT_REPRESENTABLE({ amount: decimalText(amount), currency, system, reason })
  }
  const scale = 10n ** BigInt(Math.abs(shift))
  if (shift < 0 && amount.amount % scale !== 0n) refuse(`it counts ${currency} with ${exponents[currency]} decimals`)
  const units = shift < 0 ? amount.amount / scale : amount.amount * scale
  const multiple = multiples[currency] ?? 1n
  if (units % multiple !== 0n) refuse(`its units of ${currency} go in steps of ${multiple}`)
  return units
}

/**
 * An amount from the units of a payment system: the other way of {@link toUnits}.
 *
 * @throws `PAYMENTS_AMOUNT_NOT_REPRESENTABLE` when it has decimals that the currency has not
 * @example
 * ```ts
 * import { fromUnits } from '@exprsn/payments/money'
 *
 * console.log(fromUnits(50000n, 'ISK', { system: 'Acme', exponents: { ISK: 2 } })) // { amount: 500n, currency: 'ISK' }
 * ```
 */
export function fromUnits(units: bigint, currency: string, { system, exponents = {} }: UnitRules): Money {
  const shift = shiftOf(currency, exponents)
  const scale = 10n ** BigInt(Math.abs(shift))
  if (shift <= 0) return { amount: units * scale, currency }
  if (units % scale !== 0n)
    throw moneyErrors.PAYMENTS_AMOUNT_NOT_REPRESENTABLE({
      amount: `${units} units of`,
      currency,
      system,
      reason: `the currency has ${currencyExponent(currency)} decimals`,
    })
  return { amount: units / scale, currency }
}

/** How many more decimals the system has than the currency. */
function shiftOf(currency: string, exponents: Readonly<Record<string, number>>): number {
  const exponent = currencyExponent(currency)
  return (Object.hasOwn(exponents, currency) ? exponents[currency]! : exponent) - exponent
}
