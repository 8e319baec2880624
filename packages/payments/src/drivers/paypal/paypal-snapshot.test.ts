import { describe, expect, it } from 'vitest'
import { eventFromPaypal } from './paypal-events.ts'
import { paymentOutcome, transferOutcome } from './paypal-outcome.ts'
import { disputeFromPaypal, paymentFromOrder, payoutFromPaypal, refundFromPaypal } from './paypal-snapshot.ts'
import type { PaypalOrder } from './paypal-types.ts'

const eur = (value: string) => ({ currency_code: 'EUR', value })
const order = (status: string, payments: object = {}, more: object = {}): PaypalOrder =>
  ({ id: 'O', status, purchase_units: [{ amount: eur('10.00'), custom_id: 'k', payments }], ...more }) as PaypalOrder
const authorised = (status: string) => ({ authorizations: [{ id: 'A', status, amount: eur('10.00') }] })
const captured = (status: string, more: object = {}) => ({
  captures: [{ id: 'C', status, amount: eur('10.00'), ...more }],
})

describe('orders of PayPal', () => {
  it.each([
    [order('CREATED'), 'requires_action'],
    [order('SAVED'), 'requires_action'],
    [order('APPROVED'), 'requires_action'],
    [order('VOIDED'), 'voided'],
    [order('COMPLETED'), 'pending'],
    [order('COMPLETED', authorised('CREATED')), 'authorised'],
    [order('COMPLETED', authorised('PENDING')), 'pending'],
    [order('COMPLETED', authorised('DENIED')), 'declined'],
    [order('COMPLETED', authorised('VOIDED')), 'voided'],
    [order('COMPLETED', captured('COMPLETED')), 'captured'],
    [order('COMPLETED', captured('PENDING')), 'pending'],
    [order('COMPLETED', captured('REFUNDED')), 'captured'],
    [order('COMPLETED', captured('DECLINED', { processor_response: { response_code: '5120' } })), 'declined'],
    [order('COMPLETED', captured('FAILED')), 'declined'],
    [{ id: 'O', status: 'CREATED' }, 'requires_action'],
  ])('%j is %s', (given, state) => {
    expect(paymentFromOrder(given).state).toBe(state)
  })

  it.each([
    [order('COMPLETED', captured('COMPLETED')), 'succeeded'],
    [order('COMPLETED', authorised('CREATED')), 'authorised'],
    [order('CREATED'), 'requires_action'],
    [order('COMPLETED', captured('PENDING')), 'pending'],
    [order('COMPLETED', captured('DECLINED')), 'declined'],
    [order('VOIDED'), 'declined'],
  ])('%j gives %s', (given, status) => {
    expect(paymentOutcome(given)).toMatchObject({ status })
  })

  it('say why a card was declined, where to go, and what paid', () => {
    const declined = order('COMPLETED', captured('DECLINED', { processor_response: { response_code: '5400' } }))
    expect(paymentFromOrder(declined).decline).toMatchObject({ reason: 'expired_card', code: '5400' })
    const links = [{ rel: 'approve', href: 'https://paypal.example/approve' }]
    const source = { card: { brand: 'VISA', last_digits: '1111', expiry: '2030-01' } }
    expect(paymentFromOrder(order('CREATED', {}, { links, payment_source: source }))).toMatchObject({
      nextAction: { kind: 'redirect', url: 'https://paypal.example/approve' },
      method: { type: 'card', brand: 'visa', last4: '1111', expires: '2030-01' },
    })
  })
})

describe('refunds, payouts and disputes of PayPal', () => {
  it.each([
    ['COMPLETED', 'succeeded'],
    ['PENDING', 'pending'],
    ['CANCELLED', 'failed'],
    ['FAILED', 'failed'],
  ])('a refund that is %s is %s', (status, state) => {
    expect(refundFromPaypal({ id: 'R', status, amount: eur('1.00') })).toMatchObject({ state, capture: undefined })
  })

  it.each([
    ['PROCESSING', 'in_transit'],
    ['SUCCESS', 'paid'],
    ['DENIED', 'failed'],
    ['CANCELED', 'cancelled'],
    ['NEW', 'pending'],
  ])('a payout that is %s is %s', (batch_status, state) => {
    const asked = { amount: 100n, currency: 'EUR' }
    expect(payoutFromPaypal({ batch_header: { payout_batch_id: 'P', batch_status } }, asked)).toMatchObject({
      ...{ state, amount: asked },
    })
    expect(payoutFromPaypal({ batch_header: { payout_batch_id: 'P', batch_status } }).amount.amount).toBe(0n)
  })

  it.each([
    [{ status: 'OPEN', dispute_life_cycle_stage: 'INQUIRY' }, 'inquiry'],
    [{ status: 'OPEN', dispute_life_cycle_stage: 'CHARGEBACK' }, 'needs_response'],
    [{ status: 'WAITING_FOR_BUYER_RESPONSE' }, 'under_review'],
    [{ status: 'UNDER_REVIEW' }, 'under_review'],
    [{ status: 'RESOLVED', dispute_outcome: { outcome_code: 'ACCEPTED' } }, 'accepted'],
    [{ status: 'RESOLVED', dispute_outcome: { outcome_code: 'CANCELED_BY_BUYER' } }, 'won'],
    [{ status: 'RESOLVED', dispute_outcome: { outcome_code: 'DENIED' } }, 'won'],
    [{ status: 'RESOLVED', dispute_outcome: { outcome_code: 'RESOLVED_WITH_PAYOUT' } }, 'lost'],
    [{ status: 'RESOLVED' }, 'lost'],
  ])('a dispute %j is %s', (given, state) => {
    const dispute = disputeFromPaypal({ dispute_id: 'D', reason: 'OTHER', dispute_amount: eur('1.00'), ...given })
    expect(dispute).toMatchObject({ state, evidenceDueBy: undefined, withdrawn: { amount: 0n } })
  })

  it.each([
    ['failed', 'refused'],
    ['cancelled', 'refused'],
    ['succeeded', 'succeeded'],
    ['paid', 'succeeded'],
    ['in_transit', 'pending'],
  ])('what is %s is %s', (state, status) => {
    expect(transferOutcome({ state })).toMatchObject({ status })
  })
})

describe('events of PayPal', () => {
  const event = (event_type: string, resource: unknown) =>
    eventFromPaypal({ id: 'WH', event_type, create_time: '2026-01-05T09:00:00Z', resource })

  it('about an authorisation without its order, or nothing of money, tell nothing', () => {
    expect(event('PAYMENT.AUTHORIZATION.CREATED', { id: 'A' })).toBeUndefined()
    expect(event('BILLING.PLAN.CREATED', { id: 'P' })).toBeUndefined()
    expect(event('PAYMENT.CAPTURE.COMPLETED', null)).toBeUndefined()
    expect(event('PAYMENT.CAPTURE.COMPLETED', 'text')).toBeUndefined()
  })

  it('about a capture without its order say what to ask for', () => {
    const told = event('PAYMENT.CAPTURE.COMPLETED', { id: 'C', status: 'COMPLETED', amount: eur('1.00') })
    expect(told).toMatchObject({ subject: { kind: 'capture', reference: 'C', payment: undefined } })
    expect(told).not.toHaveProperty('snapshot')
  })

  it('about orders, refunds, payouts and disputes carry their state', () => {
    expect(event('CHECKOUT.ORDER.APPROVED', order('APPROVED'))?.snapshot).toMatchObject({ kind: 'payment', key: 'k' })
    const refund = { id: 'R', status: 'COMPLETED', amount: eur('1.00') }
    expect(event('PAYMENT.REFUND.PENDING', refund)?.snapshot).toMatchObject({ kind: 'refund' })
    const batch = { batch_header: { payout_batch_id: 'P', batch_status: 'SUCCESS' } }
    expect(event('PAYMENT.PAYOUTSBATCH.SUCCESS', batch)?.snapshot).toMatchObject({ kind: 'payout', state: 'paid' })
    const dispute = { dispute_id: 'D', reason: 'OTHER', status: 'OPEN', dispute_amount: eur('1.00') }
    expect(event('CUSTOMER.DISPUTE.CREATED', dispute)?.snapshot).toMatchObject({ kind: 'dispute' })
  })
})
