import { describe, expect, it } from 'vitest'
import type { LookupQuery } from '../../gateway/lookup.ts'
import { lookUpByList, onlyResult } from '../../gateway/lookup-by-list.ts'
import type { StripeClientLike } from './stripe-client.ts'
import { stripeLookups } from './stripe-lookup.ts'
import { paymentOutcome } from './stripe-outcome.ts'
import { settlementFromStripe } from './stripe-settlement.ts'
import {
  idOf,
  methodFromStripe,
  nextActionOf,
  paymentFromIntent,
  payoutFromStripe,
  refundFromStripe,
} from './stripe-snapshot.ts'
import type {
  StripeBalanceTransaction,
  StripeIntent,
  StripeMethod,
  StripePayout,
  StripeRefund,
} from './stripe-types.ts'

const intent = (more: object): StripeIntent =>
  ({
    ...{
      id: 'pi_1',
      amount: 1000,
      amount_received: 0,
      amount_capturable: 0,
      currency: 'eur',
      metadata: {},
      created: 1,
    },
    ...{ latest_charge: null, last_payment_error: null, cancellation_reason: null, next_action: null, customer: null },
    ...more,
  }) as unknown as StripeIntent

describe('what Stripe says of a payment', () => {
  it.each([
    [{ status: 'requires_payment_method' }, 'created', 'requires_action'],
    [{ status: 'requires_confirmation', last_payment_error: { code: 'card_declined' } }, 'declined', 'declined'],
    [{ status: 'requires_action' }, 'requires_action', 'requires_action'],
    [{ status: 'requires_capture' }, 'authorised', 'authorised'],
    [{ status: 'requires_capture', amount_received: 500 }, 'captured', 'succeeded'],
    [{ status: 'succeeded', amount_received: 1000 }, 'captured', 'succeeded'],
    [{ status: 'canceled' }, 'voided', 'declined'],
    [{ status: 'canceled', cancellation_reason: 'automatic' }, 'expired', 'declined'],
    [{ status: 'processing' }, 'pending', 'pending'],
    [{ status: 'invented_tomorrow' }, 'pending', 'pending'],
  ])('%j: it is %s, the outcome %s', (given, state, status) => {
    expect(paymentFromIntent(intent(given)).state).toBe(state)
    expect(paymentOutcome(intent(given)).status).toBe(status)
  })

  it('has a fee only where the charge came with its entry, and never one that its currency cannot express', () => {
    const fee = (
      entry: unknown,
      charge: unknown = { id: 'ch_1', amount: 1000, amount_refunded: 0, balance_transaction: entry },
    ) =>
      paymentFromIntent(intent({ status: 'succeeded', amount_received: 1000, latest_charge: charge })).captures[0]!.fee
    expect(fee({ fee: 59, currency: 'eur' })).toEqual({ amount: 59n, currency: 'EUR' })
    expect([fee('txn_1'), fee(null), fee(undefined, 'ch_1')]).toEqual([undefined, undefined, undefined])
    expect(fee({ fee: 1.5, currency: 'eur' })).toBeUndefined()
    expect(fee({ fee: 1, currency: 'zzz' })).toBeUndefined()
  })

  it('names what the buyer has to do', () => {
    const url = 'https://hooks.example/3ds'
    expect(nextActionOf(intent({ next_action: { redirect_to_url: { url } } }))).toEqual({ kind: 'redirect', url })
    expect(nextActionOf(intent({ client_secret: 's' }))).toEqual({ kind: 'script', clientSecret: 's' })
    expect(nextActionOf(intent({ client_secret: null }))).toEqual({ kind: 'script', clientSecret: '' })
  })
})

describe('other things of Stripe', () => {
  it.each(['succeeded', 'failed', 'canceled', 'pending', 'requires_action', null])('a refund that is %s', (status) => {
    const refund = {
      id: 're_1',
      status,
      amount: 100,
      currency: 'eur',
      payment_intent: { id: 'pi_1' },
      charge: null,
      metadata: null,
    }
    const expected = { succeeded: 'succeeded', failed: 'failed', canceled: 'failed' }[status ?? ''] ?? 'pending'
    expect(refundFromStripe(refund as unknown as StripeRefund)).toMatchObject({
      ...{ state: expected, payment: 'pi_1', capture: undefined, key: undefined, amount: { amount: 100n } },
    })
  })

  it.each(['pending', 'in_transit', 'paid', 'failed', 'canceled', 'new'])('a payout that is %s', (status) => {
    const payout = {
      id: 'po_1',
      status,
      amount: 100,
      currency: 'jpy',
      arrival_date: 86_400,
      metadata: { exprsn_key: 'k' },
    }
    const expected = { canceled: 'cancelled', new: 'pending' }[status] ?? status
    expect(payoutFromStripe(payout as unknown as StripePayout)).toMatchObject({ state: expected, key: 'k' })
  })

  it('a method is known by its type alone, or by what stands beside it', () => {
    const method = (more: object) =>
      methodFromStripe({ id: 'pm_1', customer: 'cus_1', ...more } as unknown as StripeMethod)
    const card = { brand: 'visa', last4: '4242', exp_month: 3, exp_year: 2030 }
    expect(method({ type: 'card', card })).toMatchObject({
      customer: 'cus_1',
      method: { last4: '4242', expires: '2030-03' },
    })
    expect(method({ type: 'sepa_debit' }).method).toEqual({ type: 'sepa_debit' })
    expect(method({ type: 'card', customer: null })).toMatchObject({ customer: '', removed: true })
    expect([idOf(null), idOf('x'), idOf({ id: 'y' })]).toEqual([undefined, 'x', 'y'])
  })

  it.each([
    ['charge', 'charge'],
    ['charge_failure', 'refund'],
    ['network_cost', 'fee'],
    ['payout_reversal', 'payout_failure'],
    ['invented_tomorrow', 'adjustment'],
  ])('a balance transaction for %s is a %s', (category, kind) => {
    const entry = {
      id: 'txn_1',
      reporting_category: category,
      amount: 100,
      fee: 3,
      net: 97,
      currency: 'eur',
      created: 1,
    }
    const line = (source: unknown) => settlementFromStripe({ ...entry, source } as unknown as StripeBalanceTransaction)
    expect(line({ id: 'ch_1', payment_intent: 'pi_1', metadata: { exprsn_key: 'k' } })).toMatchObject({
      ...{ kind, source: 'ch_1', payment: 'pi_1', key: 'k', payout: kind === 'payout_failure' ? 'ch_1' : undefined },
    })
    expect(line('ch_1')).toMatchObject({ source: 'ch_1', payment: undefined, key: undefined })
    expect(line(null)).toMatchObject({ source: undefined })
  })
})

describe('what became of a command, where Stripe keeps little', () => {
  const query = { key: 'k', sentAt: new Date(0), amount: { amount: 1000n, currency: 'EUR' } } as const
  const client = (given: object): StripeClientLike =>
    ({
      paymentIntents: {
        retrieve: async () => intent(given),
        list: async function* () {
          yield intent({ metadata: { exprsn_key: 'other' } })
          yield intent({ status: 'succeeded', amount_received: 1000, metadata: { exprsn_key: 'k' } })
        },
      },
      refunds: {
        list: async function* () {
          yield { id: 're_1', status: 'succeeded', amount: 1, currency: 'eur', metadata: null }
        },
      },
    }) as unknown as StripeClientLike

  const lookUp = async (stripe: StripeClientLike, wanted: LookupQuery, now: number) =>
    onlyResult(await lookUpByList([wanted], stripeLookups(stripe, now)))

  it('a charge is found by its key, by its payment, and among those of one customer', async () => {
    const charge = { ...query, operation: 'charge' } as const
    const paid = client({ status: 'succeeded' })
    expect(await lookUp(paid, charge, 0)).toMatchObject({ found: true, outcome: { status: 'succeeded' } })
    expect(await lookUp(paid, { ...charge, customer: 'cus_1' }, 0)).toMatchObject({ found: true })
    expect(await lookUp(client({}), { ...charge, key: 'none' }, 0)).toEqual({ found: false, conclusive: false })
    const known = { ...charge, payment: 'pi_1' } as const
    expect(await lookUp(client({ status: 'canceled' }), known, 0)).toMatchObject({ outcome: { status: 'declined' } })
  })

  it('what is not there is not found, and is conclusive in time', async () => {
    for (const operation of ['capture', 'void', 'refund'] as const) {
      const wanted = { ...query, operation, payment: 'pi_1' }
      expect(await lookUp(client({ status: 'succeeded' }), wanted, 0)).toEqual({ found: false, conclusive: false })
      expect(await lookUp(client({ status: 'succeeded' }), wanted, 86_400_000)).toEqual({
        found: false,
        conclusive: true,
      })
    }
    const voided = { ...query, operation: 'void', payment: 'pi_1' } as const
    expect(await lookUp(client({ status: 'canceled' }), voided, 0)).toMatchObject({ found: true, operation: 'void' })
  })
})
