import { currencyExponent } from '../../money/currency.ts'
import type { Money } from '../../money/money.ts'
import type { CheckedRules } from '../rules.ts'

/** The rate by which two amounts fit, as text; undefined when no rate of the rules makes them fit. */
export function withinRate(left: Money, right: Money, { rates, rateTolerance }: CheckedRules): string | undefined {
  if (left.amount > 0n !== right.amount > 0n) return undefined
  return fits(left, right, rates, rateTolerance) ?? fits(right, left, rates, rateTolerance)
}

function fits(from: Money, to: Money, rates: Readonly<Record<string, string>>, tolerance: number): string | undefined {
  const rate = rates[`${from.currency}/${to.currency}`]
  if (rate === undefined) return undefined
  const [whole, fraction = ''] = rate.split('.') as [string, string?]
  // from × rate, in parts of the smallest unit of `to`, all as integers.
  const scale = 10n ** BigInt(fraction.length + currencyExponent(from.currency))
  const expected = magnitude(from) * BigInt(whole + fraction) * 10n ** BigInt(currencyExponent(to.currency))
  const found = magnitude(to) * scale
  const distance = expected > found ? expected - found : found - expected
  return distance * 10_000n <= expected * BigInt(tolerance)
    ? `${rate} ${to.currency} for 1 ${from.currency}`
    : undefined
}

function magnitude({ amount }: Money): bigint {
  return amount < 0n ? -amount : amount
}
