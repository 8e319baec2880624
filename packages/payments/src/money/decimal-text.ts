import { currencyExponent } from './currency.ts'
import type { Money } from './money.ts'

/**
 * An amount as plain decimal text with all its decimals, for files and APIs: what `money` reads back.
 *
 * @throws `PAYMENTS_CURRENCY_UNKNOWN`
 * @example
 * ```ts
 * import { decimalText, money } from '@exprsn/payments/money'
 *
 * console.log(decimalText(money(-5n, 'EUR'))) // -0.05
 * ```
 */
export function decimalText({ amount, currency }: Money): string {
  return shiftedText(amount, currencyExponent(currency))
}

/** A whole number with the decimal point moved to the left. */
function shiftedText(amount: bigint, decimals: number): string {
  const digits = (amount < 0n ? -amount : amount).toString().padStart(decimals + 1, '0')
  const sign = amount < 0n ? '-' : ''
  if (decimals === 0) return sign + digits
  return `${sign}${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`
}
