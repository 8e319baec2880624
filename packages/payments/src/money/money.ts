import { currencyExponent } from './currency.ts'
import { moneyErrors } from './errors.ts'

/** An amount in minor units of its currency. */
export interface Money {
  /** Minor units: 4990n is 49.90 EUR. */
  readonly amount: bigint
  /** ISO 4217, upper case. */
  readonly currency: string
}

const decimal = /^([+-]?)(\d{1,30})(?:\.(\d{1,30}))?$/

/**
 * An amount from decimal text (`'49.90'`) or from minor units (`4990n`). A number is refused: 0.1 + 0.2 is not 0.3 there.
 * More decimals than the currency has are refused too, even when they are zeros.
 *
 * @throws `PAYMENTS_MONEY_INVALID`, `PAYMENTS_CURRENCY_UNKNOWN`
 * @example
 * ```ts
 * import { money } from '@exprsn/payments/money'
 *
 * console.log(money('49.90', 'EUR')) // { amount: 4990n, currency: 'EUR' }
 * console.log(money('500', 'JPY')) // { amount: 500n, currency: 'JPY' }
 * ```
 */
export function money(value: string | bigint, currency: string): Money {
  const exponent = currencyExponent(currency)
  if (typeof value === 'bigint') return { amount: value, currency }
  const refuse = (reason: string): never => {
    throw moneyErrors.PAYMENTS_MONEY_INVALID({ value: String(value).slice(0, 50), currency, reason })
  }
  if (typeof value !== 'string') return refuse('is neither text nor a bigint')
  const parts = decimal.exec(value)
  if (parts === null) return refuse('is not decimal text such as 49.90')
  const [, sign, whole, fraction = ''] = parts
  if (fraction.length > exponent) return refuse(`has more than ${exponent} decimals`)
  const amount = BigInt(whole + fraction.padEnd(exponent, '0'))
  return { amount: sign === '-' ? -amount : amount, currency }
}
