import { shuffled } from '@exprsn/core'
import { SeededRandom } from '@exprsn/core/testing'
import { describe, expect, it } from 'vitest'
import { findCompellingEvidence, type HistoricPurchase } from './find-compelling.ts'
import { validPurchase, type Purchase } from './purchase.ts'

const day = 86_400_000
const opened = Date.UTC(2026, 10, 1)
const device = 'device-0123456789'
const fingerprint = 'fingerprint-0123456789'

const bought = (charge: string, days: number, given: Partial<HistoricPurchase> = {}): HistoricPurchase => ({
  ...{ payment: `p-${charge}`, charge, at: new Date(opened - days * day), credential: 'card-7', disputed: false },
  ...{ ip: '203.0.113.7', deviceId: device, accountId: 'u-1', shippingAddress: 'Lamp Street 1, 1010 Vienna' },
  ...given,
})
const disputed = bought('ch_9', 20)
const find = (
  history: readonly HistoricPurchase[],
  given: Partial<Parameters<typeof findCompellingEvidence>[0]> = {},
) =>
  findCompellingEvidence({
    ...{ network: 'visa', networkReason: '10.4', openedAt: new Date(opened), disputed, history },
    ...given,
  })

describe('findCompellingEvidence', () => {
  it('takes two purchases with most in common, the latest first', () => {
    const history = [
      bought('ch_1', 300),
      bought('ch_2', 200),
      bought('ch_3', 150),
      bought('ch_4', 130, { accountId: 'u-2' }),
    ]
    expect(find(history)).toMatchObject({
      eligible: true,
      elements: ['ip', 'device', 'account', 'shipping_address'],
      evidence: { kind: 'merchandise', disputed: { charge: 'ch_9' }, priors: [{ charge: 'ch_3' }, { charge: 'ch_2' }] },
    })
  })

  it('says the same whatever the order of the history', () => {
    const history = Array.from({ length: 12 }, (_, index) =>
      bought(`ch_${index}`, 120 + index * 20, index % 3 === 0 ? { ip: '198.51.100.1' } : {}),
    )
    const first = find(history)
    for (let seed = 1; seed <= 50; seed++) expect(find(shuffled(new SeededRandom(seed), history))).toEqual(first)
  })

  it.each([
    [119, false],
    [119.01, true],
    [120, true],
    [365, true],
    [365.99, true],
    [366, false],
  ])('a purchase %d days old counts: %s', (days, eligible) => {
    expect(find([bought('ch_1', days), bought('ch_2', 200)]).eligible).toBe(eligible)
  })

  it.each<[string, readonly HistoricPurchase[], Partial<Purchase>, string]>([
    ['one purchase', [bought('ch_1', 200)], {}, 'too_few_purchases'],
    ['a disputed one', [bought('ch_1', 200), bought('ch_2', 300, { disputed: true })], {}, 'too_few_purchases'],
    ['another card', [bought('ch_1', 200), bought('ch_2', 300, { credential: 'card-8' })], {}, 'too_few_purchases'],
    [
      'account and address alone',
      [bought('ch_1', 200), bought('ch_2', 300)],
      { ip: undefined, deviceId: undefined },
      'no_device_or_ip',
    ],
    [
      'a device that is too short',
      [bought('ch_1', 200), bought('ch_2', 300)],
      { ip: undefined, deviceId: 'short' },
      'no_device_or_ip',
    ],
    [
      'one element alone',
      [200, 300].map((days) =>
        bought(`ch_${days}`, days, { accountId: 'x', shippingAddress: 'y', deviceId: undefined }),
      ),
      {},
      'too_few_common_elements',
    ],
    [
      'elements that two share, each with another',
      [
        bought('ch_1', 200, { accountId: 'x', shippingAddress: 'x', deviceId: undefined }),
        bought('ch_2', 300, { ip: 'x', shippingAddress: 'x', deviceId: undefined }),
      ],
      {},
      'too_few_common_elements',
    ],
  ])('%s: not eligible', (_, history, given, reason) => {
    expect(find(history, { disputed: { ...disputed, ...given } })).toMatchObject({ eligible: false, reason })
  })

  it.each([
    [{ networkReason: '10.3' }, 'not_visa_fraud'],
    [{ network: 'mastercard' }, 'not_visa_fraud'],
    [{ disputed: undefined }, 'purchase_unknown'],
  ])('%j: not eligible', (given, reason) => {
    expect(find([bought('ch_1', 200), bought('ch_2', 300)], given)).toMatchObject({ eligible: false, reason })
  })

  it('does not take the disputed purchase for an older one of itself', () => {
    const old = bought('ch_9', 200)
    expect(find([old, bought('ch_1', 200)], { disputed: old })).toMatchObject({ reason: 'too_few_purchases' })
  })

  it('compares addresses by their words, and prefers a fingerprint to an identifier', () => {
    const theirs = { accountId: undefined, ip: undefined, deviceFingerprint: fingerprint }
    const finding = find(
      [200, 300].map((days) =>
        bought(`ch_${days}`, days, { ...theirs, deviceId: 'other', shippingAddress: 'LAMP street 1 – 1010 Vienna' }),
      ),
      { disputed: { ...disputed, ...theirs } },
    )
    expect(finding).toMatchObject({ eligible: true, elements: ['device', 'shipping_address'] })
  })
})

describe('a purchase to remember', () => {
  it.each<[string, Partial<Purchase>, string]>([
    ['bad input: no card', { credential: '' }, 'credential'],
    ['bad input: no time', { at: new Date(Number.NaN) }, 'at'],
    ['bad input: a text without end', { description: 'x'.repeat(501) }, 'description'],
  ])('%s', (_, given, field) => {
    expect(() => validPurchase({ ...disputed, ...given })).toThrow(
      expect.objectContaining({
        code: 'PAYMENTS_DISPUTE_PURCHASE_INVALID',
        details: expect.objectContaining({ field }),
      }),
    )
  })

  it('bad input: the card’s number in the place of its name', () => {
    expect(() => validPurchase({ ...disputed, credential: '4111111111111111' })).toThrow(
      expect.objectContaining({ code: 'PAYMENTS_CARD_NUMBER_REFUSED' }),
    )
  })
})
