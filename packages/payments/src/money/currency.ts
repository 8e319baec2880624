import { moneyErrors } from './errors.ts'

// ISO 4217, list one (current currency and funds codes), by decimals of the minor unit. Codes that were withdrawn since
// 2020 stay readable: refunds and old statements still name them.
const codesByExponent: Readonly<Record<number, string>> = {
  0: 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF',
  2: `AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF CHE CHF CHW CNY COP
    COU CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR
    JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN
    NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL
    THB TJS TMT TOP TRY TTD TWD TZS UAH USD USN UYU UZS VED VES WST XAD XCD XCG YER ZAR ZMW ZWG
    ANG BGN CUC HRK SLL ZWL`,
  3: 'BHD IQD JOD KWD LYD OMR TND',
  4: 'CLF UYW',
}

const exponents = new Map<string, number>()
for (const [exponent, codes] of Object.entries(codesByExponent))
  for (const code of codes.split(/\s+/)) exponents.set(code, Number(exponent))

/** Every code that is known, in alphabetical order. */
export const currencies: readonly string[] = [...exponents.keys()].toSorted()

/** Whether a text is a currency's code: three letters in upper case that ISO 4217 lists. */
export function isCurrency(code: string): boolean {
  return exponents.has(code)
}

/**
 * How many decimals a currency's minor unit has: 2 for EUR, 0 for JPY, 3 for KWD (ISO 4217).
 *
 * @throws `PAYMENTS_CURRENCY_UNKNOWN`
 * @example
 * ```ts
 * import { currencyExponent } from '@exprsn/payments/money'
 *
 * console.log(currencyExponent('EUR'), currencyExponent('JPY'), currencyExponent('KWD')) // 2 0 3
 * ```
 */
export function currencyExponent(code: string): number {
  const exponent = exponents.get(code)
  if (exponent === undefined) throw moneyErrors.PAYMENTS_CURRENCY_UNKNOWN({ currency: String(code).slice(0, 20) })
  return exponent
}
