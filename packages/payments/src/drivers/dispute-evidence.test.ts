import { SeededRandom, SimulatedClock } from '@exprsn/core/testing'
import { Client } from '@paypal/paypal-server-sdk'
import Stripe from 'stripe'
import { describe, expect, expectTypeOf, it } from 'vitest'
import type { DisputeEvidence } from '../gateway/dispute-evidence.ts'
import { simulatePaypal } from '../testing/paypal/simulate-paypal.ts'
import { simulateStripe } from '../testing/stripe/simulate-stripe.ts'
import { authorizeNetGateway } from './authorizenet.ts'
import { paypalGateway } from './paypal.ts'
import { evidenceInput } from './paypal/paypal-evidence.ts'
import { disputeFromPaypal } from './paypal/paypal-snapshot.ts'
import { stripeGateway } from './stripe.ts'
import { evidenceParameters } from './stripe/stripe-evidence.ts'
import { disputeFromStripe } from './stripe/stripe-snapshot.ts'

const day = 86_400_000
const eur = (amount: bigint) => ({ amount, currency: 'EUR' })
const everything: DisputeEvidence = {
  ...{ customerName: 'B', customerEmail: 'b@example.com', customerIp: '203.0.113.7', billingAddress: 'Lamp Street 1' },
  ...{ productDescription: 'A lamp', accessLog: 'none', shippingAddress: 'Lamp Street 1', shippingCarrier: 'Post' },
  ...{ shippingTracking: 'RR1', shippedOn: '2026-01-01', deliveredOn: '2026-01-02', serviceOn: '2026-01-03' },
  ...{ refundPolicyDisclosure: 'shown', refundRefusal: 'too late', refunds: ['re_1'], cancellationRebuttal: 'no' },
  ...{
    cancellationPolicyDisclosure: 'shown',
    otherCharge: 'ch_2',
    otherChargeExplanation: 'another',
    explanation: 'so',
  },
  files: [{ kind: 'receipt', reference: 'file_1' }],
}

describe('evidence in Stripe’s fields', () => {
  it('has a place for everything, and is of the type of the stripe package', () => {
    const { evidence, submit } = evidenceParameters('stripe', everything) as {
      readonly evidence: Record<string, string>
      readonly submit: boolean
    }
    expect(submit).toBe(true)
    const texts = Object.values(evidence).join('\n')
    for (const value of Object.values(everything)) if (typeof value === 'string') expect(texts).toContain(value)
    expect(evidence).toMatchObject({ receipt: 'file_1', shipping_tracking_number: 'RR1' })
    expect(evidence['uncategorized_text']).toBe('so\n\nDelivered on 2026-01-02.\n\nRefunded before: re_1.')
    expectTypeOf<{
      evidence: Stripe.DisputeUpdateParams.Evidence
      submit: boolean
    }>().toExtend<Stripe.DisputeUpdateParams>()
  })

  it.each<[string, DisputeEvidence, string]>([
    ['bad input: nothing', {}, 'is empty'],
    ['bad input: more than 150,000 characters', { explanation: 'x'.repeat(150_001) }, 'not up to 150000'],
    [
      'bad input: two files of one kind',
      { files: [1, 2].map((n) => ({ kind: 'receipt', reference: `file_${n}` })) },
      'has two of receipt',
    ],
  ])('%s', (_, evidence, reason) => {
    expect(() => evidenceParameters('stripe', evidence)).toThrow(reason)
  })
})

describe('evidence for PayPal', () => {
  it('is a proof of fulfilment, a proof of refund and notes', () => {
    const { files: _, ...given } = everything
    const { evidences } = evidenceInput('paypal', given) as { readonly evidences: readonly Record<string, unknown>[] }
    expect(evidences.map((evidence) => evidence['evidence_type'])).toEqual([
      'PROOF_OF_FULFILLMENT',
      'PROOF_OF_REFUND',
      'OTHER',
    ])
    expect(evidences[2]!['notes']).toContain('Delivered on 2026-01-02')
  })

  it.each<[string, DisputeEvidence, string]>([
    ['bad input: nothing', {}, 'is empty'],
    ['bad input: notes of more than 2,000 characters', { explanation: 'x'.repeat(2_001) }, 'not up to 2000'],
    ['bad input: files', { files: [{ kind: 'receipt', reference: 'f' }] }, 'cannot be named'],
  ])('%s', (_, evidence, reason) => {
    expect(() => evidenceInput('paypal', evidence)).toThrow(reason)
  })
})

describe('Stripe with the stripe package', () => {
  async function disputed() {
    const clock = new SimulatedClock()
    const simulator = await simulateStripe({ clock, random: new SeededRandom(7) })
    const client = new Stripe(simulator.apiKey, { ...simulator.clientConfig, timeout: 1_000 })
    const gateway = stripeGateway({ client, clock })
    const method = { kind: 'token', token: 'pm_card_visa' } as const
    const charge = await gateway.charge({ key: 'k', amount: eur(5_000n), method })
    if (charge.status !== 'succeeded') throw new Error(charge.status)
    const dispute = simulator.openDispute(charge.payment.reference, { reason: 'fraudulent', networkReason: '10.4' })
    return { clock, simulator, gateway, dispute }
  }

  it('hands evidence in once, and says what network and code it is about', async () => {
    const { simulator, gateway, dispute } = await disputed()
    await using _ = simulator
    expect(await gateway.fetch({ kind: 'dispute', reference: dispute })).toMatchObject({
      ...{ stage: 'chargeback', network: 'visa', networkReason: '10.4', submissions: 0 },
      actions: ['accept', 'submit_evidence'],
    })
    const command = { key: 'e', dispute, evidence: { explanation: 'so' } }
    expect(await gateway.submitEvidence(command)).toMatchObject({
      status: 'succeeded',
      result: { state: 'under_review', submissions: 1, actions: [] },
    })
    expect(await gateway.submitEvidence(command)).toMatchObject({ status: 'succeeded' })
    expect(await gateway.submitEvidence({ ...command, key: 'e2' })).toMatchObject({ status: 'refused' })
    expect(await gateway.submitEvidence({ ...command, key: 'e3', dispute: 'du_0' })).toMatchObject({
      refusal: { reason: 'not_found' },
    })
  })

  it('refuses what comes too late, and card numbers before anything is sent', async () => {
    const { clock, simulator, gateway, dispute } = await disputed()
    await using _ = simulator
    const sent = simulator.requests.length
    await expect(
      gateway.submitEvidence({ key: 'e', dispute, evidence: { explanation: '4111111111111111' } }),
    ).rejects.toMatchObject({ code: 'PAYMENTS_CARD_NUMBER_REFUSED' })
    expect(simulator.requests).toHaveLength(sent)
    await clock.advanceBy(10 * day)
    expect(await gateway.submitEvidence({ key: 'l', dispute, evidence: { explanation: 'so' } })).toMatchObject({
      refusal: { reason: 'too_late' },
    })
  })

  it.each([
    ['warning_needs_response', 'inquiry', 'inquiry'],
    ['warning_under_review', 'under_review', 'inquiry'],
    ['warning_closed', 'closed', 'inquiry'],
    ['prevented', 'closed', 'inquiry'],
    ['needs_response', 'needs_response', 'chargeback'],
    ['lost', 'lost', 'chargeback'],
    ['appeal_needs_response', 'needs_response', 'pre_arbitration'],
    ['appeal_under_review', 'under_review', 'pre_arbitration'],
  ])('%s is %s in the stage %s', (status, state, stage) => {
    const snapshot = disputeFromStripe({
      ...{ id: 'du_1', amount: 100, currency: 'eur', status, reason: 'fraudulent', balance_transactions: [] },
      ...{ evidence_details: { due_by: null }, payment_intent: 'pi_1', charge: 'ch_1' },
    })
    expect(snapshot).toMatchObject({ state, stage })
  })
})

describe('PayPal with the server SDK', () => {
  async function disputed() {
    const clock = new SimulatedClock()
    const simulator = await simulatePaypal({ clock, random: new SeededRandom(7) })
    const client = new Client({ ...simulator.clientConfig, timeout: 1_000 })
    const gateway = paypalGateway({ client, clock, baseUrl: simulator.url })
    const returnUrl = 'https://shop.example/back'
    const begun = await gateway.charge({ key: 'k', amount: eur(5_000n), method: { kind: 'redirect' }, returnUrl })
    if (begun.status !== 'requires_action') throw new Error(begun.status)
    simulator.approve(begun.payment.reference)
    const paid = await gateway.resume({ key: 'r', payment: begun.payment.reference })
    if (paid.status !== 'succeeded') throw new Error(paid.status)
    const dispute = simulator.openDispute(paid.payment.captures[0]!.reference, { inquiry: true })
    return { simulator, gateway, dispute }
  }

  it('goes where the links lead, and nowhere when there is none', async () => {
    const { simulator, gateway, dispute } = await disputed()
    await using _ = simulator
    await using __ = gateway
    const evidence = { explanation: 'so' }
    expect(await gateway.submitEvidence({ key: 'e', dispute, evidence })).toMatchObject({
      status: 'succeeded',
      result: { state: 'under_review', stage: 'inquiry', submissions: 1 },
    })
    expect(await gateway.submitEvidence({ key: 'e2', dispute, evidence })).toMatchObject({
      refusal: { code: 'ACTION_NOT_ALLOWED' },
    })
    expect(await gateway.acceptDispute({ key: 'a', dispute })).toMatchObject({
      result: { state: 'accepted', actions: [] },
    })
    expect(await gateway.acceptDispute({ key: 'a2', dispute })).toMatchObject({
      refusal: { code: 'ACTION_NOT_ALLOWED' },
    })
    expect(await gateway.submitEvidence({ key: 'e3', dispute: 'PP-D-0', evidence })).toMatchObject({
      status: 'refused',
    })
  })

  it('says what its links allow; without links it says nothing', () => {
    const link = (rel: string) => ({
      rel,
      href: `https://api-m.paypal.com/v1/customer/disputes/D/${rel}`,
      method: 'POST',
    })
    const base = {
      dispute_id: 'D',
      status: 'OPEN',
      reason: 'OTHER',
      dispute_amount: { currency_code: 'EUR', value: '1.00' },
    }
    expect(disputeFromPaypal({ ...base, links: [link('appeal'), link('escalate')] }).actions).toEqual([
      'submit_evidence',
    ])
    expect(disputeFromPaypal({ ...base, links: [] }).actions).toEqual([])
    expect(disputeFromPaypal(base).actions).toBeUndefined()
  })
})

describe('Authorize.Net', () => {
  it('says honestly that it takes no evidence', async () => {
    const gateway = authorizeNetGateway({ apiLoginId: 'x', transactionKey: 'y' })
    expect(gateway.capabilities.submitEvidence).toBe(false)
    await expect(gateway.submitEvidence({ key: 'k', dispute: 'CB-1', evidence: {} })).rejects.toMatchObject({
      code: 'PAYMENTS_GATEWAY_NOT_SUPPORTED',
    })
  })
})
