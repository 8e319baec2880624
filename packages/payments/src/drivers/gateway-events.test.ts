import { SimulatedClock } from '@exprsn/core/testing'
import { Client } from '@paypal/paypal-server-sdk'
import Stripe from 'stripe'
import { describe, expect, it } from 'vitest'
import type { GatewayEvent } from '../gateway/gateway-event.ts'
import type { PaymentGateway } from '../gateway/gateway.ts'
import { simulateAuthorizeNet } from '../testing/authorizenet/simulate-authorize-net.ts'
import { simulatePaypal } from '../testing/paypal/simulate-paypal.ts'
import type { GatewaySimulator } from '../testing/simulator/gateway-simulator.ts'
import { simulateStripe } from '../testing/stripe/simulate-stripe.ts'
import { signAuthorizeNetWebhook } from '../webhook/authorizenet/authorize-net-verifier.ts'
import { signStripeWebhook } from '../webhook/stripe/stripe-verifier.ts'
import { authorizeNetGateway } from './authorizenet.ts'
import { paypalGateway } from './paypal.ts'
import { stripeGateway } from './stripe.ts'

const day = 86_400_000
const clock = new SimulatedClock()

/** Kind and state of every event that waits, told by what it carries or by what is fetched for it. */
async function told(gateway: PaymentGateway, { webhooks }: GatewaySimulator): Promise<string[]> {
  const lines: string[] = []
  for (const request of webhooks.take()) {
    const verdict = await gateway.receive({ headers: request.headers, body: await request.bytes() })
    if (!verdict.verified) throw new Error(verdict.message)
    for (const event of verdict.events) lines.push(await lineOf(gateway, event))
  }
  return lines
}

async function lineOf(gateway: PaymentGateway, { type, subject, snapshot }: GatewayEvent): Promise<string> {
  const state = snapshot ?? (await gateway.fetch(subject))
  return `${type}: ${state?.kind} ${state === undefined || !('state' in state) ? '' : state.state}`
}

describe('events', () => {
  it('of Stripe tell of disputes, payouts, methods and authorisations that end', async () => {
    await using simulator = await simulateStripe({ clock })
    const client = new Stripe(simulator.apiKey, simulator.clientConfig)
    await using gateway = stripeGateway({ client, clock, webhookSecrets: [simulator.webhookSecret] })
    const charge = (key: string, capture: 'now' | 'later') =>
      gateway.charge({
        key,
        amount: { amount: 5000n, currency: 'EUR' },
        method: { kind: 'token', token: 'pm_card_visa' },
        capture,
      })
    const paid = await charge('k', 'now')
    await charge('h', 'later')
    if (paid.status !== 'succeeded') throw new Error(paid.status)
    await told(gateway, simulator)
    const dispute = simulator.openDispute(paid.payment.reference)
    expect(await told(gateway, simulator)).toEqual([
      'charge.dispute.created: dispute needs_response',
      'charge.dispute.funds_withdrawn: dispute needs_response',
    ])
    simulator.closeDispute(dispute, true)
    expect(await told(gateway, simulator)).toEqual([
      'charge.dispute.closed: dispute won',
      'charge.dispute.funds_reinstated: dispute won',
    ])
    await clock.advanceBy(3 * day)
    simulator.payOut('EUR')
    await clock.advanceBy(5 * day)
    simulator.settle()
    expect(await told(gateway, simulator)).toEqual([
      'payout.created: payout in_transit',
      'charge.expired: payment authorised',
      'payment_intent.canceled: payment expired',
      'payout.paid: payout paid',
    ])
  })

  it('of PayPal tell of orders, authorisations, disputes and payouts', async () => {
    await using simulator = await simulatePaypal({ clock })
    const { clientConfig, url: baseUrl, webhookId, certificates, roots } = simulator
    const webhook = { webhookIds: [webhookId], webhookCertificates: certificates, webhookRoots: roots }
    await using gateway = paypalGateway({ client: new Client(clientConfig), clock, baseUrl, ...webhook })
    const amount = { amount: 5000n, currency: 'EUR' }
    const begun = await gateway.charge({
      key: 'k',
      amount,
      method: { kind: 'redirect' },
      returnUrl: 'https://shop.example',
    })
    if (begun.status !== 'requires_action') throw new Error(begun.status)
    simulator.approve(begun.payment.reference)
    const paid = await gateway.resume({ key: 'k/r', payment: begun.payment.reference })
    if (paid.status !== 'succeeded') throw new Error(paid.status)
    const held = await gateway.charge({
      key: 'h',
      amount,
      method: { kind: 'token', token: simulator.createToken() },
      capture: 'later',
    })
    if (held.status !== 'authorised') throw new Error(held.status)
    await gateway.void({ key: 'v', payment: held.payment.reference })
    await gateway.payout({
      key: 'p',
      amount: { amount: 100n, currency: 'EUR' },
      destination: { kind: 'email', email: 's@example.com' },
    })
    simulator.closeDispute(simulator.openDispute(paid.payment.captures[0]!.reference), false)
    await clock.advanceBy(day)
    simulator.settle()
    expect(await told(gateway, simulator)).toEqual([
      'CHECKOUT.ORDER.APPROVED: payment requires_action',
      'PAYMENT.CAPTURE.COMPLETED: capture succeeded',
      'PAYMENT.AUTHORIZATION.CREATED: payment voided',
      'PAYMENT.AUTHORIZATION.VOIDED: payment voided',
      'CUSTOMER.DISPUTE.CREATED: dispute needs_response',
      'CUSTOMER.DISPUTE.RESOLVED: dispute lost',
      'PAYMENT.PAYOUTSBATCH.SUCCESS: payout paid',
    ])
  })

  it('of Authorize.Net name the transaction, whose state is fetched', async () => {
    await using simulator = await simulateAuthorizeNet({ clock })
    const { apiLoginId, transactionKey, signatureKey, url: baseUrl } = simulator
    await using gateway = authorizeNetGateway({
      apiLoginId,
      transactionKey,
      baseUrl,
      clock,
      signatureKeys: [signatureKey],
    })
    const amount = { amount: 5000n, currency: 'USD' }
    const method = () => ({ kind: 'token', token: simulator.createToken() }) as const
    const paid = await gateway.charge({ key: 'k', amount, method: method() })
    const held = await gateway.charge({ key: 'h', amount, method: method(), capture: 'later' })
    if (paid.status !== 'succeeded' || held.status !== 'authorised') throw new Error(paid.status)
    await gateway.capture({ key: 'c', payment: held.payment.reference, amount })
    await clock.advanceBy(2 * day)
    await gateway.refund({ key: 'r', payment: paid.payment.reference, amount })
    expect(await told(gateway, simulator)).toEqual([
      'net.authorize.payment.authcapture.created: payment captured',
      'net.authorize.payment.authorization.created: payment captured',
      'net.authorize.payment.priorAuthCapture.created: payment captured',
      'net.authorize.payment.refund.created: refund pending',
    ])
  })

  it.each(['not json', '[]', '"text"', '\uD800', '{"id":1}', '{"id":"evt","data":{}}'])(
    'signed, but with the body %j, are told apart from events',
    async (text) => {
      const stripe = stripeGateway({ client: new Stripe('sk_test_x'), clock, webhookSecrets: ['whsec_x'] })
      const net = authorizeNetGateway({ apiLoginId: 'a', transactionKey: 'b', signatureKeys: ['AB'], clock })
      const body = new TextEncoder().encode(text)
      const signature = signStripeWebhook({ body, secret: 'whsec_x', now: clock.now() })
      const verdicts = [
        await stripe.receive({ headers: new Headers({ 'stripe-signature': signature }), body }),
        await net.receive({
          headers: new Headers({ 'x-anet-signature': signAuthorizeNetWebhook({ body, signatureKey: 'AB' }) }),
          body,
        }),
      ]
      for (const verdict of verdicts)
        expect(verdict.verified ? verdict.events : verdict.rejection).toEqual(verdict.verified ? [] : 'body_malformed')
    },
  )
})
