/**
 * Exact amounts: bigint minor units, ISO 4217, rationals, allocation, and the units that payment systems count in.
 *
 * @packageDocumentation
 */
export { allocate } from './allocate.ts'
export { add, compare, negate, subtract, sum } from './arithmetic.ts'
export { currencies, currencyExponent, isCurrency } from './currency.ts'
export { decimalText } from './decimal-text.ts'
export { moneyErrors } from './errors.ts'
export { formatMoney, type FormatMoneyOptions } from './format-money.ts'
export { money, type Money } from './money.ts'
export { convert, multiply } from './multiply.ts'
export { inverse, rational, type Rational, type RationalLike } from './rational.ts'
export type { Rounding } from './rounding.ts'
export { fromUnits, toUnits, type UnitRules } from './unit-rules.ts'
