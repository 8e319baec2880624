import { invalidRequest } from './paypal-refusal.ts'

/** An amount as PayPal writes it: decimals as text. */
export interface PaypalAmount {
  readonly currency_code: string
  readonly value: string
}

// developer.paypal.com/api/rest/reference/currency-codes: these take no decimals.
const withoutDecimals = new Set(['HUF', 'JPY', 'TWD'])

/** Minor units of PayPal. @throws PaypalRefusal as the real API for another form or more decimals */
export function readAmount(amount: unknown): { readonly units: bigint; readonly currency: string } {
  const { currency_code: currency, value } = (amount ?? {}) as Partial<PaypalAmount>
  if (typeof currency !== 'string' || !/^[A-Z]{3}$/.test(currency)) throw invalidRequest('INVALID_CURRENCY_CODE')
  if (typeof value !== 'string' || !/^\d{1,12}(\.\d{1,3})?$/.test(value))
    throw invalidRequest('INVALID_PARAMETER_SYNTAX')
  const [whole = '0', decimals = ''] = value.split('.')
  const places = withoutDecimals.has(currency) ? 0 : 2
  if (decimals.length > places) throw invalidRequest('DECIMAL_PRECISION')
  return { units: BigInt(whole + decimals.padEnd(places, '0')), currency }
}

export function writeAmount(units: bigint, currency: string): PaypalAmount {
  const sign = units < 0n ? '-' : ''
  const digits = String(units < 0n ? -units : units)
  if (withoutDecimals.has(currency)) return { currency_code: currency, value: sign + digits }
  const padded = digits.padStart(3, '0')
  return { currency_code: currency, value: `${sign}${padded.slice(0, -2)}.${padded.slice(-2)}` }
}
