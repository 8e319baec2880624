import { moneyErrors } from './errors.ts'
import type { Money } from './money.ts'

/**
 * The sum of two amounts.
 *
 * @throws `PAYMENTS_CURRENCY_MISMATCH`
 * @example
 * ```ts
 * import { add, money } from '@exprsn/payments/money'
 *
 * console.log(add(money('0.10', 'EUR'), money('0.20', 'EUR'))) // { amount: 30n, currency: 'EUR' }
 * ```
 */
export function add(left: Money, right: Money): Money {
  assertSameCurrency(left, right)
  return { amount: left.amount + right.amount, currency: left.currency }
}

/**
 * The first amount less the second.
 *
 * @throws `PAYMENTS_CURRENCY_MISMATCH`
 * @example
 * ```ts
 * import { money, subtract } from '@exprsn/payments/money'
 *
 * console.log(subtract(money('1.00', 'EUR'), money('1.25', 'EUR')).amount) // -25n
 * ```
 */
export function subtract(left: Money, right: Money): Money {
  assertSameCurrency(left, right)
  return { amount: left.amount - right.amount, currency: left.currency }
}

/**
 * The amount with the other sign.
 *
 * @example
 * ```ts
 * import { money, negate } from '@exprsn/payments/money'
 *
 * console.log(negate(money('1.00', 'EUR')).amount) // -100n
 * ```
 */
export function negate({ amount, currency }: Money): Money {
  return { amount: -amount, currency }
}

/**
 * The sum of any number of amounts; zero of `currency` when there are none.
 *
 * @throws `PAYMENTS_CURRENCY_MISMATCH`
 * @example
 * ```ts
 * import { money, sum } from '@exprsn/payments/money'
 *
 * console.log(sum([money('1.00', 'EUR'), money('2.50', 'EUR')], 'EUR').amount) // 350n
 * ```
 */
export function sum(amounts: Iterable<Money>, currency: string): Money {
  let total = 0n
  for (const each of amounts) {
    if (each.currency !== currency) throw mismatch(currency, each.currency)
    total += each.amount
  }
  return { amount: total, currency }
}

/**
 * Below zero when the first is less, above when it is more, zero when they are equal: for `sort`.
 *
 * @throws `PAYMENTS_CURRENCY_MISMATCH`
 * @example
 * ```ts
 * import { compare, money } from '@exprsn/payments/money'
 *
 * console.log(compare(money('1.00', 'EUR'), money('2.00', 'EUR'))) // -1
 * ```
 */
export function compare(left: Money, right: Money): -1 | 0 | 1 {
  assertSameCurrency(left, right)
  if (left.amount === right.amount) return 0
  return left.amount < right.amount ? -1 : 1
}

/** @throws `PAYMENTS_CURRENCY_MISMATCH` */
function assertSameCurrency(left: Money, right: Money): void {
  if (left.currency !== right.currency) throw mismatch(left.currency, right.currency)
}

function mismatch(left: string, right: string) {
  return moneyErrors.PAYMENTS_CURRENCY_MISMATCH({ left, right })
}
