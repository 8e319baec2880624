import { ExprsnError } from '@exprsn/core'
import { migrate, sqliteDatabase, type Database } from '@exprsn/core/database'
import { postgresDatabase } from '@exprsn/core/drivers/postgres'
import { SeededRandom, SimulatedClock } from '@exprsn/core/testing'
import { freshPostgresDatabase } from '@exprsn/real-servers/postgres'
import Stripe from 'stripe'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { stripeGateway } from '../drivers/stripe.ts'
import { money } from '../money/index.ts'
import { simulateStripe, type StripeSimulator } from '../testing/stripe/simulate-stripe.ts'
import { createPayments, createWebhookHandler, type Charge, type PaymentChange, type Payments } from './index.ts'

const engines: Readonly<Record<string, () => Promise<Database>>> = {
  SQLite: async () => sqliteDatabase({ path: ':memory:' }),
  PostgreSQL: async () => {
    const server = await freshPostgresDatabase()
    const database = postgresDatabase({ connection: { ...server.connection }, max: 6 })
    const close = async (): Promise<void> => {
      await database.close()
      await server.drop()
    }
    return { ...database, close, [Symbol.asyncDispose]: close }
  },
}

const euros = (text: string) => money(text, 'EUR')

async function codeOf(work: Promise<unknown>): Promise<string | undefined> {
  return work.then(
    () => undefined,
    (error: unknown) => (ExprsnError.is(error) ? error.code : String(error)),
  )
}

describe.each(Object.keys(engines))('payments over %s, with the stripe package', (engine) => {
  let database: Database
  let clock: SimulatedClock
  let stripe: StripeSimulator
  let payments: Payments
  let changes: PaymentChange[]
  let keys = 0

  beforeEach(async () => {
    clock = new SimulatedClock()
    database = await engines[engine]!()
    stripe = await simulateStripe({ clock, random: new SeededRandom(7) })
    const client = new Stripe(stripe.apiKey, { ...stripe.clientConfig, timeout: 1_000 })
    changes = []
    payments = createPayments({
      database,
      gateways: { stripe: stripeGateway({ client, clock, webhookSecrets: [stripe.webhookSecret] }) },
      clock,
      random: new SeededRandom(8),
      onChange: (change) => void changes.push(change),
    })
    stripe.webhooks.sendTo(createWebhookHandler(payments, { gatewayOf: () => 'stripe' }))
    await migrate(database, [payments.migrations])
    keys = 0
  })

  afterEach(async () => {
    await payments.close()
    await stripe.close()
    await database.close()
  })

  const charge = (more: Partial<Charge> = {}) =>
    payments.charge({
      gateway: 'stripe',
      amount: euros('49.90'),
      method: { kind: 'token', token: 'pm_card_visa' },
      order: 'A-1001',
      key: `charge-${++keys}`,
      ...more,
    })
  const balance = async (code: string): Promise<bigint> =>
    payments.ledger.account(`${code}:EUR`).then(
      (account) => account.balance,
      () => 0n,
    )
  const truth = () => stripe.payments()[0]!
  const simulatedBalance = () => stripe.balance().reduce((sum, { gross, fee }) => sum + gross - fee, 0n)

  /** What must hold after everything that happens. */
  async function settled(): Promise<void> {
    await clock.advanceBy(1_200_000)
    await payments.sweep()
    const report = await payments.sweep()
    expect(report.failures).toEqual([])
    expect((await payments.ledger.verify()).faults).toEqual([])
    expect((await payments.ledger.trialBalance()).balanced).toBe(true)
  }

  it('charges, and every cent stands in the ledger', async () => {
    const outcome = await charge()
    expect(outcome).toMatchObject({ status: 'succeeded', payment: { state: 'captured', order: 'A-1001' } })
    expect(outcome.payment.captured).toEqual(euros('49.90'))
    expect(await payments.payment(outcome.payment.id)).toEqual(outcome.payment)
    expect(await payments.paymentsOf('A-1001')).toEqual([outcome.payment])
    expect(await balance('income:sales')).toBe(4990n)
    await stripe.webhooks.deliver()
    await settled()
    expect(await balance('assets:gateway:stripe')).toBe(simulatedBalance())
  })

  it('charges once under one key, however often and at once', async () => {
    const outcomes = await Promise.all(Array.from({ length: 5 }, () => charge({ key: 'one' })))
    expect(new Set(outcomes.map(({ payment }) => payment.id)).size).toBe(1)
    expect((await charge({ key: 'one' })).status).toBe('succeeded')
    expect(stripe.payments()).toHaveLength(1)
    expect(await codeOf(charge({ key: 'one', amount: euros('50.00') }))).toBe('PAYMENTS_KEY_REUSED')
    expect(await codeOf(payments.void({ payment: outcomes[0]!.payment, key: 'one' }))).toBe('PAYMENTS_KEY_REUSED')
  })

  it('gives a decline as a value', async () => {
    const outcome = await charge({ method: { kind: 'token', token: 'pm_card_visa_chargeDeclined' } })
    expect(outcome).toMatchObject({ status: 'declined', reason: 'card_declined', payment: { state: 'declined' } })
    expect(await payments.ledger.trialBalance()).toMatchObject({ currencies: [] })
  })

  it('authorises, captures in part, and gives the rest free', async () => {
    const { payment, status } = await charge({ capture: 'later' })
    expect(status).toBe('authorised')
    expect(await payments.ledger.account('income:sales:EUR')).toMatchObject({ balance: 0n, reservedCredits: 4990n })
    const captured = await payments.capture({ payment, amount: euros('30.00'), key: 'c1' })
    expect(captured).toMatchObject({ status: 'succeeded', result: { state: 'captured', captured: euros('30.00') } })
    expect(await payments.capture({ payment, amount: euros('30.00'), key: 'c1' })).toEqual(captured)
    expect(await payments.ledger.account('income:sales:EUR')).toMatchObject({ balance: 3000n, reservedCredits: 0n })
    expect(truth().captured).toBe(3000n)
    await settled()
  })

  it('refuses to capture more than is reserved, and to capture what is not', async () => {
    const { payment } = await charge({ capture: 'later' })
    expect(await payments.capture({ payment, amount: euros('49.91'), key: 'c1' })).toMatchObject({
      status: 'refused',
      reason: 'amount_too_large',
    })
    expect(await payments.capture({ payment, amount: money('1', 'JPY'), key: 'c1' })).toMatchObject({
      status: 'refused',
      refusal: { code: 'currency_mismatch' },
    })
    expect((await payments.capture({ payment, key: 'c1' })).status).toBe('succeeded')
    expect((await payments.capture({ payment, key: 'c1' })).status).toBe('succeeded')
    expect(await payments.capture({ payment, key: 'c2' })).toMatchObject({ reason: 'amount_too_large' })
    await settled()
  })

  it('voids what was reserved', async () => {
    const { payment } = await charge({ capture: 'later' })
    expect(await payments.void({ payment, key: 'v' })).toMatchObject({
      status: 'succeeded',
      result: { state: 'voided' },
    })
    expect(await payments.ledger.account('income:sales:EUR')).toMatchObject({ balance: 0n, reservedCredits: 0n })
    expect((await charge({ key: 'charge-1', capture: 'later' })).status).toBe('voided')
    await settled()
  })

  it('refunds in parts, and never more than was captured', async () => {
    const { payment } = await charge()
    expect(await payments.refund({ payment, amount: euros('10.00'), key: 'r1' })).toMatchObject({
      status: 'succeeded',
      result: { refunded: euros('10.00') },
    })
    expect(await payments.refund({ payment, amount: euros('39.91'), key: 'r2' })).toMatchObject({
      status: 'refused',
      reason: 'amount_too_large',
    })
    expect(await payments.refund({ payment: payment.id, key: 'r3' })).toMatchObject({
      result: { refunded: euros('49.90') },
    })
    expect((await payments.refund({ payment: payment.id, key: 'r3' })).status).toBe('succeeded')
    expect(await payments.refund({ payment, key: 'r4' })).toMatchObject({ status: 'refused' })
    expect(await payments.refund({ payment, amount: money('1', 'JPY'), key: 'r5' })).toMatchObject({
      status: 'refused',
    })
    expect(await balance('income:refunds')).toBe(-4990n)
    expect(truth().refunded).toBe(4990n)
    await settled()
  })

  it('concurrent partial refunds: those that fit are made, the others refused', async () => {
    const { payment } = await charge()
    const outcomes = await Promise.all(
      Array.from({ length: 8 }, (_, n) => payments.refund({ payment, amount: euros('20.00'), key: `r${n}` })),
    )
    expect(outcomes.filter(({ status }) => status === 'succeeded')).toHaveLength(2)
    expect(outcomes.filter(({ status }) => status === 'refused')).toHaveLength(6)
    expect(truth().refunded).toBe(4000n)
    await settled()
  })

  it('gateway timeout after success: unknown, resolved by asking, never charged again', async () => {
    stripe.faults.plan({ kind: 'no_answer', when: 'POST /v1/payment_intents' })
    const outcome = await charge()
    expect(outcome.status).toBe('unknown')
    expect(stripe.payments()).toHaveLength(1)
    await clock.advanceBy(10_000)
    expect(await payments.sweep()).toMatchObject({ resolved: 1, failures: [] })
    expect(await payments.payment(outcome.payment.id)).toMatchObject({ state: 'captured' })
    expect((await charge({ key: 'charge-1' })).status).toBe('succeeded')
    expect(stripe.payments()).toHaveLength(1)
    await settled()
  })

  it('a webhook resolves what was unknown', async () => {
    stripe.faults.plan({ kind: 'error_after', when: 'POST /v1/payment_intents' })
    const { payment, status } = await charge()
    expect(status).toBe('unknown')
    await stripe.webhooks.deliver()
    expect(await payments.payment(payment.id)).toMatchObject({ state: 'captured', captured: euros('49.90') })
    await settled()
    expect(stripe.payments()).toHaveLength(1)
  })

  it('crash before the call: nothing is charged, and the same key may be used again', async () => {
    stripe.faults.plan({ kind: 'lost_request', when: 'POST /v1/payment_intents', times: 3 })
    const outcome = await charge()
    expect(outcome.status).toBe('unknown')
    await clock.advanceBy(5_000)
    await payments.sweep()
    expect(stripe.payments()).toHaveLength(0)
    stripe.faults.heal()
    for (let round = 0; round < 8; round++) {
      await clock.advanceBy(300_000)
      await payments.sweep()
    }
    expect(stripe.payments()).toHaveLength(0)
    expect(await payments.payment(outcome.payment.id)).toMatchObject({ state: 'created' })
    expect((await charge({ key: 'charge-1' })).status).toBe('succeeded')
    expect(stripe.payments()).toHaveLength(1)
  })

  it('429 and wrong input throw, and nothing was done', async () => {
    stripe.faults.plan({ kind: 'rate_limited', when: 'POST /v1/payment_intents' })
    expect(await codeOf(charge({ key: 'k' }))).toBe('PAYMENTS_GATEWAY_RATE_LIMITED')
    expect((await charge({ key: 'k' })).status).toBe('succeeded')
    expect(stripe.payments()).toHaveLength(1)
  })

  it('over-refund while an outcome is unknown: what may have been refunded counts', async () => {
    const { payment } = await charge()
    stripe.faults.plan({ kind: 'error_after', when: 'POST /v1/refunds' })
    expect((await payments.refund({ payment, amount: euros('40.00'), key: 'r1' })).status).toBe('unknown')
    expect(await payments.refund({ payment, amount: euros('10.00'), key: 'r2' })).toMatchObject({ status: 'refused' })
    await clock.advanceBy(10_000)
    await payments.sweep()
    expect((await payments.payment(payment.id)).refunded).toEqual(euros('40.00'))
    expect((await payments.refund({ payment, amount: euros('9.90'), key: 'r3' })).status).toBe('succeeded')
    expect(truth().refunded).toBe(4990n)
    await settled()
  })

  it('3-D Secure: asks the buyer, and goes on afterwards', async () => {
    const outcome = await charge({
      method: { kind: 'token', token: 'pm_card_authenticationRequired' },
      returnUrl: 'https://shop.example/back',
    })
    expect(outcome.status).toBe('requires_action')
    stripe.authenticate(outcome.payment.reference!)
    expect(await payments.resume({ payment: outcome.payment, key: 'resume-1' })).toMatchObject({ status: 'succeeded' })
    await settled()
    expect(await balance('income:sales')).toBe(4990n)
  })

  it('duplicate webhook ×N concurrent: one effect, N×200', async () => {
    await charge()
    const handler = createWebhookHandler(payments, { gatewayOf: () => 'stripe' })
    const [request] = stripe.webhooks.take()
    const answers = await Promise.all(Array.from({ length: 10 }, () => handler(request!.clone())))
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 10 }, () => 200))
    const bodies = await Promise.all(answers.map((answer) => answer.json() as Promise<{ events: number }>))
    expect(bodies.reduce((sum, { events }) => sum + events, 0)).toBe(1)
    expect(await balance('income:sales')).toBe(4990n)
  })

  it('reorder, late and missing webhooks: the same end state after the sweep', async () => {
    const { payment } = await charge({ capture: 'later' })
    await payments.capture({ payment, key: 'c1' })
    await payments.refund({ payment, amount: euros('5.00'), key: 'r1' })
    await stripe.webhooks.deliver({ shuffle: true, lose: 0.5, duplicate: 0.5 })
    await settled()
    expect(await payments.payment(payment.id)).toMatchObject({ state: 'captured', refunded: euros('5.00') })
    expect(await balance('assets:gateway:stripe')).toBe(simulatedBalance())
  })

  it('what happened at the gateway alone is found: refunds, disputes, payouts', async () => {
    const { payment } = await charge()
    const dispute = stripe.openDispute(payment.reference!)
    await stripe.webhooks.deliver({ shuffle: true })
    expect(await payments.disputes()).toMatchObject([
      { reference: dispute, payment: payment.id, state: 'needs_response' },
    ])
    expect(await balance('assets:disputed:stripe')).toBe(4990n)
    stripe.closeDispute(dispute, false)
    await settled()
    expect(await balance('assets:disputed:stripe')).toBe(0n)
    expect(await balance('expenses:disputes:stripe')).toBe(4990n)
    expect(await balance('assets:gateway:stripe')).toBe(simulatedBalance())
  })

  it('pays out to the bank, and takes back what the bank sends back', async () => {
    for (let n = 0; n < 3; n++) await charge()
    await clock.advanceBy(3 * 86_400_000)
    stripe.settle()
    const outcome = await payments.payout({ gateway: 'stripe', amount: euros('100.00'), key: 'p1' })
    expect(outcome).toMatchObject({ status: expect.stringMatching(/succeeded|pending/) as string })
    await clock.advanceBy(3 * 86_400_000)
    stripe.settle()
    await settled()
    expect([await balance('assets:bank'), await balance('assets:transit:stripe')]).toEqual([10_000n, 0n])
    const [payout] = await payments.payouts()
    stripe.failPayout(payout!.reference)
    await settled()
    expect([await balance('assets:bank'), await balance('assets:transit:stripe')]).toEqual([0n, 0n])
    expect(await balance('assets:gateway:stripe')).toBe(simulatedBalance())
  })

  it('takes a refund back that the buyer’s bank returns', async () => {
    const { payment } = await charge()
    await payments.refund({ payment, amount: euros('10.00'), key: 'r1' })
    const refund = (await payments.transfersOf(payment)).find(({ kind }) => kind === 'refund')!
    stripe.failRefund(refund.reference)
    await settled()
    expect(await payments.payment(payment.id)).toMatchObject({ refunded: euros('0.00') })
    expect(await balance('income:refunds')).toBe(0n)
    expect(await balance('assets:gateway:stripe')).toBe(simulatedBalance())
  })

  it('keeps methods for customers, as tokens only', async () => {
    const customer = await payments.createCustomer({ gateway: 'stripe', id: 'u-7', email: 'u7@example.com', key: 'cu' })
    const reference = customer.status === 'succeeded' ? customer.result : ''
    expect(await payments.customer('stripe', 'u-7')).toBe(reference)
    const saved = await payments.saveMethod({
      gateway: 'stripe',
      customer: reference,
      token: 'pm_card_visa',
      key: 'sm',
    })
    expect(saved.status).toBe('succeeded')
    const [method] = await payments.methods('stripe', reference)
    expect(method).toMatchObject({ method: { type: 'card', last4: '4242' } })
    const renewal = await charge({
      method: { kind: 'saved', reference: method!.reference, customer: reference },
      customer: reference,
      offSession: true,
    })
    expect(renewal.status).toBe('succeeded')
    await payments.removeMethod({ gateway: 'stripe', customer: reference, reference: method!.reference, key: 'rm' })
    expect(await payments.methods('stripe', reference)).toEqual([])
  })

  it('charges what the host’s own transaction asked for, and nothing that it rolled back', async () => {
    const command: Charge = {
      gateway: 'stripe',
      amount: euros('7.00'),
      method: { kind: 'token', token: 'pm_card_visa' },
      key: 'outbox',
    }
    const failing = database.transaction(async (tx) => {
      await payments.enqueueCharge(command, { tx })
      throw new Error('no')
    })
    await expect(failing).rejects.toThrow('no')
    expect(await codeOf(payments.perform('outbox'))).toBe('PAYMENTS_ATTEMPT_UNKNOWN')
    await database.transaction((tx) => payments.enqueueCharge(command, { tx }))
    expect(stripe.payments()).toHaveLength(0)
    expect(await payments.sweep()).toMatchObject({ sent: 1 })
    expect((await payments.perform('outbox')).status).toBe('succeeded')
    expect(stripe.payments()).toHaveLength(1)
  })

  it('tells the host of each change once, inside the transaction', async () => {
    const { payment } = await charge()
    await stripe.webhooks.deliver({ duplicate: 1 })
    const captured = changes.filter((change) => change.kind === 'payment' && change.payment.state === 'captured')
    expect(captured).toHaveLength(1)
    expect(captured[0]).toMatchObject({ payment: { id: payment.id }, before: { state: 'created' } })
  })

  it('crash after the call and before the record: the change of the host and ours stand or fall together', async () => {
    const client = new Stripe(stripe.apiKey, stripe.clientConfig)
    const broken = createPayments({
      database,
      gateways: { stripe: stripeGateway({ client, clock, webhookSecrets: [stripe.webhookSecret] }) },
      clock,
      onChange: () => Promise.reject(new Error('the host fails')),
    })
    const command: Charge = {
      gateway: 'stripe',
      amount: euros('1.00'),
      method: { kind: 'token', token: 'pm_card_visa' },
      key: 'x',
    }
    await expect(broken.charge(command)).rejects.toThrow('the host fails')
    expect(stripe.payments()).toHaveLength(1)
    expect(await balance('income:sales')).toBe(0n)
    await clock.advanceBy(130_000)
    await payments.sweep()
    expect(await balance('income:sales')).toBe(100n)
    expect(stripe.payments()).toHaveLength(1)
  })

  it('bad input: refused with a typed error, and the ledger unchanged', async () => {
    const codes = [
      await codeOf(charge({ amount: euros('-1.00') })),
      await codeOf(charge({ amount: euros('0.00') })),
      await codeOf(charge({ amount: { amount: 1n, currency: 'ABC' } })),
      await codeOf(charge({ amount: { amount: 2n ** 60n, currency: 'EUR' } })),
      await codeOf(charge({ gateway: 'nowhere' })),
      await codeOf(charge({ key: 'has blanks' })),
      await codeOf(charge({ order: 'card 4111 1111 1111 1111' })),
      await codeOf(charge({ method: { kind: 'token', token: '4111111111111111' } })),
      await codeOf(payments.payment('nothing')),
      await codeOf(payments.refund({ payment: 'nothing', key: 'r' })),
    ]
    expect(codes).toEqual([
      'PAYMENTS_GATEWAY_INPUT_INVALID',
      'PAYMENTS_GATEWAY_INPUT_INVALID',
      'PAYMENTS_COMMAND_INVALID',
      'PAYMENTS_COMMAND_INVALID',
      'PAYMENTS_GATEWAY_NOT_CONFIGURED',
      'PAYMENTS_GATEWAY_INPUT_INVALID',
      'PAYMENTS_CARD_NUMBER_REFUSED',
      'PAYMENTS_CARD_NUMBER_REFUSED',
      'PAYMENTS_PAYMENT_UNKNOWN',
      'PAYMENTS_PAYMENT_UNKNOWN',
    ])
    expect(stripe.requests).toHaveLength(0)
    expect((await payments.ledger.verify()).lines).toBe(0)
  })

  it('forged, expired and foreign deliveries are refused, and long ones cut', async () => {
    await charge()
    const handler = createWebhookHandler(payments, { bodyLimit: 100_000 })
    const [request] = stripe.webhooks.take()
    const post = (path: string, init: RequestInit = {}) =>
      handler(new Request(`https://shop.example/${path}`, { method: 'POST', ...init }))
    const { headers } = request!
    const body = await request!.text()
    const statuses = [
      (await post('hooks/stripe', { headers, body: `${body} ` })).status,
      (await post('hooks/stripe', { body })).status,
      (await post('hooks/paypal', { headers, body })).status,
      (await post('', { headers, body })).status,
      (await handler(new Request('https://shop.example/hooks/stripe'))).status,
      (await post('hooks/stripe', { headers, body: 'x'.repeat(100_001) })).status,
      (await post('hooks/stripe', { headers, body })).status,
    ]
    expect(statuses).toEqual([400, 400, 404, 404, 405, 413, 200])
    await clock.advanceBy(3_600_000)
    expect((await post('hooks/stripe', { headers, body })).status).toBe(400)
  })

  it('leaves what belongs to another program on the same account alone', async () => {
    const client = new Stripe(stripe.apiKey, stripe.clientConfig)
    await client.paymentIntents.create({
      amount: 500,
      currency: 'eur',
      payment_method: 'pm_card_visa',
      confirm: true,
      automatic_payment_methods: { enabled: true, allow_redirects: 'never' },
      metadata: { exprsn_key: 'theirs' },
    })
    await stripe.webhooks.deliver()
    await settled()
    expect((await payments.ledger.verify()).lines).toBe(0)
  })
})

describe('createPayments', () => {
  it('refuses options that cannot work', () => {
    const database = sqliteDatabase({ path: ':memory:' })
    for (const gateways of [{}, { 'Not a name': {} as never }]) {
      let code: unknown
      try {
        createPayments({ database, gateways })
      } catch (error) {
        code = ExprsnError.is(error) && error.code
      }
      expect(code).toBe('PAYMENTS_OPTION_INVALID')
    }
  })
})
