import { gatewayErrors } from '../../gateway/errors.ts'
import type { Money } from '../../money/money.ts'
import type { PaypalMoney } from './paypal-types.ts'

// developer.paypal.com/api/rest/reference/currency-codes. HUF and TWD have two decimals in ISO 4217 and none at PayPal.
const currencies = new Set(
  'AUD BRL CAD CNY CZK DKK EUR HKD HUF ILS JPY MYR MXN TWD NZD NOK PHP PLN GBP SGD SEK CHF THB USD'.split(' '),
)
const whole = new Set(['HUF', 'TWD'])

/** The currencies that PayPal takes. */
export const paypalCurrencies: readonly string[] = [...currencies]

/** Minor units of ISO 4217 as PayPal writes them. @throws `PAYMENTS_GATEWAY_INPUT_INVALID` for what it cannot express */
export function toPaypalMoney({ amount, currency }: Money): PaypalMoney {
  if (!currencies.has(currency)) throw invalid(`is in ${currency}, which PayPal does not take`)
  if (whole.has(currency) && amount % 100n !== 0n)
    throw invalid(`has decimals, which ${currency} does not have at PayPal`)
  if (amount > 999_999_999_999n) throw invalid('is above what PayPal takes')
  if (currency === 'JPY') return { currency_code: currency, value: String(amount) }
  const digits = String(amount).padStart(3, '0')
  const value = whole.has(currency) ? digits.slice(0, -2) : `${digits.slice(0, -2)}.${digits.slice(-2)}`
  return { currency_code: currency, value }
}

/** PayPal's decimals as minor units of ISO 4217. */
export function fromPaypalMoney({ currency_code: currency, value }: PaypalMoney): Money {
  const negative = value.startsWith('-')
  const [units = '0', decimals = ''] = value.replace(/^-/, '').split('.')
  const amount = currency === 'JPY' ? BigInt(units) : BigInt(units + decimals.slice(0, 2).padEnd(2, '0'))
  return { amount: negative ? -amount : amount, currency }
}

function invalid(reason: string) {
  return gatewayErrors.PAYMENTS_GATEWAY_INPUT_INVALID({ gateway: 'paypal', field: 'amount', reason })
}
