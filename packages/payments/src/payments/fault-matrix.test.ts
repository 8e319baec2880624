import { ExprsnError, type Clock, type Logger } from '@exprsn/core'
import { migrate, sqliteDatabase, type Database } from '@exprsn/core/database'
import { postgresDatabase } from '@exprsn/core/drivers/postgres'
import { SeededRandom, SimulatedClock } from '@exprsn/core/testing'
import { freshPostgresDatabase } from '@exprsn/real-servers/postgres'
import Stripe from 'stripe'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { stripeGateway } from '../drivers/stripe.ts'
import { money } from '../money/index.ts'
import { simulateStripe, type StripeSimulator } from '../testing/stripe/simulate-stripe.ts'
import { createPayments, createWebhookHandler, type Charge, type Payments } from './index.ts'

const engines: Readonly<Record<string, () => Promise<Database>>> = {
  SQLite: async () => sqliteDatabase({ path: ':memory:' }),
  PostgreSQL: async () => {
    const server = await freshPostgresDatabase()
    const database = postgresDatabase({ connection: { ...server.connection }, max: 8 })
    const close = async (): Promise<void> => {
      await database.close()
      await server.drop()
    }
    return { ...database, close, [Symbol.asyncDispose]: close }
  },
}

/** What is logged. */
function recordingLogger(lines: string[]): Logger {
  const write = (fields: object | string, message?: string) => void lines.push(`${JSON.stringify(fields)} ${message}`)
  return { trace: write, debug: write, info: write, warn: write, error: write, fatal: write } as never
}

describe.each(Object.keys(engines))('the fault matrix of payments over %s', (engine) => {
  let database: Database
  let clock: SimulatedClock
  let stripe: StripeSimulator
  const opened: Payments[] = []

  beforeEach(async () => {
    clock = new SimulatedClock({ now: Date.UTC(2026, 2, 29, 0, 30) })
    database = await engines[engine]!()
    stripe = await simulateStripe({ clock, random: new SeededRandom(9) })
  })

  afterEach(async () => {
    for (const payments of opened.splice(0)) await payments.close()
    await stripe.close()
    await database.close()
  })

  /** One process of the host. */
  async function open(more: { readonly clock?: Clock; readonly logger?: Logger } = {}): Promise<Payments> {
    const client = new Stripe(stripe.apiKey, { ...stripe.clientConfig, timeout: 1_000 })
    const gateway = stripeGateway({ client, clock: more.clock ?? clock, webhookSecrets: [stripe.webhookSecret] })
    const payments = createPayments({ database, gateways: { stripe: gateway }, clock, ...more })
    await migrate(database, [payments.migrations])
    opened.push(payments)
    return payments
  }

  const command = (key: string, more: Partial<Charge> = {}): Charge => ({
    ...{ gateway: 'stripe', amount: money('49.90', 'EUR'), method: { kind: 'token', token: 'pm_card_visa' } },
    ...{ order: `order-${key}`, key },
    ...more,
  })

  async function settled(payments: Payments): Promise<void> {
    for (let round = 0; round < 8; round++) {
      await clock.advanceBy('10m')
      expect((await payments.sweep()).failures).toEqual([])
    }
    expect((await payments.ledger.verify()).faults).toEqual([])
    expect((await payments.ledger.trialBalance()).balanced).toBe(true)
  }

  const taken = (): readonly bigint[] => stripe.payments().map(({ captured }) => captured)
  const sales = async (payments: Payments): Promise<bigint> =>
    (await payments.ledger.account('income:sales:EUR')).balance

  it('fault: crash after the record and before the acknowledgement: the delivery that comes again changes nothing', async () => {
    const payments = await open()
    await payments.charge(command('a'))
    const handler = createWebhookHandler(payments, { gatewayOf: () => 'stripe' })
    // The first answers never reach the gateway, which delivers all of it again, to another process.
    for (const request of stripe.webhooks.take()) {
      await handler(request.clone())
      const again = createWebhookHandler(await open(), { gatewayOf: () => 'stripe' })
      const answer = await again(request)
      expect([answer.status, await answer.json()]).toMatchObject([200, { events: 0 }])
    }
    await settled(payments)
    expect(await sales(payments)).toBe(4990n)
  })

  it('fault: 5xx, then success; 429 and 5xx in a storm: one charge each, and none unknown in the end', async () => {
    const payments = await open()
    const keys = Array.from({ length: 12 }, (_, index) => `k${index}`)
    stripe.faults.setRates({ error_before: 0.25, error_after: 0.25, rate_limited: 0.25 })
    for (let wave = 0; wave < 4; wave++)
      await Promise.all(keys.map((key) => payments.charge(command(key)).catch(() => undefined)))
    stripe.faults.heal()
    await settled(payments)
    for (const key of keys) expect(await payments.charge(command(key))).toMatchObject({ status: 'succeeded' })
    expect(taken()).toEqual(keys.map(() => 4990n))
    expect(await sales(payments)).toBe(4990n * 12n)
  })

  it('fault: a gateway that never answers: unknown after the time limit, then found', async () => {
    const payments = await open()
    stripe.faults.plan({ kind: 'no_answer', when: 'POST', times: 2 })
    expect(await payments.charge(command('a'))).toMatchObject({ status: 'unknown', payment: { state: 'created' } })
    await settled(payments)
    expect(await payments.charge(command('a'))).toMatchObject({ status: 'succeeded' })
    expect(taken()).toEqual([4990n])
  })

  it('fault: idempotency conflict: the same key with another content is refused, and the ledger unchanged', async () => {
    const payments = await open()
    await payments.charge(command('a'))
    const other = payments.charge(command('a', { amount: money('1.00', 'EUR') }))
    await expect(other).rejects.toMatchObject({ code: 'PAYMENTS_KEY_REUSED', status: 409 })
    expect([taken(), await sales(payments)]).toEqual([[4990n], 4990n])
  })

  it('fault: exponent and currency mismatches, over-refunds: refused, and the ledger unchanged', async () => {
    const payments = await open()
    const kuwait = payments.charge(command('kwd', { amount: { amount: 1_005n, currency: 'KWD' } }))
    await expect(kuwait).rejects.toMatchObject({ code: 'PAYMENTS_AMOUNT_NOT_REPRESENTABLE' })
    const { payment } = await payments.charge(command('a'))
    const dollars = await payments.refund({ payment, key: 'r1', amount: money('1.00', 'USD') })
    expect(dollars).toMatchObject({ status: 'refused', refusal: { code: 'currency_mismatch' } })
    const before = (await payments.ledger.verify()).lines
    const over = await payments.refund({ payment, key: 'r2', amount: money('49.91', 'EUR') })
    expect(over).toMatchObject({ status: 'refused', reason: 'amount_too_large' })
    expect((await payments.ledger.verify()).lines).toBe(before)
    expect(stripe.payments()[0]?.refunded).toBe(0n)
  })

  it.each([
    ['an hour ahead', 3_600_000],
    ['an hour behind', -3_600_000],
  ])('fault: a clock that is %s, and is set right in between', async (_, by) => {
    let skew = by
    const wrong: Clock = {
      now: () => clock.now() + skew,
      monotonic: () => clock.monotonic(),
      setTimer: (...timer) => clock.setTimer(...timer),
    }
    const payments = await open({ clock: wrong })
    stripe.faults.plan({ kind: 'error_after', when: 'POST' })
    expect(await payments.charge(command('a'))).toMatchObject({ status: 'unknown' })
    stripe.faults.plan({ kind: 'error_before', when: 'POST' })
    expect(await payments.charge(command('b'))).toMatchObject({ status: 'unknown' })
    await payments.sweep()
    skew = 0
    await settled(payments)
    await settled(payments)
    expect((await payments.paymentsOf('order-a'))[0]).toMatchObject({ state: 'captured' })
    expect(await payments.charge(command('b'))).toMatchObject({ status: 'succeeded' })
    expect(taken()).toEqual([4990n, 4990n])
  })

  it('fault: two workers at once on the same orders: one charge and one refund each, and Σ = 0', async () => {
    const [one, two] = [await open(), await open()]
    const keys = Array.from({ length: 6 }, (_, index) => `k${index}`)
    const half = money('24.95', 'EUR')
    const work = (payments: Payments) => async (key: string) => {
      const { payment, status } = await payments.charge(command(key))
      if (status === 'succeeded') await payments.refund({ payment, key: `${key}/r`, amount: half }).catch(onlyKnown)
    }
    await Promise.all([...keys.map(work(one)), ...keys.toReversed().map(work(two)), one.sweep(), two.sweep()])
    for (const key of keys) await work(two)(key)
    await settled(one)
    expect(stripe.payments().map(({ captured, refunded }) => [captured, refunded])).toEqual(
      keys.map(() => [4990n, 2495n]),
    )
    expect(await sales(one)).toBe(4990n * 6n)
  })

  it('fault: a card number in an event: only its subject is kept, the state is asked for, and nothing shows the number', async () => {
    const lines: string[] = []
    const payments = await open({ logger: recordingLogger(lines) })
    stripe.faults.plan({ kind: 'error_after', when: 'POST' })
    expect((await payments.charge(command('a'))).status).toBe('unknown')
    const gateway = stripeGateway({ client: new Stripe(stripe.apiKey, stripe.clientConfig), clock })
    const [made] = stripe.payments()
    const snapshot = await gateway.fetch({ kind: 'payment', reference: made!.reference })
    const careless = {
      ...gateway,
      name: 'stripe',
      capabilities: gateway.capabilities,
      close: async () => {},
      fetch: (...given: Parameters<typeof gateway.fetch>) => gateway.fetch(...given),
      receive: async () => ({
        verified: true as const,
        events: [
          {
            id: 'evt_card',
            type: 'payment_intent.succeeded',
            occurredAt: new Date(clock.now()),
            subject: { kind: 'payment' as const, reference: made!.reference },
            snapshot: { ...snapshot!, description: 'card 4111 1111 1111 1111' } as never,
          },
        ],
      }),
    }
    const receiving = createPayments({
      database,
      gateways: { stripe: careless as never },
      clock,
      logger: recordingLogger(lines),
    })
    const received = await receiving.receive('stripe', { headers: new Headers(), body: new Uint8Array() })
    expect(received).toMatchObject({ accepted: true, events: 1 })
    expect((await payments.paymentsOf('order-a'))[0]).toMatchObject({ state: 'captured' })
    const { rows } = await database.query('select content from exprsn_payment_inbox')
    expect(JSON.stringify(rows)).not.toMatch(/4111.?1111/)
    expect(lines.join('\n')).not.toMatch(/4111.?1111/)
    expect(lines.join('\n')).toContain('…1111')
  })
})

function onlyKnown(error: unknown): void {
  if (!ExprsnError.is(error)) throw error
}
