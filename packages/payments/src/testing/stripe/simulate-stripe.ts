import { systemClock, systemRandom } from '@exprsn/core'
import { signStripeWebhook } from '../../webhook/stripe/stripe-verifier.ts'
import { testingErrors } from '../errors.ts'
import { GatewayFaults } from '../simulator/gateway-faults.ts'
import type { GatewaySimulator, SimulatorOptions } from '../simulator/gateway-simulator.ts'
import type { SimulatedPayment } from '../simulator/simulated-payment.ts'
import { startSimulatorServer } from '../simulator/simulator-server.ts'
import { WebhookOutbox } from '../simulator/webhook-outbox.ts'
import { useMethod } from './method-endpoints.ts'
import { openPayout, stripeApiVersion } from './money-endpoints.ts'
import { closeDispute, confirmIntent, failIntent, finishProcessing, openDispute } from './payment-flow.ts'
import { renderEvent } from './render.ts'
import { StripeAccount } from './stripe-account.ts'
import { StripeApi, refusalResponse } from './stripe-api.ts'
import type { EventRecord, IntentRecord } from './stripe-objects.ts'
import { StripeRefusal } from './stripe-refusal.ts'

/** Options of {@link simulateStripe}. */
export interface SimulateStripeOptions extends SimulatorOptions {
  /** The only API key that is accepted. @default 'sk_test_simulated' */
  readonly apiKey?: string | undefined
  /** Signs webhooks. @default 'whsec_simulated' */
  readonly webhookSecret?: string | undefined
}

/** A simulated Stripe account. */
export interface StripeSimulator extends GatewaySimulator {
  readonly apiKey: string
  readonly webhookSecret: string
  /** Options for the constructor of the stripe package: `new Stripe(simulator.apiKey, simulator.clientConfig)`. */
  readonly clientConfig: {
    readonly host: string
    readonly port: number
    readonly protocol: 'http'
    readonly maxNetworkRetries: number
    readonly telemetry: false
  }
  /** What the buyer's browser does with the payment's client secret: pays with a test token. */
  payInBrowser(payment: string, token: string): void
  /** The buyer passes the bank's check of a payment that `requires_action`, or fails it. */
  authenticate(payment: string, succeeds?: boolean): void
  /** A payment that was processing ends. */
  finishProcessing(payment: string, succeeds: boolean): void
  /** A buyer's bank takes money back (`inquiry`: only asks). Gives the dispute's reference. */
  openDispute(payment: string, options?: OpenStripeDisputeOptions): string
  /** What was handed in about a dispute, in Stripe's fields. */
  evidenceOf(dispute: string): Readonly<Record<string, unknown>>
  /** The bank decides. */
  closeDispute(dispute: string, won: boolean): void
  /** The buyer's bank sends a refund back. */
  failRefund(refund: string): void
  /** Pays everything that is available out, as automatic payouts do. Gives the payout's reference, none if there is nothing. */
  payOut(currency: string): string | undefined
  /** The bank sends a payout back. */
  failPayout(payout: string): void
}

/** Options of {@link StripeSimulator.openDispute}. */
export interface OpenStripeDisputeOptions {
  /** Minor units. @default all that was captured */
  readonly amount?: number | undefined
  /** @default 'fraudulent' */
  readonly reason?: string | undefined
  /** @default false */
  readonly inquiry?: boolean | undefined
  /** The network's code of the reason, such as `10.4`. @default none */
  readonly networkReason?: string | undefined
}

/**
 * Stripe in this process, over real HTTP, for the unmodified `stripe` package: payment intents with test tokens, manual and
 * repeated captures, refunds, disputes, payouts, balance transactions, saved methods, events, webhooks signed like the real
 * ones, idempotency keys and faults, by a clock of your choice. Parameters that the real API does not know are refused.
 *
 * Its rules come from the types of the `stripe` package 23.1.0 and docs.stripe.com (the files name the pages). From memory
 * are: the wording of messages, the fee of 2.9 % + 30, the two days until a payment is available and a payout arrives, and
 * that a won dispute gives its fee back.
 *
 * @example
 * ```ts
 * import { simulateStripe } from '@exprsn/payments/testing'
 *
 * await using stripe = await simulateStripe()
 * const response = await fetch(`${stripe.url}/v1/payment_intents`, {
 *   method: 'POST',
 *   headers: { authorization: `Bearer ${stripe.apiKey}`, 'idempotency-key': 'order-1' },
 *   body: new URLSearchParams({ amount: '4990', currency: 'eur', payment_method: 'pm_card_visa', confirm: 'true' }),
 * })
 * const { status } = (await response.json()) as { readonly status: string }
 * console.log(status, stripe.payments()[0]?.captured) // succeeded 4990n
 * ```
 */
export async function simulateStripe(options: SimulateStripeOptions = {}): Promise<StripeSimulator> {
  const { clock = systemClock, random = systemRandom } = options
  const { apiKey = 'sk_test_simulated', webhookSecret = 'whsec_simulated' } = options
  const webhooks = new WebhookOutbox(random, options.webhooks)
  const faults = new GatewayFaults(random, options.faults ?? {})
  const onEvent = (event: EventRecord): void => {
    const body = JSON.stringify(renderEvent(event, stripeApiVersion))
    const bytes = new TextEncoder().encode(body)
    const sign = () => ({
      'stripe-signature': signStripeWebhook({ body: bytes, secret: webhookSecret, now: clock.now() }),
    })
    webhooks.add({ id: event.id, type: event.type, body, sign })
  }
  const account = new StripeAccount({ clock, random, onEvent })
  const api = new StripeApi(account, { apiKey, clock })
  const server = await startSimulatorServer({
    faults,
    handle: (request) => api.answer(request),
    failure: failureResponse,
  })
  const { url, host, port, requests } = server

  return {
    url,
    apiKey,
    webhookSecret,
    clientConfig: { host, port, protocol: 'http', maxNetworkRetries: 0, telemetry: false },
    faults,
    webhooks,
    requests,
    payments: () => [...account.intents.values()].map((intent) => simulatedPayment(account, intent)),
    balance: () => account.book.entries,
    bankStatement: () => account.book.bank,
    settle: () => account.settle(),
    close: () => server.close(),
    [Symbol.asyncDispose]: () => server.close(),
    payInBrowser: (payment, token) => {
      const intent = waitingIntent(account, payment, 'requires_payment_method')
      intent.method = useMethod(account, token, intent.customer)
      declineQuietly(() => confirmIntent(account, intent))
    },
    authenticate: (payment, succeeds = true) => {
      const intent = waitingIntent(account, payment, 'requires_action')
      if (succeeds) declineQuietly(() => confirmIntent(account, intent, { authenticated: true }))
      else failIntent(account, intent, { code: 'payment_intent_authentication_failure', declineCode: undefined })
    },
    finishProcessing: (payment, succeeds) =>
      finishProcessing(account, waitingIntent(account, payment, 'processing'), succeeds),
    openDispute: (payment, { amount, reason = 'fraudulent', inquiry = false, networkReason } = {}) => {
      const intent = found(account.intents, 'payment', payment)
      const charge = found(account.charges, 'charge', intent.charge ?? '')
      return openDispute(account, charge, { amount: amount ?? charge.amountCaptured, reason, inquiry, networkReason })
        .id
    },
    evidenceOf: (dispute) => found(account.disputes, 'dispute', dispute).evidence,
    closeDispute: (dispute, won) => closeDispute(account, found(account.disputes, 'dispute', dispute), won),
    failRefund: (refund) => failRefund(account, refund),
    payOut: (currency) => payOut(account, currency.toLowerCase()),
    failPayout: (payout) => failPayout(account, payout),
  }
}

function simulatedPayment(account: StripeAccount, intent: IntentRecord): SimulatedPayment {
  const charge = account.charges.get(intent.charge ?? '')
  return {
    reference: intent.id,
    key: intent.metadata['exprsn_key'],
    order: intent.metadata['exprsn_order'],
    currency: intent.currency.toUpperCase(),
    amount: BigInt(intent.amount),
    captured: BigInt(intent.received),
    refunded: BigInt(charge?.amountRefunded ?? 0),
    state: intent.status,
  }
}

function failRefund(account: StripeAccount, reference: string): void {
  const refund = found(account.refunds, 'refund', reference)
  if (refund.status === 'failed') throw wrongState('failRefund', reference, refund.status)
  Object.assign(refund, { status: 'failed', failureReason: 'expired_or_canceled_card' })
  const charge = account.charges.get(refund.charge)!
  charge.amountRefunded -= refund.amount
  account.enter({
    kind: 'refund_failure',
    gross: BigInt(refund.amount),
    fee: 0n,
    currency: refund.currency,
    availableAt: account.clock.now(),
    source: refund.id,
    payment: refund.intent,
  })
  account.emitRefund('refund.failed', refund)
}

function payOut(account: StripeAccount, currency: string): string | undefined {
  account.settle()
  const amount = account.book.available(currency, account.clock.now())
  if (amount <= 0n) return undefined
  const options = { amount: Number(amount), currency, automatic: true, metadata: {}, description: 'STRIPE PAYOUT' }
  const payout = openPayout(account, options)
  account.book.sweepInto(payout.id, currency, account.clock.now())
  return payout.id
}

function failPayout(account: StripeAccount, reference: string): void {
  const payout = found(account.payouts, 'payout', reference)
  if (payout.status === 'failed') throw wrongState('failPayout', reference, payout.status)
  const arrived = payout.status === 'paid'
  Object.assign(payout, { status: 'failed', failureCode: 'account_closed' })
  account.enter({
    kind: 'payout_failure',
    gross: BigInt(payout.amount),
    fee: 0n,
    currency: payout.currency,
    availableAt: account.clock.now(),
    source: payout.id,
  })
  if (arrived)
    account.book.book({
      id: `bank-${payout.id}-returned`,
      bookedOn: new Date(account.clock.now()).toISOString().slice(0, 10),
      amount: -BigInt(payout.amount),
      currency: payout.currency.toUpperCase(),
      text: `STRIPE PAYOUT ${payout.id} RETURNED`,
      payout: payout.id,
    })
  account.emitPayout('payout.failed', payout)
}

function waitingIntent(account: StripeAccount, reference: string, status: IntentRecord['status']): IntentRecord {
  account.settle()
  const intent = found(account.intents, 'payment', reference)
  if (intent.status !== status) throw wrongState(status, reference, intent.status)
  return intent
}

/** In the browser a decline is shown to the buyer; the server hears of it by event. */
function declineQuietly(confirm: () => void): void {
  try {
    confirm()
  } catch (error) {
    if (!(error instanceof StripeRefusal)) throw error
  }
}

function failureResponse(status: number) {
  const message = status === 429 ? 'Too many requests.' : 'An unknown error occurred.'
  const code = status === 429 ? 'rate_limit' : undefined
  return refusalResponse(
    new StripeRefusal(status, { type: status === 429 ? 'invalid_request_error' : 'api_error', code, message }),
  )
}

function found<Record>(records: ReadonlyMap<string, Record>, kind: string, reference: string): Record {
  const record = records.get(reference)
  if (record === undefined) throw testingErrors.PAYMENTS_TESTING_UNKNOWN_OBJECT({ kind, reference })
  return record
}

function wrongState(operation: string, reference: string, state: string) {
  return testingErrors.PAYMENTS_TESTING_WRONG_STATE({ operation, reference, state })
}
