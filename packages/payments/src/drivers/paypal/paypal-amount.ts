import { gatewayErrors } from '../../gateway/errors.ts'
import { fromUnits, toUnits, type Money, type UnitRules } from '../../money/index.ts'
import type { PaypalMoney } from './paypal-types.ts'

// developer.paypal.com/api/rest/reference/currency-codes. HUF and TWD have two decimals in ISO 4217 and none at PayPal.
const rules: UnitRules = { system: 'PayPal', exponents: { HUF: 0, TWD: 0 } }
const withoutDecimals = new Set(['HUF', 'JPY', 'TWD'])
const largest = 999_999_999_999n

/** The currencies that PayPal takes. */
export const paypalCurrencies: readonly string[] =
  'AUD BRL CAD CNY CZK DKK EUR HKD HUF ILS JPY MYR MXN TWD NZD NOK PHP PLN GBP SGD SEK CHF THB USD'.split(' ')

/**
 * Minor units of ISO 4217 as PayPal writes them.
 *
 * @throws `PAYMENTS_GATEWAY_INPUT_INVALID`, `PAYMENTS_AMOUNT_NOT_REPRESENTABLE`, `PAYMENTS_CURRENCY_UNKNOWN`
 */
export function toPaypalMoney(money: Money): PaypalMoney {
  const { currency } = money
  const units = toUnits(money, rules)
  if (!paypalCurrencies.includes(currency)) throw invalid(`is in ${currency}, which PayPal does not take`)
  if (units > largest) throw invalid('is above what PayPal takes')
  if (withoutDecimals.has(currency)) return { currency_code: currency, value: String(units) }
  const digits = String(units).padStart(3, '0')
  return { currency_code: currency, value: `${digits.slice(0, -2)}.${digits.slice(-2)}` }
}

/** PayPal's decimals as minor units of ISO 4217. */
export function fromPaypalMoney({ currency_code: currency, value }: PaypalMoney): Money {
  const [, sign, whole = '0', decimals = ''] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(value) ?? []
  const digits = withoutDecimals.has(currency) ? whole : whole + decimals.slice(0, 2).padEnd(2, '0')
  const units = BigInt(digits)
  return fromUnits(sign === '-' ? -units : units, currency, rules)
}

function invalid(reason: string) {
  return gatewayErrors.PAYMENTS_GATEWAY_INPUT_INVALID({ gateway: 'paypal', field: 'amount', reason })
}
