import { decimalText } from './decimal-text.ts'
import type { Money } from './money.ts'

/** Options of {@link formatMoney}. */
export interface FormatMoneyOptions {
  /** BCP 47, such as `de-AT`. @default the process's */
  readonly locale?: string | undefined
  /** `symbol` (€), `code` (EUR) or `name` (euros). @default 'symbol' */
  readonly display?: 'symbol' | 'code' | 'name' | undefined
  /** Negative amounts in brackets, as accountants write them. @default false */
  readonly accounting?: boolean | undefined
}

const formats = new Map<string, Intl.NumberFormat>()

/**
 * An amount as people write it, exact for any size, through Intl.
 *
 * @throws `PAYMENTS_CURRENCY_UNKNOWN`
 * @example
 * ```ts
 * import { formatMoney, money } from '@exprsn/payments/money'
 *
 * console.log(formatMoney(money('1234.50', 'EUR'), { locale: 'en-IE' })) // €1,234.50
 * ```
 */
export function formatMoney(amount: Money, options: FormatMoneyOptions = {}): string {
  const text = decimalText(amount)
  const decimals = text.length - 1 - text.indexOf('.')
  return formatFor(amount.currency, text.includes('.') ? decimals : 0, options).format(text as `${number}`)
}

/** Making a format costs far more than using it. */
function formatFor(currency: string, decimals: number, options: FormatMoneyOptions): Intl.NumberFormat {
  const { locale, display = 'symbol', accounting = false } = options
  const key = `${locale} ${display} ${accounting} ${currency}`
  let format = formats.get(key)
  if (format === undefined) {
    if (formats.size >= 200) formats.clear()
    format = new Intl.NumberFormat(locale, {
      style: 'currency',
      currency,
      currencyDisplay: display,
      currencySign: accounting ? 'accounting' : 'standard',
      minimumFractionDigits: decimals,
      maximumFractionDigits: decimals,
    })
    formats.set(key, format)
  }
  return format
}
