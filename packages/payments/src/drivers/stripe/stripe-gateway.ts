import { systemClock, type Clock } from '@exprsn/core'
import { checkCommand } from '../../gateway/check-command.ts'
import type {
  AcceptDisputeCommand,
  CaptureCommand,
  ChargeCommand,
  CommandBase,
  CreateCustomerCommand,
  PayoutCommand,
  RefundCommand,
  RemoveMethodCommand,
  ResumeCommand,
  SaveMethodCommand,
  SubmitEvidenceCommand,
  VoidCommand,
} from '../../gateway/command.ts'
import { gatewayErrors } from '../../gateway/errors.ts'
import type { EventSubject, GatewayEvent } from '../../gateway/gateway-event.ts'
import type { GatewayCallOptions, HistoryQuery, PaymentGateway } from '../../gateway/gateway.ts'
import { oldestFirst } from '../../gateway/history-order.ts'
import type { LookupQuery, LookupResult } from '../../gateway/lookup.ts'
import { lookUpByList, onlyResult } from '../../gateway/lookup-by-list.ts'
import type { OperationOutcome, PaymentOutcome } from '../../gateway/outcome.ts'
import { raceSignal } from '../../gateway/race-signal.ts'
import { listUntilAborted, untilAborted } from '../../gateway/until-aborted.ts'
import type { SettlementLine } from '../../gateway/settlement-line.ts'
import type {
  CaptureSnapshot,
  CustomerSnapshot,
  DisputeSnapshot,
  GatewaySnapshot,
  PaymentSnapshot,
  PayoutSnapshot,
  RefundSnapshot,
  SavedMethodSnapshot,
} from '../../gateway/snapshot.ts'
import type { WebhookDelivery, WebhookVerdict } from '../../gateway/webhook-verdict.ts'
import { parseWebhookBody } from '../../webhook/parse-webhook-body.ts'
import { stripeVerifier } from '../../webhook/stripe/stripe-verifier.ts'
import { fetchSubject } from './fetch-subject.ts'
import { loadStripe } from './load-stripe.ts'
import { toStripeAmount } from './stripe-amount.ts'
import { chargeParameters } from './stripe-charge.ts'
import type { StripeClientLike } from './stripe-client.ts'
import { eventFromStripe } from './stripe-events.ts'
import { evidenceParameters } from './stripe-evidence.ts'
import { stripeFailure } from './stripe-failure.ts'
import { stripeLookups, transferOutcome } from './stripe-lookup.ts'
import { captureMetadata, captureReference, commandMetadata } from './stripe-metadata.ts'
import { paymentOutcome } from './stripe-outcome.ts'
import { declined, declineRefusal, faultOf, requestRefused } from './stripe-refusal.ts'
import { settlementFromStripe } from './stripe-settlement.ts'
import {
  disputeFromStripe,
  idOf,
  intentExpansion,
  methodFromStripe,
  paymentFromIntent,
  payoutFromStripe,
  refundFromStripe,
} from './stripe-snapshot.ts'
import type { StripeEventLike, StripeIntent } from './stripe-types.ts'
import { stripeCapabilities } from './stripe-capabilities.ts'
import type { StripeGatewayOptions } from './stripe-options.ts'

const expand = intentExpansion

/**
 * Payments through Stripe's PaymentIntents. Needs the package `stripe`, loaded with the first command, or a client of yours.
 * Each command carries its key as Stripe's idempotency key and in the metadata of what it makes, so that it is found again.
 *
 * @throws `PAYMENTS_GATEWAY_OPTION_INVALID`
 * @example
 * ```ts
 * import { stripeGateway } from '@exprsn/payments/drivers/stripe'
 * import { simulateStripe } from '@exprsn/payments/testing'
 * import Stripe from 'stripe'
 *
 * await using simulator = await simulateStripe()
 * const client = new Stripe(simulator.apiKey, simulator.clientConfig) // in production: new Stripe(process.env.STRIPE_KEY)
 * await using gateway = stripeGateway({ client, webhookSecrets: [simulator.webhookSecret] })
 *
 * const outcome = await gateway.charge({
 *   key: 'order-1/charge',
 *   amount: { amount: 4990n, currency: 'EUR' },
 *   method: { kind: 'token', token: 'pm_card_visa' },
 * })
 * console.log(outcome.status) // succeeded
 * ```
 */
export function stripeGateway(options: StripeGatewayOptions): PaymentGateway {
  const { client, apiKey } = options
  if ((client === undefined) === (apiKey === undefined))
    throw gatewayErrors.PAYMENTS_GATEWAY_OPTION_INVALID({
      gateway: 'stripe',
      option: 'client',
      reason: 'or apiKey is needed, and only one of them',
    })
  return new StripeGateway(options)
}

class StripeGateway implements PaymentGateway {
  readonly name: string
  readonly capabilities = stripeCapabilities
  readonly #options: StripeGatewayOptions
  readonly #clock: Clock
  readonly #verify: ReturnType<typeof stripeVerifier> | undefined
  #client: Promise<StripeClientLike> | undefined
  #closed = false

  constructor(options: StripeGatewayOptions) {
    this.name = options.name ?? 'stripe'
    this.#options = options
    this.#clock = options.clock ?? systemClock
    const { webhookSecrets: secrets, webhookTolerance: tolerance } = options
    this.#verify = secrets === undefined ? undefined : stripeVerifier({ secrets, tolerance })
  }

  async charge(command: ChargeCommand): Promise<PaymentOutcome> {
    checkCommand(this.name, command)
    const parameters = chargeParameters(command)
    const client = await this.#use()
    return this.#payment(command, () =>
      client.paymentIntents.create(parameters as never, { idempotencyKey: command.key }),
    )
  }

  async resume(command: ResumeCommand): Promise<PaymentOutcome> {
    checkCommand(this.name, command)
    // Stripe goes on by itself when the buyer comes back: what is left is to ask.
    const client = await this.#use()
    return this.#payment(command, () => client.paymentIntents.retrieve(command.payment, { expand } as never))
  }

  async capture(command: CaptureCommand): Promise<OperationOutcome<CaptureSnapshot>> {
    checkCommand(this.name, command)
    const { key, payment, amount, final = true } = command
    const units = toStripeAmount(amount)
    const parameters = {
      amount_to_capture: units,
      metadata: captureMetadata(key, units),
      expand,
      ...(final ? {} : { final_capture: false }),
    }
    const client = await this.#use()
    return this.#operation(command, async () => {
      const intent = await client.paymentIntents.capture(payment, parameters as never, { idempotencyKey: key })
      const snapshot = paymentFromIntent(intent)
      const reference = captureReference(idOf(intent.latest_charge) ?? '', key)
      const fallback = { kind: 'capture', reference, payment, key, state: 'succeeded', amount } as const
      const result = snapshot.captures.find((each) => each.reference === reference) ?? fallback
      return { status: 'succeeded', result, payment: snapshot }
    })
  }

  async void(command: VoidCommand): Promise<OperationOutcome<PaymentSnapshot>> {
    checkCommand(this.name, command)
    const { key, payment } = command
    const client = await this.#use()
    return this.#operation(command, async () => {
      const intent = await client.paymentIntents.cancel(payment, { expand } as never, { idempotencyKey: key })
      return { status: 'succeeded', result: paymentFromIntent(intent) }
    })
  }

  async refund(command: RefundCommand): Promise<OperationOutcome<RefundSnapshot>> {
    checkCommand(this.name, command)
    const { key, payment, amount, reason } = command
    const parameters = {
      payment_intent: payment,
      amount: toStripeAmount(amount),
      metadata: commandMetadata(key),
      ...(reason === undefined ? {} : { reason: reason === 'requested' ? 'requested_by_customer' : reason }),
    }
    const client = await this.#use()
    return this.#operation(command, async () => {
      const refund = await client.refunds.create(parameters as never, { idempotencyKey: key })
      return transferOutcome(refundFromStripe(refund))
    })
  }

  async payout(command: PayoutCommand): Promise<OperationOutcome<PayoutSnapshot>> {
    checkCommand(this.name, command)
    const { key, amount, destination, description } = command
    if (destination !== undefined && destination.kind !== 'bank')
      throw this.#notSupported(`a payout to ${destination.kind}`)
    const parameters = {
      amount: toStripeAmount(amount, 'payout'),
      currency: amount.currency.toLowerCase(),
      metadata: commandMetadata(key),
      ...(description === undefined ? {} : { description }),
    }
    const client = await this.#use()
    return this.#operation(command, async () => {
      const payout = await client.payouts.create(parameters as never, { idempotencyKey: key })
      return transferOutcome(payoutFromStripe(payout))
    })
  }

  async createCustomer(command: CreateCustomerCommand): Promise<OperationOutcome<CustomerSnapshot>> {
    checkCommand(this.name, command)
    const { key, id, email, name } = command
    const parameters = {
      metadata: { ...commandMetadata(key), exprsn_customer: id },
      ...(email === undefined ? {} : { email }),
      ...(name === undefined ? {} : { name }),
    }
    const client = await this.#use()
    return this.#operation(command, async () => {
      const customer = await client.customers.create(parameters as never, { idempotencyKey: key })
      return { status: 'succeeded', result: { kind: 'customer', reference: customer.id, id } }
    })
  }

  async saveMethod(command: SaveMethodCommand): Promise<OperationOutcome<SavedMethodSnapshot>> {
    checkCommand(this.name, command)
    const { key, customer, token } = command
    const client = await this.#use()
    return this.#operation(command, async () => {
      const method = await client.paymentMethods.attach(token, { customer } as never, { idempotencyKey: key })
      return { status: 'succeeded', result: methodFromStripe(method) }
    })
  }

  async removeMethod(command: RemoveMethodCommand): Promise<OperationOutcome<SavedMethodSnapshot>> {
    checkCommand(this.name, command)
    const { key, customer, reference } = command
    const client = await this.#use()
    return this.#operation(command, async () => {
      const method = await client.paymentMethods.detach(reference, {} as never, { idempotencyKey: key })
      return { status: 'succeeded', result: methodFromStripe(method, customer) }
    })
  }

  async acceptDispute(command: AcceptDisputeCommand): Promise<OperationOutcome<DisputeSnapshot>> {
    checkCommand(this.name, command)
    const client = await this.#use()
    return this.#operation(command, async () => {
      const dispute = await client.disputes.close(command.dispute, {} as never, { idempotencyKey: command.key })
      return { status: 'succeeded', result: disputeFromStripe(dispute) }
    })
  }

  async submitEvidence(command: SubmitEvidenceCommand): Promise<OperationOutcome<DisputeSnapshot>> {
    checkCommand(this.name, command)
    const parameters = evidenceParameters(this.name, command.evidence)
    const client = await this.#use()
    return this.#operation(command, async () => {
      const dispute = await client.disputes.update(command.dispute, parameters as never, {
        idempotencyKey: command.key,
      })
      return { status: 'succeeded', result: disputeFromStripe(dispute) }
    })
  }

  lookup(query: LookupQuery): Promise<LookupResult> {
    return untilAborted(query.signal, async () => onlyResult(await this.lookupAll([query])))
  }

  async lookupAll(queries: readonly LookupQuery[]): Promise<readonly PromiseSettledResult<LookupResult>[]> {
    const { listed, find, answer } = stripeLookups(await this.#use(), this.#clock.now())
    return lookUpByList(queries, {
      listed,
      find: (wanted) => this.#list(find(wanted)),
      answer: (query, found) => this.#ask(() => answer(query, found), { found: false, conclusive: false }),
    })
  }

  fetch(subject: EventSubject, { signal }: GatewayCallOptions = {}): Promise<GatewaySnapshot | undefined> {
    return untilAborted(signal, () => this.#fetch(subject))
  }

  events(query: HistoryQuery): AsyncIterable<GatewayEvent> {
    return listUntilAborted(query.signal, this.#events(query))
  }

  settlements(query: HistoryQuery): AsyncIterable<SettlementLine> {
    return listUntilAborted(query.signal, this.#settlements(query))
  }

  async #fetch({ kind, reference }: EventSubject): Promise<GatewaySnapshot | undefined> {
    const client = await this.#use()
    return this.#ask(() => fetchSubject(client, kind, reference), undefined)
  }

  async *#events({ since, until }: HistoryQuery): AsyncIterable<GatewayEvent> {
    const client = await this.#use()
    const events = this.#list(client.events.list({ created: between(since, until), limit: 100 } as never))
    for await (const event of oldestFirst(events)) {
      const translated = eventFromStripe(event)
      if (translated !== undefined) yield translated
    }
  }

  async *#settlements({ since, until }: HistoryQuery): AsyncIterable<SettlementLine> {
    const client = await this.#use()
    const parameters = { created: between(since, until), limit: 100, expand: ['data.source'] }
    const entries = this.#list(client.balanceTransactions.list(parameters as never))
    for await (const entry of oldestFirst(entries)) yield settlementFromStripe(entry)
  }

  async receive({ headers, body }: WebhookDelivery): Promise<WebhookVerdict> {
    if (this.#verify === undefined) throw this.#notSupported('webhooks without webhookSecrets')
    const verdict = this.#verify({ body, header: headers.get('stripe-signature'), now: this.#clock.now() })
    if (!verdict.verified) return verdict
    return parseWebhookBody<StripeEventLike>(body, (event) => {
      const translated = typeof event.data?.object === 'object' ? eventFromStripe(event) : undefined
      return translated === undefined ? [] : [translated]
    })
  }

  async close(): Promise<void> {
    this.#closed = true
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  #use(): Promise<StripeClientLike> {
    if (this.#closed) throw gatewayErrors.PAYMENTS_GATEWAY_CLOSED({ gateway: this.name })
    const { client, apiKey = '', clientConfig = {} } = this.#options
    return (this.#client ??= client === undefined ? loadStripe(apiKey, clientConfig) : Promise.resolve(client))
  }

  async #payment({ key, signal }: CommandBase, send: () => Promise<StripeIntent>): Promise<PaymentOutcome> {
    try {
      return paymentOutcome(await raceSignal(this.name, send, signal))
    } catch (cause) {
      if (cause === signal?.reason && signal?.aborted) throw cause
      const failure = stripeFailure(cause, key)
      if (failure.kind === 'declined') return declined(failure)
      if (failure.kind === 'refused') throw requestRefused(this.name, failure, cause)
      if (failure.kind === 'fault') throw failure.error
      return { status: 'unknown', error: failure.error }
    }
  }

  async #operation<Snapshot>(
    { key, signal }: CommandBase,
    send: () => Promise<OperationOutcome<Snapshot>>,
  ): Promise<OperationOutcome<Snapshot>> {
    try {
      return await raceSignal(this.name, send, signal)
    } catch (cause) {
      if (cause === signal?.reason && signal?.aborted) throw cause
      const failure = stripeFailure(cause, key)
      if (failure.kind === 'refused') return { status: 'refused', refusal: failure.refusal }
      if (failure.kind === 'declined') return { status: 'refused', refusal: declineRefusal(failure) }
      if (failure.kind === 'fault') throw failure.error
      return { status: 'unknown', error: failure.error }
    }
  }

  /** Questions change nothing: whatever goes wrong is thrown, except that the thing is not there. */
  async #ask<Answer>(ask: () => Promise<Answer>, missing: Answer): Promise<Answer> {
    try {
      return await ask()
    } catch (cause) {
      const failure = stripeFailure(cause)
      if (failure.kind === 'refused' && failure.refusal.reason === 'not_found') return missing
      throw faultOf(this.name, failure, cause)
    }
  }

  async *#list<Item>(items: AsyncIterable<Item>): AsyncIterable<Item> {
    try {
      yield* items
    } catch (cause) {
      throw faultOf(this.name, stripeFailure(cause), cause)
    }
  }

  #notSupported(operation: string) {
    return gatewayErrors.PAYMENTS_GATEWAY_NOT_SUPPORTED({ gateway: this.name, operation })
  }
}

function between(since: Date, until: Date | undefined): Readonly<Record<string, number>> {
  const seconds = (date: Date): number => Math.floor(date.getTime() / 1000)
  return { gte: seconds(since), ...(until === undefined ? {} : { lt: seconds(until) }) }
}
