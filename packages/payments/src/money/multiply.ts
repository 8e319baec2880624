import { currencyExponent } from './currency.ts'
import type { Money } from './money.ts'
import { fractionOf, type RationalLike } from './rational.ts'
import { divideRounded, type Rounding } from './rounding.ts'

/**
 * An amount times an exact factor, rounded once to a minor unit: VAT, discounts, a share of a month.
 *
 * @param rounding Default: `half-even`.
 * @throws `PAYMENTS_RATIONAL_INVALID`
 * @example
 * ```ts
 * import { money, multiply } from '@exprsn/payments/money'
 *
 * console.log(multiply(money('49.90', 'EUR'), '0.19', 'half-up').amount) // 948n
 * ```
 */
export function multiply({ amount, currency }: Money, factor: RationalLike, rounding: Rounding = 'half-even'): Money {
  if (typeof factor === 'bigint') return { amount: amount * factor, currency }
  const { numerator, denominator } = fractionOf(factor)
  return { amount: divideRounded(amount * numerator, denominator, rounding), currency }
}

/**
 * An amount in another currency: `rate` is how many whole units of the other one whole unit is worth. What the rounding
 * took or gave is in `residual`, exactly, in units of the other currency's minor unit: post it to an account of its own
 * when many conversions have to add up.
 *
 * @param rounding Default: `half-even`.
 * @throws `PAYMENTS_RATIONAL_INVALID`, `PAYMENTS_CURRENCY_UNKNOWN`
 * @example
 * ```ts
 * import { convert, money } from '@exprsn/payments/money'
 *
 * const { converted, residual } = convert(money('10.00', 'EUR'), 'JPY', '163.4567')
 * console.log(converted, residual) // { amount: 1635n, currency: 'JPY' } { numerator: -433n, denominator: 1000n }
 * ```
 */
export function convert(
  from: Money,
  currency: string,
  rate: RationalLike,
  rounding: Rounding = 'half-even',
): { readonly converted: Money; readonly residual: { readonly numerator: bigint; readonly denominator: bigint } } {
  const { numerator, denominator } = fractionOf(rate)
  const shift = currencyExponent(currency) - currencyExponent(from.currency)
  const top = from.amount * numerator * (shift > 0 ? 10n ** BigInt(shift) : 1n)
  const bottom = denominator * (shift < 0 ? 10n ** BigInt(-shift) : 1n)
  const amount = divideRounded(top, bottom, rounding)
  const rest = top - amount * bottom
  const divisor = greatestCommonDivisor(rest < 0n ? -rest : rest, bottom)
  return { converted: { amount, currency }, residual: { numerator: rest / divisor, denominator: bottom / divisor } }
}

function greatestCommonDivisor(left: bigint, right: bigint): bigint {
  let [a, b] = [left, right]
  while (b !== 0n) [a, b] = [b, a % b]
  return a
}
