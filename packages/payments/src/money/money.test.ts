import { ExprsnError } from '@exprsn/core'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { currencies, currencyExponent, decimalText, formatMoney, isCurrency, money } from './index.ts'

const anyCurrency = fc.constantFrom(...currencies)

function codeOf(work: () => unknown): string | undefined {
  try {
    work()
    return undefined
  } catch (error) {
    return ExprsnError.is(error) ? error.code : String(error)
  }
}

describe('money', () => {
  it('reads decimal text into minor units', () => {
    expect(money('49.90', 'EUR')).toEqual({ amount: 4990n, currency: 'EUR' })
    expect(money('49.9', 'EUR').amount).toBe(4990n)
    expect(money('-0.05', 'EUR').amount).toBe(-5n)
    expect(money('+7', 'USD').amount).toBe(700n)
    expect(money('500', 'JPY').amount).toBe(500n)
    expect(money('1.234', 'KWD').amount).toBe(1234n)
    expect(money('1.2345', 'CLF').amount).toBe(12345n)
    expect(money(4990n, 'EUR').amount).toBe(4990n)
  })

  it.for(['', '1,00', '1.', '.5', '1e3', '0x10', '1 000', '٣', 'NaN', '1.005', '1.000', '--1', '1'.repeat(31)])(
    'refuses %j',
    (text) => {
      expect(codeOf(() => money(text, 'EUR'))).toBe('PAYMENTS_MONEY_INVALID')
    },
  )

  it('refuses a number, and says which currency it does not know', () => {
    expect(codeOf(() => money(49.9 as never, 'EUR'))).toBe('PAYMENTS_MONEY_INVALID')
    expect(codeOf(() => money(undefined as never, 'EUR'))).toBe('PAYMENTS_MONEY_INVALID')
    expect(codeOf(() => money('1.00', 'EURO'))).toBe('PAYMENTS_CURRENCY_UNKNOWN')
    expect(codeOf(() => money('1.00', 'eur'))).toBe('PAYMENTS_CURRENCY_UNKNOWN')
    expect(codeOf(() => money('1.00', '__proto__'))).toBe('PAYMENTS_CURRENCY_UNKNOWN')
    expect(codeOf(() => money('0.5', 'JPY'))).toBe('PAYMENTS_MONEY_INVALID')
  })

  it('reads back every amount it writes', () => {
    fc.assert(
      fc.property(fc.bigInt(-(10n ** 25n), 10n ** 25n), anyCurrency, (amount, currency) => {
        expect(money(decimalText({ amount, currency }), currency)).toEqual({ amount, currency })
      }),
      { numRuns: 200 },
    )
  })
})

describe('currencies', () => {
  it('has the decimals that Intl has, wherever Intl follows ISO 4217', () => {
    const differing = currencies.filter((currency) => {
      const { maximumFractionDigits } = new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions()
      return maximumFractionDigits !== currencyExponent(currency)
    })
    // CLDR writes these as people use them: without the minor unit that ISO 4217 lists.
    expect(differing).toEqual(differing.filter((code) => knownInCldr.has(code)))
  })

  it('knows every code that Intl knows and ISO 4217 still lists, and nothing else', () => {
    expect(currencies).toHaveLength(new Set(currencies).size)
    expect(currencies.every((code) => /^[A-Z]{3}$/.test(code))).toBe(true)
    expect(['EUR', 'USD', 'XCG', 'ZWG'].every(isCurrency)).toBe(true)
    expect(['DEM', 'XTS', 'XAU', 'BTC', 'EURO'].some(isCurrency)).toBe(false)
  })
})

const knownInCldr = new Set(
  'AFN ALL COP HUF IDR IQD IRR KPW LAK LBP MGA MMK PKR RSD SLL SOS SYP TWD TZS UYW YER ZWL CLF ISK UYI'.split(' '),
)

describe('formatMoney', () => {
  it('writes as people of a place do', () => {
    const amount = money('1234.50', 'EUR')
    expect(formatMoney(amount, { locale: 'en-IE' })).toBe('€1,234.50')
    expect(formatMoney(amount, { locale: 'de-DE' }).replace(/\s/g, ' ')).toBe('1.234,50 €')
    expect(formatMoney(money('500', 'JPY'), { locale: 'en-US' })).toBe('¥500')
    expect(formatMoney(money('-1.00', 'USD'), { locale: 'en-US', accounting: true })).toBe('($1.00)')
    expect(formatMoney(amount, { locale: 'en', display: 'name' })).toBe('1,234.50 euros')
    expect(formatMoney(amount, { locale: 'en', display: 'code' }).replace(/\s/g, ' ')).toBe('EUR 1,234.50')
  })

  it('keeps every digit of amounts beyond 2⁵³', () => {
    expect(formatMoney(money('90071992547409931234.57', 'USD'), { locale: 'en-US' })).toBe(
      '$90,071,992,547,409,931,234.57',
    )
  })

  it('writes the minor units that ISO 4217 has, whatever Intl would leave out', () => {
    expect(formatMoney(money('1.50', 'HUF'), { locale: 'en' })).toContain('1.50')
  })

  it('keeps working with more locales than it remembers', () => {
    for (const currency of currencies) expect(formatMoney(money(1n, currency), { locale: 'en' })).toContain('1')
    for (const currency of currencies) expect(formatMoney(money(1n, currency), { locale: 'fr' })).toContain('1')
  })
})
