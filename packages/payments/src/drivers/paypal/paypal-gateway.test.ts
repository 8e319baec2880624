import { SeededRandom, SimulatedClock } from '@exprsn/core/testing'
import { Client } from '@paypal/paypal-server-sdk'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { PaymentGateway } from '../../gateway/gateway.ts'
import { simulatePaypal, type PaypalSimulator } from '../../testing/paypal/simulate-paypal.ts'
import { fromPaypalMoney, toPaypalMoney } from './paypal-amount.ts'
import { paypalGateway } from './paypal-gateway.ts'

const hour = 3_600_000
const day = 24 * hour
const eur = (amount: bigint) => ({ amount, currency: 'EUR' })
const redirect = { kind: 'redirect' } as const
const returnUrl = 'https://shop.example/back'

let clock: SimulatedClock
let simulator: PaypalSimulator
let gateway: PaymentGateway

beforeEach(async () => {
  clock = new SimulatedClock()
  simulator = await simulatePaypal({ clock, random: new SeededRandom(7) })
  gateway = gatewayOf(simulator)
})

afterEach(async () => {
  await gateway.close()
  await simulator.close()
})

function gatewayOf(
  { clientConfig, url: baseUrl, webhookId, certificates, roots }: PaypalSimulator,
  options: object = {},
) {
  const client = new Client({ ...clientConfig, timeout: 1000, ...options })
  return paypalGateway({
    client,
    clock,
    baseUrl,
    webhookIds: [webhookId],
    webhookCertificates: certificates,
    webhookRoots: roots,
  })
}

async function begun(key: string, capture: 'now' | 'later' = 'now'): Promise<string> {
  const outcome = await gateway.charge({
    key,
    amount: eur(5000n),
    method: redirect,
    returnUrl,
    capture,
    order: `order-${key}`,
  })
  if (outcome.status !== 'requires_action') throw new Error(outcome.status)
  return outcome.payment.reference
}

async function paid(key: string): Promise<{ readonly payment: string; readonly capture: string }> {
  const payment = await begun(key)
  simulator.approve(payment)
  const outcome = await gateway.resume({ key: `${key}/resume`, payment })
  if (outcome.status !== 'succeeded') throw new Error(outcome.status)
  return { payment, capture: outcome.payment.captures[0]!.reference }
}

describe('the buyer’s way through PayPal', () => {
  it('begins with an address, and takes money when the buyer is back', async () => {
    const outcome = await gateway.charge({ key: 'k', amount: eur(5000n), method: redirect, returnUrl })
    expect(outcome).toMatchObject({
      status: 'requires_action',
      nextAction: { kind: 'redirect', url: expect.stringContaining('paypal.com') },
    })
    if (outcome.status !== 'requires_action') return
    const { reference: payment } = outcome.payment
    simulator.approve(payment)
    expect(await gateway.fetch({ kind: 'payment', reference: payment })).toMatchObject({
      state: 'requires_action',
      captured: eur(0n),
    })
    const done = await gateway.resume({ key: 'k/resume', payment })
    expect(done).toMatchObject({
      status: 'succeeded',
      payment: { state: 'captured', captured: eur(5000n), method: { type: 'paypal' } },
    })
  })

  it('reserves where that was asked for, and captures later', async () => {
    const payment = await begun('k', 'later')
    simulator.approve(payment)
    expect(await gateway.resume({ key: 'k/resume', payment, capture: 'later' })).toMatchObject({ status: 'authorised' })
    const capture = await gateway.capture({ key: 'c', payment, amount: eur(5000n) })
    expect(capture).toMatchObject({ status: 'succeeded', result: { amount: eur(5000n), key: 'c', fee: eur(224n) } })
  })

  it('does not take money before the buyer approved, and still says where to', async () => {
    const payment = await begun('k')
    const early = await gateway.resume({ key: 'k/resume', payment })
    expect(early).toMatchObject({ status: 'requires_action', nextAction: { kind: 'redirect' } })
    expect(simulator.payments()[0]?.captured).toBe(0n)
  })

  it('knows days later, when PayPal has forgotten the key, that it was done', async () => {
    const { payment } = await paid('k')
    await clock.advanceBy(2 * day)
    expect(await gateway.resume({ key: 'k/resume', payment })).toMatchObject({ status: 'succeeded' })
    expect(simulator.payments()[0]?.captured).toBe(5000n)
  })

  it('says that the buyer’s method was declined', async () => {
    const payment = await begun('k')
    simulator.approve(payment, 'declines')
    const outcome = await gateway.resume({ key: 'k/resume', payment })
    expect(outcome).toMatchObject({ status: 'declined', decline: { code: 'INSTRUMENT_DECLINED' } })
  })

  it('fault: a resume whose answer is lost is found by the payment, and takes nothing more when it is repeated', async () => {
    const payment = await begun('k')
    simulator.approve(payment)
    simulator.faults.plan({ kind: 'lost_response', when: '/capture' })
    const sentAt = new Date(clock.now())
    expect(await gateway.resume({ key: 'k/resume', payment })).toMatchObject({ status: 'unknown' })
    const known = await gateway.lookup({ operation: 'charge', key: 'k', sentAt, amount: eur(5000n), payment })
    expect(known).toMatchObject({ found: true, outcome: { status: 'succeeded' } })
    expect(await gateway.resume({ key: 'k/resume', payment })).toMatchObject({ status: 'succeeded' })
    expect(simulator.payments()[0]?.captured).toBe(5000n)
  })

  it('fault: too many requests after a command was sent leave it open, and do not count as not done', async () => {
    const { payment } = await paid('k')
    simulator.faults.plan({ kind: 'rate_limited', when: 'GET /v2/checkout/orders' })
    expect(await gateway.resume({ key: 'k/again', payment })).toMatchObject({ status: 'unknown' })
    const other = await begun('later', 'later')
    simulator.approve(other)
    await gateway.resume({ key: 'later/resume', payment: other, capture: 'later' })
    const void_ = { key: 'later/void', payment: other }
    simulator.faults.plan({ kind: 'rate_limited', when: `GET /v2/checkout/orders/${other}` })
    await expect(gateway.void(void_)).rejects.toMatchObject({ code: 'PAYMENTS_GATEWAY_RATE_LIMITED' })
    expect(simulator.payments()[1]).toMatchObject({ state: 'COMPLETED' })
    expect(await gateway.void(void_)).toMatchObject({ status: 'succeeded' })
  })

  it('needs a way back', async () => {
    const charge = gateway.charge({ key: 'k', amount: eur(5000n), method: redirect })
    await expect(charge).rejects.toMatchObject({
      code: 'PAYMENTS_GATEWAY_INPUT_INVALID',
      details: { field: 'returnUrl' },
    })
  })

  it('refuses a key that was used for something else', async () => {
    await begun('k')
    const other = gateway.charge({ key: 'k', amount: eur(100n), method: redirect, returnUrl })
    await expect(other).rejects.toMatchObject({ code: 'PAYMENTS_GATEWAY_KEY_REUSED' })
  })
})

describe('charges whose answer was lost', () => {
  const query = (key: string) =>
    ({ operation: 'charge', key, sentAt: new Date(clock.now()), amount: eur(5000n) }) as const
  const lost = async (key: string, capture: 'now' | 'later' = 'now'): Promise<void> => {
    simulator.faults.plan({ kind: 'lost_response', when: 'POST /v2/checkout/orders' })
    const method = { kind: 'token', token: simulator.createToken() } as const
    expect(await gateway.charge({ key, amount: eur(5000n), method, capture })).toMatchObject({ status: 'unknown' })
  }

  it('fault: gateway timeout after success: are found by the history of events, page by page', async () => {
    for (let index = 0; index < 60; index++) await paid(`other-${index}`)
    await lost('k')
    expect(await gateway.lookup(query('k'))).toMatchObject({ found: true, outcome: { status: 'succeeded' } })
    await lost('later', 'later')
    expect(await gateway.lookup(query('later'))).toMatchObject({ found: true, outcome: { status: 'authorised' } })
  })

  it('fault: gateway timeout after success: are found among the transactions where there are no events', async () => {
    const { capture } = await paid('other')
    await gateway.refund({ key: 'k/refund', payment: '', capture, amount: eur(100n) })
    await lost('k')
    simulator.forgetEvents()
    expect(await gateway.lookup(query('k'))).toMatchObject({ found: true, outcome: { status: 'succeeded' } })
    expect(await gateway.lookup(query('k/refund'))).toEqual({ found: false, conclusive: false })
  })

  it('are absent for certain after the transactions must have shown them', async () => {
    const asked = query('k')
    expect(await gateway.lookup(asked)).toEqual({ found: false, conclusive: false })
    await clock.advanceBy(4 * hour)
    expect(await gateway.lookup(asked)).toEqual({ found: false, conclusive: false })
    await clock.advanceBy(0.2 * hour)
    expect(await gateway.lookup(asked)).toEqual({ found: false, conclusive: true })
  })

  it('and payouts are found once an event tells of them', async () => {
    await paid('k')
    const payout = { operation: 'payout', key: 'p', sentAt: new Date(clock.now()), amount: eur(1000n) } as const
    simulator.faults.plan({ kind: 'lost_response', when: 'POST /v1/payments/payouts' })
    const destination = { kind: 'email', email: 'seller@example.com' } as const
    expect(await gateway.payout({ key: 'p', amount: eur(1000n), destination })).toMatchObject({ status: 'unknown' })
    expect(await gateway.lookup(payout)).toEqual({ found: false, conclusive: false })
    await clock.advanceBy(hour)
    simulator.settle()
    expect(await gateway.lookup(payout)).toMatchObject({ found: true, outcome: { status: 'succeeded' } })
  })
})

describe('refunds', () => {
  it('choose a capture that has enough left', async () => {
    const payment = await begun('k', 'later')
    simulator.approve(payment)
    await gateway.resume({ key: 'k/resume', payment, capture: 'later' })
    await gateway.capture({ key: 'c1', payment, amount: eur(1000n), final: false })
    await gateway.capture({ key: 'c2', payment, amount: eur(3000n) })
    expect(await gateway.refund({ key: 'r1', payment, amount: eur(2500n) })).toMatchObject({ status: 'succeeded' })
    expect(await gateway.refund({ key: 'r2', payment, amount: eur(1000n) })).toMatchObject({ status: 'succeeded' })
    expect(await gateway.refund({ key: 'r3', payment, amount: eur(600n) })).toMatchObject({ status: 'refused' })
    expect(simulator.payments()[0]).toMatchObject({ captured: 4000n, refunded: 3500n })
  })

  it('keep keys of any length apart', async () => {
    const { payment } = await paid('k')
    const long = 'x'.repeat(199)
    const [first, second] = [await give(payment, `${long}1`), await give(payment, `${long}2`)]
    expect(first).toMatchObject({ status: 'succeeded' })
    expect(second).toMatchObject({ status: 'succeeded' })
    expect(simulator.payments()[0]?.refunded).toBe(200n)
  })

  const give = (payment: string, key: string) => gateway.refund({ key, payment, amount: eur(100n) })
})

describe('the vault', () => {
  it('keeps a method, charges it without the buyer, and forgets it', async () => {
    const customer = await gateway.createCustomer({ key: 'cu', id: 'user-1' })
    expect(customer).toMatchObject({ status: 'succeeded', result: { reference: 'user-1' } })
    const saved = await gateway.saveMethod({ key: 'm', customer: 'user-1', token: simulator.createToken() })
    if (saved.status !== 'succeeded') throw new Error(saved.status)
    const { reference } = saved.result
    expect(reference).toMatch(/^card:/)
    const method = { kind: 'saved', reference } as const
    expect(await gateway.charge({ key: 'k', amount: eur(900n), method, offSession: true })).toMatchObject({
      status: 'succeeded',
    })
    expect(await gateway.removeMethod({ key: 'x', customer: 'user-1', reference })).toMatchObject({
      status: 'succeeded',
    })
    expect(await gateway.removeMethod({ key: 'y', customer: 'user-1', reference })).toMatchObject({ status: 'refused' })
  })
})

describe('disputes', () => {
  it('are seen by the capture, and can be won', async () => {
    const { capture } = await paid('k')
    const reference = simulator.openDispute(capture)
    expect(await gateway.fetch({ kind: 'dispute', reference })).toMatchObject({
      capture,
      state: 'needs_response',
      withdrawn: eur(5000n),
      reinstated: eur(0n),
    })
    simulator.closeDispute(reference, true)
    expect(await gateway.fetch({ kind: 'dispute', reference })).toMatchObject({ state: 'won', reinstated: eur(5000n) })
  })

  it('can be accepted, once, while they are inquiries', async () => {
    const { capture } = await paid('k')
    const dispute = simulator.openDispute(capture, { inquiry: true })
    expect(await gateway.fetch({ kind: 'dispute', reference: dispute })).toMatchObject({
      state: 'inquiry',
      withdrawn: eur(0n),
    })
    expect(await gateway.acceptDispute({ key: 'a', dispute })).toMatchObject({
      status: 'succeeded',
      result: { state: 'accepted' },
    })
    expect(await gateway.acceptDispute({ key: 'b', dispute })).toMatchObject({ status: 'refused' })
  })
})

describe('payouts', () => {
  const destination = { kind: 'email', email: 'seller@example.com' } as const

  it('go to a receiver once, however often they are sent', async () => {
    await paid('k')
    const payout = await gateway.payout({ key: 'p', amount: eur(1000n), destination, description: 'Your earnings' })
    if (payout.status !== 'pending') throw new Error(payout.status)
    expect(
      await gateway.payout({ key: 'p', amount: eur(1000n), destination, description: 'Your earnings' }),
    ).toMatchObject({
      result: { reference: payout.result.reference },
    })
    await clock.advanceBy(2 * hour)
    expect(await gateway.fetch({ kind: 'payout', reference: payout.result.reference })).toMatchObject({
      state: 'paid',
      key: 'p',
    })
    expect(simulator.bankStatement()).toMatchObject([{ amount: 1000n }])
  })

  it('do not go beyond the balance, nor to a bank account', async () => {
    const payout = await gateway.payout({ key: 'p', amount: eur(1000n), destination })
    expect(payout).toMatchObject({ status: 'refused', refusal: { reason: 'insufficient_balance' } })
    const bank = gateway.payout({ key: 'p', amount: eur(1000n) })
    await expect(bank).rejects.toMatchObject({ code: 'PAYMENTS_GATEWAY_NOT_SUPPORTED' })
  })
})

describe('history', () => {
  it('searches transactions in spans of 31 days', async () => {
    await paid('k1')
    await clock.advanceBy(50 * day)
    await paid('k2')
    const since = new Date(clock.now() - 60 * day)
    const lines = []
    for await (const line of gateway.settlements({ since })) lines.push(line)
    expect(lines).toMatchObject([
      { kind: 'charge', key: 'k1' },
      { kind: 'charge', key: 'k2' },
    ])
  })

  it('pages through events', async () => {
    for (let index = 0; index < 60; index++) await paid(`k${index}`)
    const ids = new Set<string>()
    for await (const { id } of gateway.events({ since: new Date(clock.now() - day) })) ids.add(id)
    expect(ids.size).toBe(120)
  })

  it.each(['payment', 'capture', 'refund', 'dispute', 'payout'] as const)(
    'does not know a %s of another account',
    async (kind) => {
      expect(await gateway.fetch({ kind, reference: 'UNKNOWN' })).toBeUndefined()
    },
  )
})

describe('trouble', () => {
  it('names wrong credentials, also where they are asked for a token', async () => {
    const wrong = gatewayOf(simulator, {
      clientCredentialsAuthCredentials: { oAuthClientId: 'x', oAuthClientSecret: 'y' },
    })
    const charge = wrong.charge({ key: 'k', amount: eur(100n), method: redirect, returnUrl })
    await expect(charge).rejects.toMatchObject({ code: 'PAYMENTS_GATEWAY_CREDENTIALS_REFUSED' })
    const events = wrong
      .events({ since: new Date(0) })
      [Symbol.asyncIterator]()
      .next()
    await expect(events).rejects.toMatchObject({ code: 'PAYMENTS_GATEWAY_CREDENTIALS_REFUSED' })
  })

  it('says that PayPal is not there', async () => {
    await simulator.close()
    const charge = gateway.charge({ key: 'k', amount: eur(100n), method: redirect, returnUrl })
    await expect(charge).rejects.toMatchObject({ code: 'PAYMENTS_GATEWAY_UNREACHABLE' })
  })

  it.each([[{}], [{ clientId: 'x' }], [{ clientId: 'x', clientSecret: 'y', client: {} as never }]])(
    'refuses the options %j',
    (options) => {
      expect(() => paypalGateway(options)).toThrow(expect.objectContaining({ code: 'PAYMENTS_GATEWAY_OPTION_INVALID' }))
    },
  )
})

describe('amounts', () => {
  it.each([
    [4990n, 'EUR', '49.90'],
    [5n, 'USD', '0.05'],
    [500n, 'JPY', '500'],
    [12_300n, 'HUF', '123'],
    [12_300n, 'TWD', '123'],
  ])('fault: currency exponents: %s %s is written %s, and read back', (amount, currency, value) => {
    expect(toPaypalMoney({ amount, currency })).toEqual({ currency_code: currency, value })
    expect(fromPaypalMoney({ currency_code: currency, value })).toEqual({ amount, currency })
  })

  it('reads negative amounts', () => {
    expect(fromPaypalMoney({ currency_code: 'EUR', value: '-0.07' })).toEqual(eur(-7n))
  })

  it.each([
    [12_345n, 'HUF', 'PAYMENTS_AMOUNT_NOT_REPRESENTABLE'],
    [100n, 'KWD', 'PAYMENTS_GATEWAY_INPUT_INVALID'],
    [100n, 'ZZZ', 'PAYMENTS_CURRENCY_UNKNOWN'],
    [10n ** 13n, 'EUR', 'PAYMENTS_GATEWAY_INPUT_INVALID'],
  ])('fault: exponent mismatch: %s %s is refused', (amount, currency, code) => {
    expect(() => toPaypalMoney({ amount, currency })).toThrow(expect.objectContaining({ code }))
  })
})

describe('tokens', () => {
  const charge = (key: string) => gateway.charge({ key, amount: eur(100n), method: redirect, returnUrl })

  it('that could not be fetched are fetched with the next command: the first did nothing', async () => {
    simulator.faults.plan({ kind: 'error_before', when: '/v1/oauth2/token' })
    await expect(charge('k')).rejects.toMatchObject({ code: 'PAYMENTS_GATEWAY_UNREACHABLE', retryable: true })
    simulator.faults.plan({ kind: 'rate_limited', when: '/v1/oauth2/token' })
    await expect(charge('k')).rejects.toMatchObject({ code: 'PAYMENTS_GATEWAY_RATE_LIMITED' })
    expect(await charge('k')).toMatchObject({ status: 'requires_action' })
    expect(simulator.payments()).toHaveLength(1)
  })

  it('are used until shortly before they end', async () => {
    const fetched = () => simulator.requests.filter(({ request }) => request === 'POST /v1/oauth2/token').length
    await charge('k1')
    await charge('k2')
    expect(fetched()).toBe(1)
    await clock.advanceBy(9 * hour)
    await charge('k3')
    expect(fetched()).toBe(2)
  })

  it('are fetched once for commands that come together', async () => {
    await Promise.all([charge('k1'), charge('k2'), charge('k3')])
    expect(simulator.requests.filter(({ request }) => request === 'POST /v1/oauth2/token')).toHaveLength(1)
    expect(simulator.payments()).toHaveLength(3)
  })
})
