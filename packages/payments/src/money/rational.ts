import { moneyErrors } from './errors.ts'

/** An exact fraction: a tax rate, a rate of exchange, a share of a month. */
export interface Rational {
  readonly numerator: bigint
  /** Above zero. */
  readonly denominator: bigint
}

/** What stands for a fraction: itself, a whole bigint, or decimal text such as `'0.19'` or `'1.0825'`. */
export type RationalLike = Rational | bigint | string

const decimal = /^([+-]?\d{1,60})(?:\.(\d{1,60}))?$/

/**
 * An exact fraction in lowest terms: `rational('0.19')`, `rational(3n, 31n)`.
 *
 * @throws `PAYMENTS_RATIONAL_INVALID`
 * @example
 * ```ts
 * import { rational } from '@exprsn/payments/money'
 *
 * console.log(rational('0.25')) // { numerator: 1n, denominator: 4n }
 * console.log(rational(10n, 31n)) // { numerator: 10n, denominator: 31n }
 * ```
 */
export function rational(value: RationalLike, denominator: bigint = 1n): Rational {
  const { numerator: top, denominator: bottom } = fractionOf(value)
  if (typeof denominator !== 'bigint' || denominator <= 0n) throw invalid(`… / ${String(denominator)}`)
  return lowestTerms(top, bottom * denominator)
}

/** The fraction that a value stands for, not reduced: enough where it is used once. */
export function fractionOf(value: RationalLike): Rational {
  if (typeof value === 'bigint') return { numerator: value, denominator: 1n }
  if (typeof value === 'string') return parseDecimal(value)
  if (typeof value?.numerator !== 'bigint' || typeof value.denominator !== 'bigint' || value.denominator <= 0n)
    throw invalid(typeof value === 'object' ? 'the object' : String(value))
  return value
}

/**
 * The other way round: the rate from EUR to USD from the one from USD to EUR.
 *
 * @throws `PAYMENTS_RATIONAL_INVALID` for zero
 * @example
 * ```ts
 * import { inverse } from '@exprsn/payments/money'
 *
 * console.log(inverse('1.25')) // { numerator: 4n, denominator: 5n }
 * ```
 */
export function inverse(value: RationalLike): Rational {
  const { numerator, denominator } = fractionOf(value)
  if (numerator === 0n) throw invalid('1 / 0')
  return numerator < 0n ? lowestTerms(-denominator, -numerator) : lowestTerms(denominator, numerator)
}

function parseDecimal(text: string): Rational {
  const parts = decimal.exec(text)
  if (parts === null) throw invalid(text)
  const [, whole = '0', fraction = ''] = parts
  const digits = BigInt(whole + fraction)
  return lowestTerms(digits, 10n ** BigInt(fraction.length))
}

function lowestTerms(numerator: bigint, denominator: bigint): Rational {
  let a = numerator < 0n ? -numerator : numerator
  let b = denominator
  while (b !== 0n) [a, b] = [b, a % b]
  return a <= 1n ? { numerator, denominator } : { numerator: numerator / a, denominator: denominator / a }
}

function invalid(value: string) {
  return moneyErrors.PAYMENTS_RATIONAL_INVALID({ value: value.slice(0, 50) })
}
