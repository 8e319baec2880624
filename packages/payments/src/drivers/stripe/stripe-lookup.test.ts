import { SeededRandom, SimulatedClock } from '@exprsn/core/testing'
import Stripe from 'stripe'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { PaymentGateway } from '../../gateway/gateway.ts'
import { simulateStripe, type StripeSimulator } from '../../testing/stripe/simulate-stripe.ts'
import { stripeDecline } from './stripe-decline.ts'
import { eventFromStripe } from './stripe-events.ts'
import { stripeGateway } from './stripe-gateway.ts'
import { transferOutcome } from './stripe-lookup.ts'

const eur = (amount: bigint) => ({ amount, currency: 'EUR' })
let clock: SimulatedClock
let simulator: StripeSimulator
let gateway: PaymentGateway

beforeEach(async () => {
  clock = new SimulatedClock()
  simulator = await simulateStripe({ clock, random: new SeededRandom(5) })
  gateway = stripeGateway({ client: new Stripe(simulator.apiKey, simulator.clientConfig), clock })
})

afterEach(() => simulator.close())

describe('what became of a command at Stripe', () => {
  it('fault: gateway timeout after success: a payout is found by its key', async () => {
    await gateway.charge({ key: 'k', amount: eur(9000n), method: { kind: 'token', token: 'pm_card_visa' } })
    await clock.advanceBy('10d')
    const query = { operation: 'payout', key: 'p', sentAt: new Date(clock.now()), amount: eur(1000n) } as const
    expect(await gateway.lookup(query)).toEqual({ found: false, conclusive: false })
    simulator.faults.plan({ kind: 'error_after', when: 'POST /v1/payouts' })
    expect(await gateway.payout({ key: 'p', amount: eur(1000n) })).toMatchObject({ status: 'unknown' })
    expect(await gateway.lookup(query)).toMatchObject({ found: true, operation: 'payout' })
    await clock.advanceBy('20m')
    expect(await gateway.lookup({ ...query, key: 'other' })).toEqual({ found: false, conclusive: true })
  })

  it.each(['capture', 'void', 'refund'] as const)('a %s without its payment is not found', async (operation) => {
    const query = { operation, key: 'k', sentAt: new Date(clock.now()), amount: eur(1000n) }
    expect(await gateway.lookup(query)).toEqual({ found: false, conclusive: false })
  })

  it.each([
    [
      { state: 'failed', failure: 'account_closed' },
      { status: 'refused', refusal: { code: 'account_closed' } },
    ],
    [{ state: 'cancelled' }, { status: 'refused', refusal: { code: 'failed' } }],
    [{ state: 'paid' }, { status: 'succeeded' }],
    [{ state: 'pending' }, { status: 'pending' }],
  ])('%j comes to %j', (given, outcome) => {
    expect(transferOutcome(given)).toMatchObject(outcome)
  })
})

describe('declines and events of Stripe', () => {
  it.each([
    [{ code: 'card_declined', decline_code: 'insufficient_funds' }, 'insufficient_funds', 'insufficient_funds'],
    [{ code: 'expired_card' }, 'expired_card', 'expired_card'],
    [{ code: 'card_declined', decline_code: 'news' }, 'card_declined', 'news'],
    [{}, 'card_declined', 'unknown'],
  ])('%j is %s', (given, reason, code) => {
    expect(stripeDecline(given)).toMatchObject({ reason, code, message: expect.stringMatching(/./) })
  })

  it.each([{ object: 'balance' }, { object: 'charge', id: 'ch_1' }])('an event about %j tells nothing', (object) => {
    const event = { id: 'evt_1', type: 'x', created: 1, data: { object } }
    expect(eventFromStripe(event as never)).toBeUndefined()
  })
})
