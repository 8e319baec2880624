import { migrate, sqliteDatabase, type Database } from '@exprsn/core/database'
import { SeededRandom, SimulatedClock } from '@exprsn/core/testing'
import Stripe from 'stripe'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { stripeGateway } from '../drivers/stripe.ts'
import { money } from '../money/index.ts'
import { simulateStripe, type StripeSimulator } from '../testing/index.ts'
import { createPayments, createWebhookHandler, type PaymentChange, type Payments } from './index.ts'

let clock: SimulatedClock
let stripe: StripeSimulator
let database: Database
let payments: Payments
/** What the host does when it is told of a change. */
let onChange: (change: PaymentChange) => void

beforeEach(async () => {
  clock = new SimulatedClock({ now: Date.UTC(2026, 0, 1) })
  const random = new SeededRandom(3)
  stripe = await simulateStripe({ clock, random })
  database = sqliteDatabase({ path: ':memory:' })
  const client = new Stripe(stripe.apiKey, { ...stripe.clientConfig, maxNetworkRetries: 0 })
  const gateway = stripeGateway({ client, clock, webhookSecrets: [stripe.webhookSecret] })
  onChange = () => {}
  payments = createPayments({
    database,
    gateways: { stripe: gateway },
    clock,
    random,
    onChange: (change) => onChange(change),
  })
  await migrate(database, [payments.migrations])
  stripe.webhooks.sendTo(createWebhookHandler(payments, { gatewayOf: () => 'stripe' }))
})

afterEach(async () => {
  await payments.close()
  await database.close()
  await stripe.close()
})

const inbox = async () =>
  (await database.query('select status, tries, count(*) as events from exprsn_payment_inbox group by status, tries'))
    .rows

async function chargeWithoutAnswer(): Promise<void> {
  stripe.faults.plan({ kind: 'error_after', when: 'POST /v1/payment_intents' })
  const method = { kind: 'token', token: 'pm_card_visa' } as const
  const amount = money('49.90', 'EUR')
  const outcome = await payments.charge({ gateway: 'stripe', amount, method, order: 'A-1', key: 'A-1/1' })
  expect(outcome.status).toBe('unknown')
}

/** The sale is told once, and nothing is told of that is no change. */
function expectOnce(told: readonly PaymentChange[]): void {
  const stateOf = (change: PaymentChange) =>
    change.kind === 'payment' ? [change.before.state, change.payment.state] : []
  const sales = told.map(stateOf).filter(([before, now]) => before !== 'captured' && now === 'captured')
  expect(sales).toHaveLength(1)
  for (const change of told) {
    const now = change.kind === 'payment' ? change.payment : change.transfer
    expect({ ...now, updatedAt: undefined }).not.toEqual({ ...change.before, updatedAt: undefined })
  }
}

it('fault: an event that cannot be applied is kept all the same, changes nothing, and is applied by the sweep', async () => {
  await chargeWithoutAnswer()
  onChange = () => {
    throw new Error('the host’s own table is locked')
  }
  expect(await stripe.webhooks.deliver()).toMatchObject({ refused: 0, lost: 0 })
  const [waiting] = await inbox()
  expect(waiting).toMatchObject({ status: 'new', tries: 1 })
  expect(await payments.paymentsOf('A-1')).toMatchObject([{ state: 'created', captured: { amount: 0n } }])
  expect(await payments.ledger.verify()).toMatchObject({ ok: true, lines: 0 })

  const told: PaymentChange[] = []
  onChange = (change) => void told.push(change)
  await clock.advanceBy('1m')
  expect((await payments.sweep()).failures).toEqual([])
  expect(await payments.paymentsOf('A-1')).toMatchObject([{ state: 'captured', captured: { amount: 4990n } }])
  expectOnce(told)
  expect((await inbox()).every(({ status }) => status !== 'new')).toBe(true)
})

it('applies an event with the transaction that keeps it, once however often it comes, and tells the host once', async () => {
  await chargeWithoutAnswer()
  const told: PaymentChange[] = []
  onChange = (change) => void told.push(change)
  await stripe.webhooks.deliver({ duplicate: 1 })
  expect(await payments.paymentsOf('A-1')).toMatchObject([{ state: 'captured' }])
  expectOnce(told)
  expect(await inbox()).toMatchObject([{ status: 'done', tries: 0 }])
  expect(await payments.ledger.verify()).toMatchObject({ ok: true })
})
