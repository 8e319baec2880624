import { describe, expect, it } from 'vitest'
import { mergePayment, mergeTransfer } from './merge-snapshot.ts'
import type { Payment, Transfer } from './payment.ts'
import { decodeJson, encodeJson } from './stored-json.ts'

const eur = (amount: bigint) => ({ amount, currency: 'EUR' })
const refund: Transfer = {
  kind: 'refund',
  gateway: 'sim',
  reference: 're_1',
  payment: 'p',
  state: 'succeeded',
  amount: eur(100n),
  fee: eur(0n),
  withdrawn: eur(0n),
  reinstated: eur(0n),
  reason: undefined,
  evidenceDueBy: undefined,
  arrivesAt: undefined,
  toBank: true,
  key: 'k',
}

describe('merging a transfer', () => {
  it('sees no change in a report that comes again, though the record was stored as JSON meanwhile', () => {
    expect(mergeTransfer(decodeJson<Transfer>(encodeJson(refund)), refund)).toEqual({ change: 'none' })
    const dated = { ...refund, kind: 'payout' as const, arrivesAt: new Date(5) }
    expect(mergeTransfer(decodeJson<Transfer>(encodeJson(dated)), dated)).toEqual({ change: 'none' })
  })

  it.each([
    ['the state', { ...refund, state: 'pending' as const }, refund],
    ['the key', { ...refund, key: undefined }, refund],
    ['the payment', { ...refund, payment: undefined }, refund],
    ['the fee', refund, { ...refund, fee: eur(3n) }],
    ['the day of arrival', refund, { ...refund, arrivesAt: new Date(5) }],
    ['the reason', refund, { ...refund, reason: 'asked for' }],
  ])('sees a change of %s', (_, known, report) => {
    expect(mergeTransfer(decodeJson<Transfer>(encodeJson(known)), report)).toMatchObject({
      change: 'newer',
      record: report,
    })
  })
})

describe('merging a payment', () => {
  const known: Payment = {
    id: 'p',
    gateway: 'sim',
    reference: 'pi_1',
    key: 'k',
    order: undefined,
    state: 'captured',
    amount: eur(100n),
    authorised: eur(100n),
    captured: eur(100n),
    refunded: eur(0n),
    method: { type: 'card', brand: 'visa', last4: '4242' },
    decline: undefined,
    nextAction: undefined,
    createdAt: new Date(1),
    updatedAt: new Date(1),
  }
  const report = { ...known, kind: 'payment', captures: [], refunds: [], reference: 'pi_1' } as const

  it('sees no change in the same again, and one in a method that was not known', () => {
    expect(mergePayment(known, report, false)).toEqual({ change: 'none' })
    expect(mergePayment(known, { ...report, method: { type: 'card', last4: '0002' } }, false)).toMatchObject({
      change: 'newer',
      record: { method: { type: 'card', last4: '0002' } },
    })
  })
})
