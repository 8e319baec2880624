import { systemClock, type Clock } from '@exprsn/core'
import { afterwards } from '../../gateway/afterwards.ts'
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
import { isConclusive } from '../../gateway/conclusive-after.ts'
import type { EventSubject, GatewayEvent } from '../../gateway/gateway-event.ts'
import type { GatewayCallOptions, HistoryQuery, PaymentGateway } from '../../gateway/gateway.ts'
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
import { paypalVerifier } from '../../webhook/paypal/paypal-verifier.ts'
import { fetchSubject } from './fetch-subject.ts'
import { loadPaypal } from './load-paypal.ts'
import { toPaypalMoney } from './paypal-amount.ts'
import { PaypalApi } from './paypal-api.ts'
import { paypalCapabilities } from './paypal-capabilities.ts'
import { findPayout, isListed, isOrderAbsent, ordersByKey } from './find-order.ts'
import { acceptClaim, provideEvidence } from './paypal-dispute-actions.ts'
import { eventFromPaypal } from './paypal-events.ts'
import { evidenceInput } from './paypal-evidence.ts'
import { paypalFailure } from './paypal-failure.ts'
import { earliestKept, listEvents, listSettlements } from './paypal-history.ts'
import { orderOf } from './paypal-order.ts'
import type { PaypalGatewayOptions } from './paypal-options.ts'
import { payoutOf } from './paypal-payout.ts'
import { captureToRefund, lookIn, paymentOutcome, refused, transferOutcome } from './paypal-outcome.ts'
import {
  captureFromPaypal,
  isDecline,
  paymentFromOrder,
  payoutFromPaypal,
  paypalDecline,
  referenceOf,
  refundFromPaypal,
} from './paypal-snapshot.ts'
import { removeFromVault, saveInVault } from './paypal-vault.ts'
import type { PaypalCapture, PaypalEventLike, PaypalOrder, PaypalPayoutBatch, PaypalRefund } from './paypal-types.ts'

const representation = 'return=representation'
/** The buyer has not approved yet, or it was done before: how it stands, the order says. */
const standsInOrder = new Set(['ORDER_NOT_APPROVED', 'ORDER_ALREADY_CAPTURED', 'ORDER_ALREADY_AUTHORIZED'])

/**
 * Payments through PayPal's orders: by PayPal's page (`redirect`), by a one-time card token, or by a method in the vault.
 * Needs the package `@paypal/paypal-server-sdk`, loaded with the first command; disputes, payouts, the vault, events and
 * settlements, which it lacks or hides, go through our own client. Each command carries its key as `PayPal-Request-Id`.
 *
 * After the buyer approved an order, `resume` takes or reserves the money. PayPal has no search by key: the `lookup` of a
 * charge whose answer was lost goes through the events and transactions around it. What was done is found at once by its event
 * and within three hours by its transaction; that nothing was done is certain a little more than four hours later.
 *
 * @throws `PAYMENTS_GATEWAY_OPTION_INVALID`
 * @example
 * ```ts
 * import { paypalGateway } from '@exprsn/payments/drivers/paypal'
 * import { simulatePaypal } from '@exprsn/payments/testing'
 * import { Client } from '@paypal/paypal-server-sdk'
 *
 * await using simulator = await simulatePaypal()
 * const client = new Client(simulator.clientConfig) // in production: with your credentials and environment
 * await using gateway = paypalGateway({ client, baseUrl: simulator.url })
 *
 * const amount = { amount: 4990n, currency: 'EUR' }
 * const returnUrl = 'https://shop.example/back'
 * const charge = await gateway.charge({ key: 'order-1', amount, method: { kind: 'redirect' }, returnUrl })
 * if (charge.status !== 'requires_action') throw new Error(charge.status)
 * simulator.approve(charge.payment.reference) // what the buyer does on PayPal's page
 * const outcome = await gateway.resume({ key: 'order-1/resume', payment: charge.payment.reference })
 * console.log(outcome.status) // succeeded
 * ```
 */
export function paypalGateway(options: PaypalGatewayOptions): PaymentGateway {
  const { client, clientId, clientSecret } = options
  if ((client === undefined) === (clientId === undefined || clientSecret === undefined))
    throw gatewayErrors.PAYMENTS_GATEWAY_OPTION_INVALID({
      gateway: 'paypal',
      option: 'client',
      reason: 'or clientId and clientSecret are needed, and only one of both',
    })
  return new PaypalGateway(options)
}

class PaypalGateway implements PaymentGateway {
  readonly name: string
  readonly capabilities = paypalCapabilities
  readonly #options: PaypalGatewayOptions
  readonly #clock: Clock
  readonly #verify: ReturnType<typeof paypalVerifier> | undefined
  #api: Promise<PaypalApi> | undefined
  #closed = false

  constructor(options: PaypalGatewayOptions) {
    const {
      name = 'paypal',
      clock = systemClock,
      webhookIds,
      webhookCertificates: certificates,
      webhookRoots: roots,
    } = options
    this.name = name
    this.#options = options
    this.#clock = clock
    const fetchCertificate = async (url: string, { signal }: { readonly signal?: AbortSignal | undefined }) =>
      (await this.#use()).fetchCertificate(url, signal)
    this.#verify =
      webhookIds === undefined ? undefined : paypalVerifier({ webhookIds, fetchCertificate, certificates, roots })
  }

  async charge(command: ChargeCommand): Promise<PaymentOutcome> {
    checkCommand(this.name, command)
    const body = orderOf(this.name, command)
    const api = await this.#use()
    const input = { body, paypalRequestId: referenceOf(command.key), prefer: representation }
    return this.#payment(command, () => api.read((sdk) => sdk.orders.createOrder(input as never)))
  }

  async resume(command: ResumeCommand): Promise<PaymentOutcome> {
    checkCommand(this.name, command)
    const { key, payment, capture = 'now' } = command
    const api = await this.#use()
    const input = { id: payment, paypalRequestId: referenceOf(key), prefer: representation } as never
    return this.#payment(command, async () => {
      try {
        return await api.read<PaypalOrder>(({ orders }) =>
          capture === 'now' ? orders.captureOrder(input) : orders.authorizeOrder(input),
        )
      } catch (cause) {
        const failure = paypalFailure(cause, key)
        if (failure.kind !== 'refused' || !standsInOrder.has(failure.issue)) throw cause
        return afterwards(this.name, () =>
          api.read<PaypalOrder>(({ orders }) => orders.getOrder({ id: payment } as never)),
        )
      }
    })
  }

  async capture(command: CaptureCommand): Promise<OperationOutcome<CaptureSnapshot>> {
    checkCommand(this.name, command)
    const { key, payment, amount, final = true } = command
    const money = toPaypalMoney(amount)
    const api = await this.#use()
    return this.#operation(command, async () => {
      const order = await api.read<PaypalOrder>((sdk) => sdk.orders.getOrder({ id: payment } as never))
      const authorizationId = order.purchase_units?.[0]?.payments?.authorizations?.[0]?.id
      if (authorizationId === undefined)
        return refused('wrong_state', 'NO_AUTHORIZATION', 'The payment was not authorised.')
      const reference = referenceOf(key)
      const body = {
        amount: { currencyCode: money.currency_code, value: money.value },
        invoiceId: reference,
        finalCapture: final,
      }
      const input = { authorizationId, paypalRequestId: reference, prefer: representation, body }
      const capture = await api.read<PaypalCapture>((sdk) => sdk.payments.captureAuthorizedPayment(input as never))
      return transferOutcome(captureFromPaypal(capture, payment))
    })
  }

  async void(command: VoidCommand): Promise<OperationOutcome<PaymentSnapshot>> {
    checkCommand(this.name, command)
    const { key, payment } = command
    const api = await this.#use()
    return this.#operation(command, async () => {
      const before = await api.read<PaypalOrder>((sdk) => sdk.orders.getOrder({ id: payment } as never))
      const authorizationId = before.purchase_units?.[0]?.payments?.authorizations?.[0]?.id
      if (authorizationId === undefined)
        return refused('wrong_state', 'NO_AUTHORIZATION', 'The payment was not authorised.')
      const input = { authorizationId, paypalRequestId: referenceOf(key), prefer: representation }
      await api.read((sdk) => sdk.payments.voidPayment(input as never))
      const after = await afterwards(this.name, () =>
        api.read<PaypalOrder>((sdk) => sdk.orders.getOrder({ id: payment } as never)),
      )
      return { status: 'succeeded', result: paymentFromOrder(after) }
    })
  }

  async refund(command: RefundCommand): Promise<OperationOutcome<RefundSnapshot>> {
    checkCommand(this.name, command)
    const { key, payment, amount } = command
    const money = toPaypalMoney(amount)
    const api = await this.#use()
    return this.#operation(command, async () => {
      const reference = referenceOf(key)
      const order =
        command.capture === undefined
          ? await api.read<PaypalOrder>((sdk) => sdk.orders.getOrder({ id: payment } as never))
          : undefined
      const captureId = command.capture ?? captureToRefund(order, reference, amount.amount)
      if (captureId === undefined)
        return refused('wrong_state', 'NO_CAPTURE', 'No capture of the payment has so much left.')
      const body = { amount: { currencyCode: money.currency_code, value: money.value }, customId: reference }
      const input = { captureId, paypalRequestId: reference, prefer: representation, body }
      const refund = await api.read<PaypalRefund>((sdk) => sdk.payments.refundCapturedPayment(input as never))
      return transferOutcome(refundFromPaypal(refund, payment))
    })
  }

  async payout(command: PayoutCommand): Promise<OperationOutcome<PayoutSnapshot>> {
    checkCommand(this.name, command)
    const json = payoutOf(command)
    if (json === undefined) throw this.#notSupported('a payout to a bank account')
    const { key, amount } = command
    const api = await this.#use()
    return this.#operation(command, async () => {
      const path = '/v1/payments/payouts'
      const batch = await api.request<PaypalPayoutBatch>('POST', path, { json, key: referenceOf(key) })
      return transferOutcome(payoutFromPaypal(batch, amount))
    })
  }

  /** The vault knows customers by the identifier that the host gives them: there is nothing to send. */
  async createCustomer(command: CreateCustomerCommand): Promise<OperationOutcome<CustomerSnapshot>> {
    checkCommand(this.name, command)
    const { id } = command
    return { status: 'succeeded', result: { kind: 'customer', reference: id, id } }
  }

  async saveMethod(command: SaveMethodCommand): Promise<OperationOutcome<SavedMethodSnapshot>> {
    checkCommand(this.name, command)
    const api = await this.#use()
    return this.#operation(command, () => saveInVault(api, command))
  }

  async removeMethod(command: RemoveMethodCommand): Promise<OperationOutcome<SavedMethodSnapshot>> {
    checkCommand(this.name, command)
    const api = await this.#use()
    return this.#operation(command, () => removeFromVault(api, command))
  }

  async acceptDispute(command: AcceptDisputeCommand): Promise<OperationOutcome<DisputeSnapshot>> {
    checkCommand(this.name, command)
    const api = await this.#use()
    return this.#operation(command, () => acceptClaim(this.name, api, command))
  }

  async submitEvidence(command: SubmitEvidenceCommand): Promise<OperationOutcome<DisputeSnapshot>> {
    checkCommand(this.name, command)
    const input = evidenceInput(this.name, command.evidence)
    const api = await this.#use()
    return this.#operation(command, () => provideEvidence(this.name, api, command, input))
  }

  lookup(query: LookupQuery): Promise<LookupResult> {
    return untilAborted(query.signal, async () => onlyResult(await this.lookupAll([query])))
  }

  async lookupAll(queries: readonly LookupQuery[]): Promise<readonly PromiseSettledResult<LookupResult>[]> {
    const api = await this.#use()
    return lookUpByList<string>(queries, {
      listed: isListed,
      find: (wanted) => this.#list(ordersByKey(api, wanted)),
      answer: (query, order) => this.#lookUp(query, order),
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

  async #lookUp(query: LookupQuery, listed: string | undefined): Promise<LookupResult> {
    const { operation, key, sentAt } = query
    if (operation === 'payout') {
      const api = await this.#use()
      const batch = await this.#ask(() => findPayout(api, referenceOf(key), sentAt))
      // A batch of which no event came yet may be there all the same.
      if (batch === undefined) return { found: false, conclusive: false }
      return { found: true, operation, outcome: transferOutcome(payoutFromPaypal(batch, query.amount)) }
    }
    const payment = query.payment ?? listed
    const order = payment === undefined ? undefined : await this.#fetchOrder(payment)
    const known = order === undefined ? undefined : lookIn(order, query)
    if (known !== undefined) return known
    const now = this.#clock.now()
    return { found: false, conclusive: isListed(query) ? isOrderAbsent(query, now) : isConclusive(sentAt, now) }
  }

  async #fetch({ kind, reference }: EventSubject): Promise<GatewaySnapshot | undefined> {
    const api = await this.#use()
    if (kind === 'method') throw this.#notSupported('fetching a saved method')
    return this.#ask(() => fetchSubject(api, kind, reference))
  }

  async *#events({ since, until = new Date(this.#clock.now() + 1000) }: HistoryQuery): AsyncIterable<GatewayEvent> {
    yield* this.#list(listEvents(await this.#use(), since, until))
  }

  async *#settlements({
    since,
    until = new Date(this.#clock.now() + 1000),
  }: HistoryQuery): AsyncIterable<SettlementLine> {
    yield* this.#list(listSettlements(await this.#use(), earliestKept(since, this.#clock.now()), until))
  }

  async receive({ headers, body, signal }: WebhookDelivery): Promise<WebhookVerdict> {
    if (this.#verify === undefined) throw this.#notSupported('webhooks without webhookIds')
    const verdict = await this.#verify({ headers, body, now: this.#clock.now(), signal })
    if (!verdict.verified) return verdict
    return parseWebhookBody<PaypalEventLike>(body, (event) => {
      const translated = eventFromPaypal(event)
      return translated === undefined ? [] : [translated]
    })
  }

  async close(): Promise<void> {
    this.#closed = true
    await (await this.#api)?.close()
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  #use(): Promise<PaypalApi> {
    if (this.#closed) throw gatewayErrors.PAYMENTS_GATEWAY_CLOSED({ gateway: this.name })
    return (this.#api ??= this.#open())
  }

  async #open(): Promise<PaypalApi> {
    const sdk = await loadPaypal()
    const { environment = 'live', clientId: oAuthClientId, clientSecret: oAuthClientSecret } = this.#options
    const live = environment === 'live'
    const { baseUrl = live ? 'https://api-m.paypal.com' : 'https://api-m.sandbox.paypal.com' } = this.#options
    const configuration = {
      environment: live ? 'Production' : 'Sandbox',
      timeout: 60_000,
      clientCredentialsAuthCredentials: { oAuthClientId, oAuthClientSecret },
    }
    const client = this.#options.client ?? new sdk.Client(configuration as never)
    return new PaypalApi({ sdk, client, baseUrl, clock: this.#clock })
  }

  async #payment({ key, signal }: CommandBase, send: () => Promise<PaypalOrder>): Promise<PaymentOutcome> {
    try {
      return paymentOutcome(await raceSignal(this.name, send, signal))
    } catch (cause) {
      if (signal?.aborted && cause === signal.reason) throw cause
      const failure = paypalFailure(cause, key)
      if (failure.kind === 'unknown') return { status: 'unknown', error: failure.error }
      if (failure.kind === 'fault') throw failure.error
      const { issue, refusal } = failure
      if (isDecline(issue)) return { status: 'declined', decline: paypalDecline(issue) }
      throw gatewayErrors.PAYMENTS_GATEWAY_REQUEST_REFUSED(
        { gateway: this.name, code: issue, reason: refusal.message || issue },
        { cause },
      )
    }
  }

  async #operation<Snapshot>(
    { key, signal }: CommandBase,
    send: () => Promise<OperationOutcome<Snapshot>>,
  ): Promise<OperationOutcome<Snapshot>> {
    try {
      return await raceSignal(this.name, send, signal)
    } catch (cause) {
      if (signal?.aborted && cause === signal.reason) throw cause
      const failure = paypalFailure(cause, key)
      if (failure.kind === 'unknown') return { status: 'unknown', error: failure.error }
      if (failure.kind === 'fault') throw failure.error
      return { status: 'refused', refusal: failure.refusal }
    }
  }

  #fetchOrder(payment: string): Promise<PaypalOrder | undefined> {
    return this.#ask(async () => {
      const api = await this.#use()
      return api.read<PaypalOrder>((sdk) => sdk.orders.getOrder({ id: payment } as never))
    })
  }

  async #ask<Answer>(ask: () => Promise<Answer>): Promise<Answer | undefined> {
    try {
      return await ask()
    } catch (cause) {
      const failure = paypalFailure(cause)
      if (failure.kind !== 'refused') throw failure.error
      if (failure.refusal.reason === 'not_found') return undefined
      throw gatewayErrors.PAYMENTS_GATEWAY_REQUEST_REFUSED({ gateway: this.name, reason: failure.issue }, { cause })
    }
  }

  async *#list<Item>(items: AsyncIterable<Item>): AsyncIterable<Item> {
    try {
      yield* items
    } catch (cause) {
      const failure = paypalFailure(cause)
      if (failure.kind !== 'refused') throw failure.error
      throw gatewayErrors.PAYMENTS_GATEWAY_REQUEST_REFUSED({ gateway: this.name, reason: failure.issue }, { cause })
    }
  }

  #notSupported(operation: string) {
    return gatewayErrors.PAYMENTS_GATEWAY_NOT_SUPPORTED({ gateway: this.name, operation })
  }
}
