import { describe, expect, it } from 'vitest'
import { amexReasons } from './amex-reasons.ts'
import { discoverReasons } from './discover-reasons.ts'
import { mastercardReasons } from './mastercard-reasons.ts'
import { paypalReasons } from './paypal-reasons.ts'
import { reasonFamily } from './reason-family.ts'
import { visaReasons } from './visa-reasons.ts'

describe('reasonFamily', () => {
  it.each([
    [{ network: 'visa', networkReason: '10.4' }, 'fraud'],
    [{ network: 'Visa', networkReason: '13.1' }, 'not_received'],
    [{ network: 'visa', networkReason: '12.6.1' }, 'duplicate'],
    [{ network: 'visa', networkReason: '13.7' }, 'cancelled'],
    [{ network: 'mastercard', networkReason: '4837' }, 'fraud'],
    [{ network: 'mastercard', networkReason: '4808' }, 'authorisation'],
    [{ network: 'mastercard', networkReason: '4853' }, 'not_as_described'],
    [{ network: 'mastercard', networkReason: '4853', reason: 'product_not_received' }, 'not_received'],
    [{ network: 'mastercard', networkReason: '4834', reason: 'duplicate' }, 'duplicate'],
    [{ network: 'mastercard', networkReason: '4853', reason: 'general' }, 'not_as_described'],
    [{ network: 'amex', networkReason: 'f29' }, 'fraud'],
    [{ network: 'american_express', networkReason: 'C08' }, 'not_received'],
    [{ network: 'discover', networkReason: 'UA02' }, 'fraud'],
    [{ network: 'discover', networkReason: 'RG' }, 'not_received'],
    [{ networkReason: '13.6' }, 'credit_not_processed'],
    [{ reason: 'fraudulent' }, 'fraud'],
    [{ reason: 'UNAUTHORISED' }, 'fraud'],
    [{ reason: 'MERCHANDISE_OR_SERVICE_NOT_AS_DESCRIBED' }, 'not_as_described'],
    [{ network: 'visa', networkReason: '99.9', reason: 'duplicate' }, 'duplicate'],
    [{ reason: 'no such word' }, 'other'],
    [{ network: 'toString', networkReason: 'constructor', reason: '__proto__' }, 'other'],
    [{}, 'other'],
  ])('%j is %s', (given, family) => {
    expect(reasonFamily(given)).toBe(family)
  })

  it('knows every family in each network’s table, and all ten words of PayPal', () => {
    for (const table of [visaReasons, mastercardReasons, amexReasons, discoverReasons]) {
      const families = new Set(Object.values(table))
      for (const family of [
        'fraud',
        'not_received',
        'not_as_described',
        'cancelled',
        'credit_not_processed',
        'authorisation',
        'processing_error',
      ])
        expect(families).toContain(family)
    }
    expect(Object.keys(paypalReasons)).toHaveLength(10)
  })
})
