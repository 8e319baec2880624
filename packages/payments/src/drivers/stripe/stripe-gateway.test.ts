import { SeededRandom, SimulatedClock } from '@exprsn/core/testing'
import Stripe from 'stripe'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { PaymentGateway } from '../../gateway/gateway.ts'
import type { PaymentOutcome } from '../../gateway/outcome.ts'
import { simulateStripe, type StripeSimulator } from '../../testing/stripe/simulate-stripe.ts'
import { chargeParameters } from './stripe-charge.ts'
import type { StripeClientLike } from './stripe-client.ts'
import { stripeGateway } from './stripe-gateway.ts'

const day = 86_400_000
const eur = (amount: bigint) => ({ amount, currency: 'EUR' })

let clock: SimulatedClock
let simulator: StripeSimulator
let gateway: PaymentGateway

beforeEach(async () => {
  clock = new SimulatedClock()
  simulator = await simulateStripe({ clock, random: new SeededRandom(7) })
  const client = new Stripe(simulator.apiKey, { ...simulator.clientConfig, timeout: 1000 })
  gateway = stripeGateway({ client, clock, webhookSecrets: [simulator.webhookSecret] })
})

afterEach(async () => {
  await gateway.close()
  await simulator.close()
})

async function pay(key: string, token = 'pm_card_visa', options: object = {}): Promise<PaymentOutcome> {
  return gateway.charge({ key, amount: eur(5000n), method: { kind: 'token', token }, ...options })
}

async function paid(key: string): Promise<string> {
  const outcome = await pay(key)
  if (outcome.status !== 'succeeded') throw new Error(outcome.status)
  return outcome.payment.reference
}

describe('charges', () => {
  it.each([
    ['pm_card_visa_chargeDeclined', 'card_declined', 'other_method'],
    ['pm_card_visa_chargeDeclinedInsufficientFunds', 'insufficient_funds', 'later'],
    ['pm_card_visa_chargeDeclinedLostCard', 'lost_or_stolen', 'other_method'],
    ['pm_card_chargeDeclinedExpiredCard', 'expired_card', 'other_method'],
    ['pm_card_chargeDeclinedIncorrectCvc', 'incorrect_cvc', 'buyer'],
    ['pm_card_chargeDeclinedProcessingError', 'processing_error', 'later'],
    ['pm_card_chargeDeclinedFraudulent', 'fraud_suspected', 'other_method'],
  ])('%s is declined: %s, try %s', async (token, reason, advice) => {
    expect(await pay('k', token)).toMatchObject({
      status: 'declined',
      decline: { reason, advice },
      payment: { state: 'declined' },
    })
  })

  it('gives a redeclined command its first answer, also when it was a decline', async () => {
    const first = await pay('k', 'pm_card_visa_chargeDeclined')
    expect(await pay('k', 'pm_card_visa_chargeDeclined')).toEqual(first)
    expect(simulator.payments()).toHaveLength(1)
  })

  it('refuses a key that was used for something else', async () => {
    await pay('k')
    await expect(
      gateway.charge({ key: 'k', amount: eur(9n * 100n), method: { kind: 'token', token: 'pm_card_visa' } }),
    ).rejects.toMatchObject({
      code: 'PAYMENTS_GATEWAY_KEY_REUSED',
    })
  })

  it('asks the buyer for 3-D Secure by redirect, and goes on when the buyer is back', async () => {
    const outcome = await pay('k', 'pm_card_authenticationRequired', { returnUrl: 'https://shop.example/back' })
    if (outcome.status !== 'requires_action') throw new Error(outcome.status)
    const { payment, nextAction } = outcome
    expect(nextAction).toMatchObject({ kind: 'redirect', url: expect.stringContaining('https://') })
    expect(payment.captured.amount).toBe(0n)
    simulator.authenticate(payment.reference)
    expect(await gateway.resume({ key: 'k/resume', payment: payment.reference })).toMatchObject({ status: 'succeeded' })
  })

  it('asks by script where there is no way back, and says when the buyer failed', async () => {
    const outcome = await pay('k', 'pm_card_authenticationRequired')
    if (outcome.status !== 'requires_action') throw new Error(outcome.status)
    expect(outcome.nextAction).toMatchObject({ kind: 'script', clientSecret: expect.stringContaining('_secret_') })
    simulator.authenticate(outcome.payment.reference, false)
    const after = await gateway.resume({ key: 'k/resume', payment: outcome.payment.reference })
    expect(after).toMatchObject({ status: 'declined', decline: { reason: 'authentication_failed' } })
  })

  it('lets the browser pay what was made without a method', async () => {
    const outcome = await gateway.charge({ key: 'k', amount: eur(5000n), method: { kind: 'redirect' } })
    if (outcome.status !== 'requires_action') throw new Error(outcome.status)
    simulator.payInBrowser(outcome.payment.reference, 'pm_card_mastercard')
    const after = await gateway.resume({ key: 'k/resume', payment: outcome.payment.reference })
    expect(after).toMatchObject({ status: 'succeeded', payment: { method: { brand: 'mastercard', last4: '4444' } } })
  })

  it('waits for a bank debit, which succeeds or fails days later', async () => {
    for (const succeeds of [true, false]) {
      const outcome = await pay(`k/${succeeds}`, 'pm_usBankAccount_processing')
      if (outcome.status !== 'pending') throw new Error(outcome.status)
      simulator.finishProcessing(outcome.payment.reference, succeeds)
      const after = await gateway.resume({ key: `k/${succeeds}/resume`, payment: outcome.payment.reference })
      expect(after.status).toBe(succeeds ? 'succeeded' : 'declined')
    }
  })

  it('names what Stripe refuses', async () => {
    await expect(pay('k', 'pm_card_unknown')).rejects.toMatchObject({ code: 'PAYMENTS_GATEWAY_REQUEST_REFUSED' })
    const small = gateway.charge({ key: 'k2', amount: eur(3n), method: { kind: 'token', token: 'pm_card_visa' } })
    await expect(small).rejects.toMatchObject({ details: { code: 'amount_too_small' } })
    expect(simulator.payments().every(({ captured }) => captured === 0n)).toBe(true)
  })

  it('names wrong credentials, and a gateway that is not there', async () => {
    const wrong = stripeGateway({ client: new Stripe('sk_test_wrong', simulator.clientConfig), clock })
    const command = { key: 'k', amount: eur(500n), method: { kind: 'token', token: 'pm_card_visa' } } as const
    await expect(wrong.charge(command)).rejects.toMatchObject({ code: 'PAYMENTS_GATEWAY_CREDENTIALS_REFUSED' })
    await simulator.close()
    await expect(gateway.charge(command)).rejects.toMatchObject({
      code: 'PAYMENTS_GATEWAY_UNREACHABLE',
      retryable: true,
    })
  })

  it('makes a client of its own from a key, with the host’s options', async () => {
    await using own = stripeGateway({ apiKey: simulator.apiKey, clientConfig: simulator.clientConfig, clock })
    const outcome = await own.charge({ key: 'k', amount: eur(500n), method: { kind: 'token', token: 'pm_card_visa' } })
    expect(outcome.status).toBe('succeeded')
  })

  it.each([[{}], [{ apiKey: 'sk_test_x', client: {} as StripeClientLike }]])('refuses the options %j', (options) => {
    expect(() => stripeGateway(options)).toThrow(expect.objectContaining({ code: 'PAYMENTS_GATEWAY_OPTION_INVALID' }))
  })
})

describe('amounts', () => {
  const charge = (amount: bigint, currency: string) =>
    chargeParameters({ key: 'k', amount: { amount, currency }, method: { kind: 'token', token: 't' } })['amount']

  it.each([
    [500n, 'JPY', 500],
    [500n, 'ISK', 50_000],
    [500n, 'UGX', 50_000],
    [1230n, 'KWD', 1230],
    [4990n, 'EUR', 4990],
    [500n, 'MGA', 5],
  ])('fault: currency exponents: %s %s is %s at Stripe', (amount, currency, units) => {
    expect(charge(amount, currency)).toBe(units)
  })

  it.each([
    [1234n, 'KWD', 'PAYMENTS_AMOUNT_NOT_REPRESENTABLE'],
    [550n, 'MGA', 'PAYMENTS_AMOUNT_NOT_REPRESENTABLE'],
    [100n, 'ZZZ', 'PAYMENTS_CURRENCY_UNKNOWN'],
  ])('fault: exponent mismatch: %s %s is refused', (amount, currency, code) => {
    expect(() => charge(amount, currency)).toThrow(expect.objectContaining({ code }))
  })

  it('reads them back as they were', async () => {
    const amount = { amount: 500n, currency: 'ISK' }
    const outcome = await gateway.charge({ key: 'k', amount, method: { kind: 'token', token: 'pm_card_visa' } })
    expect(outcome).toMatchObject({ status: 'succeeded', payment: { amount, captured: amount } })
  })

  it('refuses payouts that Stripe cannot make', async () => {
    const amount = { amount: 12_345n, currency: 'HUF' }
    await expect(gateway.payout({ key: 'p', amount })).rejects.toMatchObject({
      code: 'PAYMENTS_AMOUNT_NOT_REPRESENTABLE',
    })
  })
})

describe('authorisations', () => {
  it('expire after a week, and tell so', async () => {
    const outcome = await pay('k', 'pm_card_visa', { capture: 'later' })
    if (outcome.status !== 'authorised') throw new Error(outcome.status)
    await clock.advanceBy(7 * day)
    const late = await gateway.capture({ key: 'c', payment: outcome.payment.reference, amount: eur(5000n) })
    expect(late).toMatchObject({ status: 'refused', refusal: { reason: 'wrong_state' } })
    expect(await gateway.fetch({ kind: 'payment', reference: outcome.payment.reference })).toMatchObject({
      state: 'expired',
    })
  })

  it('give each capture its own name and key', async () => {
    const outcome = await pay('k', 'pm_card_visa', { capture: 'later' })
    if (outcome.status !== 'authorised') throw new Error(outcome.status)
    const { reference: payment } = outcome.payment
    await gateway.capture({ key: 'c1', payment, amount: eur(1000n), final: false })
    await gateway.capture({ key: 'c2', payment, amount: eur(500n) })
    const snapshot = await gateway.fetch({ kind: 'payment', reference: payment })
    expect(snapshot).toMatchObject({
      state: 'captured',
      captured: eur(1500n),
      captures: expect.arrayContaining([
        expect.objectContaining({ key: 'c1', amount: eur(1000n) }),
        expect.objectContaining({ key: 'c2', amount: eur(500n) }),
      ]),
    })
  })
})

describe('saved methods', () => {
  it('are kept for a customer, charged without the buyer, and forgotten', async () => {
    const customer = await gateway.createCustomer({
      key: 'cu',
      id: 'user-1',
      email: 'buyer@example.com',
      name: 'A Buyer',
    })
    if (customer.status !== 'succeeded') throw new Error(customer.status)
    const owner = customer.result.reference
    const saved = await gateway.saveMethod({ key: 'm', customer: owner, token: 'pm_card_visa' })
    if (saved.status !== 'succeeded') throw new Error(saved.status)
    expect(saved.result).toMatchObject({
      customer: owner,
      removed: false,
      method: { type: 'card', last4: '4242', expires: '2034-12' },
    })
    const method = { kind: 'saved', reference: saved.result.reference, customer: owner } as const
    expect(await gateway.charge({ key: 'r1', amount: eur(900n), method, offSession: true })).toMatchObject({
      status: 'succeeded',
    })
    const removed = await gateway.removeMethod({ key: 'x', customer: owner, reference: saved.result.reference })
    expect(removed).toMatchObject({ status: 'succeeded', result: { removed: true } })
    const again = await gateway.removeMethod({ key: 'y', customer: owner, reference: saved.result.reference })
    expect(again).toMatchObject({ status: 'refused' })
  })

  it('are kept along with a charge', async () => {
    const customer = await gateway.createCustomer({ key: 'cu', id: 'user-1' })
    if (customer.status !== 'succeeded') throw new Error(customer.status)
    await pay('k', 'pm_card_visa', { customer: customer.result.reference, saveMethod: true })
    const types = simulator.webhooks.pending.map(({ type }) => type)
    expect(types).toContain('payment_method.attached')
  })

  it('need the buyer again when the bank says so, which is a decline without the buyer', async () => {
    const method = { kind: 'saved', reference: 'pm_card_authenticationRequired' } as const
    const outcome = await gateway.charge({ key: 'k', amount: eur(900n), method, offSession: true })
    expect(outcome).toMatchObject({ status: 'declined', decline: { reason: 'authentication_failed', advice: 'buyer' } })
  })
})

describe('disputes', () => {
  it('take money and fee, and give both back when they are won', async () => {
    const payment = await paid('k')
    const reference = simulator.openDispute(payment)
    expect(await gateway.fetch({ kind: 'dispute', reference })).toMatchObject({
      payment,
      state: 'needs_response',
      amount: eur(5000n),
      withdrawn: eur(5000n),
      reinstated: eur(0n),
      fee: eur(1500n),
      reason: 'fraudulent',
      evidenceDueBy: expect.any(Date),
    })
    const refund = await gateway.refund({ key: 'r', payment, amount: eur(100n) })
    expect(refund).toMatchObject({ status: 'refused', refusal: { code: 'charge_disputed' } })
    simulator.closeDispute(reference, true)
    expect(await gateway.fetch({ kind: 'dispute', reference })).toMatchObject({
      state: 'won',
      reinstated: eur(5000n),
      fee: eur(0n),
    })
  })

  it('begin as inquiries that take nothing', async () => {
    const payment = await paid('k')
    const reference = simulator.openDispute(payment, { inquiry: true, reason: 'product_not_received' })
    expect(await gateway.fetch({ kind: 'dispute', reference })).toMatchObject({ state: 'inquiry', withdrawn: eur(0n) })
    simulator.closeDispute(reference, true)
    expect(await gateway.fetch({ kind: 'dispute', reference })).toMatchObject({ state: 'closed' })
  })

  it('can be accepted, once', async () => {
    const payment = await paid('k')
    const dispute = simulator.openDispute(payment)
    expect(await gateway.acceptDispute({ key: 'a', dispute })).toMatchObject({
      status: 'succeeded',
      result: { state: 'lost' },
    })
    expect(await gateway.acceptDispute({ key: 'b', dispute })).toMatchObject({
      status: 'refused',
      refusal: { reason: 'already_done' },
    })
  })
})

describe('payouts', () => {
  it('leave what is available, arrive at the bank, and can come back', async () => {
    await paid('k')
    const early = await gateway.payout({ key: 'p0', amount: eur(1000n) })
    expect(early).toMatchObject({ status: 'refused', refusal: { reason: 'insufficient_balance' } })
    await clock.advanceBy(2 * day)
    const payout = await gateway.payout({ key: 'p1', amount: eur(1000n) })
    if (payout.status !== 'pending') throw new Error(payout.status)
    const { reference } = payout.result
    await clock.advanceBy(2 * day)
    expect(await gateway.fetch({ kind: 'payout', reference })).toMatchObject({ state: 'paid', key: 'p1' })
    expect(simulator.bankStatement()).toMatchObject([{ amount: 1000n, currency: 'EUR', payout: reference }])
    simulator.failPayout(reference)
    expect(await gateway.fetch({ kind: 'payout', reference })).toMatchObject({
      state: 'failed',
      failure: 'account_closed',
    })
    expect(simulator.bankStatement().reduce((sum, { amount }) => sum + amount, 0n)).toBe(0n)
  })

  it('fault: payouts, settlements and bank lines add up to the same', async () => {
    for (let index = 0; index < 5; index++) await paid(`k${index}`)
    await clock.advanceBy(3 * day)
    const payout = simulator.payOut('EUR')
    await clock.advanceBy(3 * day)
    simulator.settle()
    let total = 0n
    for await (const { net } of gateway.settlements({ since: new Date(0) })) total += net.amount
    expect(total).toBe(0n)
    expect(simulator.bankStatement()).toMatchObject([{ payout, amount: 5n * (5000n - 175n) }])
  })

  it('go to the bank alone', async () => {
    const destination = { kind: 'email', email: 'someone@example.com' } as const
    const payout = gateway.payout({ key: 'p', amount: eur(100n), destination })
    await expect(payout).rejects.toMatchObject({ code: 'PAYMENTS_GATEWAY_NOT_SUPPORTED' })
  })
})

describe('history', () => {
  it('pages through more than a hundred events, the oldest first', async () => {
    for (let index = 0; index < 40; index++) await paid(`k${index}`)
    const ids: string[] = []
    const times: number[] = []
    for await (const { id, occurredAt } of gateway.events({ since: new Date(0) })) {
      ids.push(id)
      times.push(occurredAt.getTime())
    }
    expect(ids).toHaveLength(120)
    expect(new Set(ids).size).toBe(120)
    expect(times).toEqual(times.toSorted((left, right) => left - right))
  })

  it('finds a refund that failed later', async () => {
    const payment = await paid('k')
    const refund = await gateway.refund({ key: 'r', payment, amount: eur(2000n), reason: 'requested' })
    if (refund.status !== 'succeeded') throw new Error(refund.status)
    simulator.failRefund(refund.result.reference)
    const subject = { kind: 'refund', reference: refund.result.reference } as const
    expect(await gateway.fetch(subject)).toMatchObject({ state: 'failed', failure: expect.any(String) })
    expect(await gateway.fetch({ kind: 'payment', reference: payment })).toMatchObject({ refunded: eur(0n) })
  })

  it.each(['payment', 'refund', 'payout', 'dispute', 'method', 'capture'] as const)(
    'does not know a %s of another account',
    async (kind) => {
      expect(await gateway.fetch({ kind, reference: 'xx_unknown' })).toBeUndefined()
    },
  )

  it('says that it takes no webhooks without a secret', async () => {
    const silent = stripeGateway({ client: new Stripe('sk_test_x'), clock })
    const delivery = { headers: new Headers(), body: new Uint8Array() }
    await expect(silent.receive(delivery)).rejects.toMatchObject({ code: 'PAYMENTS_GATEWAY_NOT_SUPPORTED' })
  })
})

describe('the types of the stripe package', () => {
  it('take what the driver sends, and its client fits', () => {
    const command = { key: 'k', amount: eur(1n), method: { kind: 'token', token: 't' }, capture: 'later' } as const
    const sent: Stripe.PaymentIntentCreateParams = chargeParameters(command)
    const client: StripeClientLike = new Stripe('sk_test_x')
    expect([sent.capture_method, typeof client.paymentIntents.create]).toEqual(['manual', 'function'])
  })
})
