import { describe, expect, it } from 'vitest'
import {
  paymentFromDetails,
  paymentOutcome,
  refundFromDetails,
  transactionDecline,
  transactionRefusal,
} from './authorize-net-snapshot.ts'
import type { TransactionDetails } from './authorize-net-types.ts'

const details = (transactionStatus: string, more: object = {}): TransactionDetails =>
  ({ transId: '1', transactionStatus, authAmount: 10, settleAmount: 10, ...more }) as unknown as TransactionDetails

describe('transactions of Authorize.Net', () => {
  it.each([
    ['capturedPendingSettlement', 'captured', 'succeeded'],
    ['settledSuccessfully', 'captured', 'succeeded'],
    ['authorizedPendingCapture', 'authorised', 'authorised'],
    ['declined', 'declined', 'declined'],
    ['voided', 'voided', 'declined'],
    ['expired', 'expired', 'declined'],
    ['inventedTomorrow', 'pending', 'pending'],
  ])('that are %s: %s, the outcome %s', (status, state, outcome) => {
    const payment = paymentFromDetails(details(status), 'USD')
    expect([payment.state, paymentOutcome(payment).status]).toEqual([state, outcome])
    expect(payment.captured.amount).toBe(state === 'captured' ? 1000n : 0n)
    expect(payment.captures).toHaveLength(state === 'captured' ? 1 : 0)
  })

  it('that wait for somebody are pending, and have a card only where one is named', () => {
    const payment = paymentFromDetails(details('declined'), 'USD')
    for (const state of ['created', 'requires_action', 'pending'] as const)
      expect(paymentOutcome({ ...payment, state }).status).toBe('pending')
    expect(payment.method).toEqual({ type: 'card', brand: undefined, last4: undefined })
    const creditCard = { cardNumber: 'XXXX1111', cardType: 'Visa' }
    expect(paymentFromDetails(details('declined', { payment: { creditCard } }), 'USD').method).toMatchObject({
      ...{ brand: 'visa', last4: '1111' },
    })
  })

  it.each([
    ['refundPendingSettlement', 'pending'],
    ['refundSettledSuccessfully', 'succeeded'],
    ['voided', 'failed'],
    ['inventedTomorrow', 'pending'],
  ])('that give back, %s: %s', (status, state) => {
    const refund = refundFromDetails(
      details(status, { refTransId: '7', settleAmount: undefined, authAmount: 3.5 }),
      'USD',
    )
    expect(refund).toMatchObject({ state, payment: '7', capture: '7', amount: { amount: 350n } })
  })

  it('whose codes are not known are declined and refused in general', () => {
    expect(transactionDecline('8', 'x')).toMatchObject({ reason: 'expired_card', advice: 'other_method' })
    expect(transactionDecline('9999', 'x')).toEqual({
      reason: 'card_declined',
      advice: 'other_method',
      code: '9999',
      message: 'x',
    })
    expect([transactionRefusal('54', 'x').reason, transactionRefusal('9999', 'x').reason]).toEqual([
      'not_settled',
      'declined',
    ])
  })
})
