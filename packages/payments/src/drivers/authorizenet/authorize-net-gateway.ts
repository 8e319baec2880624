import { systemClock, type Clock } from '@exprsn/core'
import type { GatewayCapabilities } from '../../gateway/capabilities.ts'
import { afterwards } from '../../gateway/afterwards.ts'
import { checkCommand } from '../../gateway/check-command.ts'
import type {
  CaptureCommand,
  ChargeCommand,
  CommandBase,
  CreateCustomerCommand,
  RefundCommand,
  RemoveMethodCommand,
  SaveMethodCommand,
  VoidCommand,
} from '../../gateway/command.ts'
import { isConclusive } from '../../gateway/conclusive-after.ts'
import { gatewayErrors } from '../../gateway/errors.ts'
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
  GatewaySnapshot,
  PaymentSnapshot,
  RefundSnapshot,
  SavedMethodSnapshot,
} from '../../gateway/snapshot.ts'
import type { WebhookDelivery, WebhookVerdict } from '../../gateway/webhook-verdict.ts'
import { authorizeNetVerifier } from '../../webhook/authorizenet/authorize-net-verifier.ts'
import { parseWebhookBody } from '../../webhook/parse-webhook-body.ts'
import { invoiceNumberOf, toDecimals } from './authorize-net-amount.ts'
import { AuthorizeNetApi, errorOf, isUnknown, throwError, type AuthorizeNetAnswer } from './authorize-net-api.ts'
import { eventFromNotification, listEvents, listSettlements, type KnownNotifications } from './authorize-net-history.ts'
import { captureFromDetails, paymentFromDetails, paymentOutcome, refundFromDetails } from './authorize-net-snapshot.ts'
import {
  many,
  type Notification,
  type TransactionDetails,
  type TransactionResponse,
  type TransactionSummary,
} from './authorize-net-types.ts'
import { approvedPayment, declinedOutcome, errorCodeOf, refundOutcome, refused } from './authorize-net-outcome.ts'
import { createCustomerProfile, removePaymentProfile, savePaymentProfile } from './customer-profiles.ts'
import { findTogether } from './find-together.ts'
import { findByInvoice, transactionDetails, transactionsByKey } from './find-transaction.ts'
import { opaqueDataOf } from './opaque-data.ts'
import { authorizeNetCapabilities } from './authorize-net-capabilities.ts'
import type { AuthorizeNetGatewayOptions } from './authorize-net-options.ts'

type Summaries = readonly TransactionSummary[]

const day = 86_400_000
/** The longest that the service allows, in seconds: eight hours. */
const duplicateWindow = '28800'

/**
 * Payments through Authorize.Net's JSON API, with tokens of Accept.js (`dataValue`, or `dataDescriptor|dataValue`) and
 * customer profiles. The service keeps no keys: each command leaves the digest of its key as the invoice number, where a
 * look-up finds it, and the duplicate window of eight hours stands behind that. A charge that is refused as a duplicate, or
 * because its token was used, is looked up and gives the outcome of the first.
 *
 * Refunds are possible when the batch is settled, about a day later; before that, `void` gives all of it back. Disputes are
 * not in the API. An account has one currency.
 *
 * @throws `PAYMENTS_GATEWAY_OPTION_INVALID`
 * @example
 * ```ts
 * import { authorizeNetGateway } from '@exprsn/payments/drivers/authorizenet'
 * import { simulateAuthorizeNet } from '@exprsn/payments/testing'
 *
 * await using simulator = await simulateAuthorizeNet()
 * const { apiLoginId, transactionKey, url: baseUrl } = simulator
 * await using gateway = authorizeNetGateway({ apiLoginId, transactionKey, baseUrl })
 *
 * const token = simulator.createToken() // in production: from Accept.js in the buyer's browser
 * const amount = { amount: 4990n, currency: 'USD' }
 * const outcome = await gateway.charge({ key: 'order-1', amount, method: { kind: 'token', token } })
 * console.log(outcome.status) // succeeded
 * ```
 */
export function authorizeNetGateway(options: AuthorizeNetGatewayOptions): PaymentGateway {
  const { currency = 'USD' } = options
  if (!/^[A-Z]{3}$/.test(currency) || currency === 'JPY')
    throw gatewayErrors.PAYMENTS_GATEWAY_OPTION_INVALID({
      gateway: 'authorizenet',
      option: 'currency',
      reason: 'is not an ISO 4217 code with two decimals',
    })
  return new AuthorizeNetGateway(options)
}

class AuthorizeNetGateway implements PaymentGateway {
  readonly name: string
  readonly capabilities: GatewayCapabilities
  readonly #options: AuthorizeNetGatewayOptions
  readonly #clock: Clock
  readonly #currency: string
  readonly #verify: ReturnType<typeof authorizeNetVerifier> | undefined
  readonly #notifications: KnownNotifications = new Map()
  #api: AuthorizeNetApi | undefined
  #find: ReturnType<typeof findTogether> | undefined
  #closed = false

  constructor(options: AuthorizeNetGatewayOptions) {
    const { name = 'authorizenet', currency = 'USD', clock = systemClock, signatureKeys } = options
    this.name = name
    this.capabilities = { ...authorizeNetCapabilities, currencies: [currency] }
    this.#options = options
    this.#clock = clock
    this.#currency = currency
    this.#verify = signatureKeys === undefined ? undefined : authorizeNetVerifier({ signatureKeys })
  }

  async charge(command: ChargeCommand): Promise<PaymentOutcome> {
    checkCommand(this.name, command)
    const { key, order } = command
    const transactionRequest = {
      transactionType: (command.capture ?? 'now') === 'now' ? 'authCaptureTransaction' : 'authOnlyTransaction',
      amount: toDecimals(command.amount, this.#currency),
      ...this.#methodOf(command),
      order: { invoiceNumber: invoiceNumberOf(key), description: order },
      transactionSettings: { setting: [{ settingName: 'duplicateWindow', settingValue: duplicateWindow }] },
      processingOptions: command.offSession === true ? { isSubsequentAuth: true } : undefined,
    }
    const api = this.#use()
    return this.#unlessUnknown(command, async () => {
      const answer = await this.#transact(api, key, transactionRequest)
      const { transactionResponse: response } = answer
      // A duplicate, or a token that was used: it may be this very command.
      const repeated = errorCodeOf(response) === '11' || errorOf(answer)?.code === 'E00114'
      const earlier = repeated ? await afterwards(this.name, () => this.#paymentOf(api, key)) : undefined
      if (earlier !== undefined) return paymentOutcome(earlier)
      const approved = response && approvedPayment(command, response)
      if (approved !== undefined) return paymentOutcome(approved)
      if (response?.responseCode === '1' || response?.responseCode === '4')
        return paymentOutcome(await this.#fetched(api, response))
      if (response?.responseCode === '2' || response?.responseCode === '3') return declinedOutcome(response)
      return throwError(errorOf(answer) ?? { code: 'unknown', text: 'no transactionResponse' })
    })
  }

  async resume(): Promise<PaymentOutcome> {
    throw this.#notSupported('resuming a payment: there are no steps for the buyer')
  }

  async capture(command: CaptureCommand): Promise<OperationOutcome<CaptureSnapshot>> {
    checkCommand(this.name, command)
    const { key, payment: refTransId, final = true } = command
    if (!final) throw this.#notSupported('more than one capture')
    const transactionRequest = {
      transactionType: 'priorAuthCaptureTransaction',
      amount: toDecimals(command.amount, this.#currency),
      refTransId,
    }
    const api = this.#use()
    return this.#unlessUnknown(command, async () => {
      const response = await this.#accepted(api, key, transactionRequest)
      if ('status' in response) return response
      const details = await afterwards(this.name, () => this.#details(api, refTransId))
      const payment = paymentFromDetails(details, this.#currency)
      return { status: 'succeeded', result: captureFromDetails(details, this.#currency), payment }
    })
  }

  async void(command: VoidCommand): Promise<OperationOutcome<PaymentSnapshot>> {
    checkCommand(this.name, command)
    const { key, payment: refTransId } = command
    const api = this.#use()
    return this.#unlessUnknown(command, async () => {
      const response = await this.#accepted(api, key, { transactionType: 'voidTransaction', refTransId })
      if ('status' in response) return response
      const details = await afterwards(this.name, () => this.#details(api, refTransId))
      return { status: 'succeeded', result: paymentFromDetails(details, this.#currency) }
    })
  }

  async refund(command: RefundCommand): Promise<OperationOutcome<RefundSnapshot>> {
    checkCommand(this.name, command)
    const { key, payment: refTransId, amount } = command
    const decimals = toDecimals(amount, this.#currency)
    const api = this.#use()
    return this.#unlessUnknown(command, async () => {
      // There is no key at the service: what was done before is looked for, before anything is sent.
      const earlier = await this.#refundOf(api, key)
      if (earlier !== undefined) return refundOutcome(earlier)
      const original = await transactionDetails(api, refTransId)
      if (original === undefined) return refused('16', 'There is no such transaction.')
      if (original.transactionStatus === 'capturedPendingSettlement')
        return refused('54', 'The payment is not settled yet: give all of it back with void, or wait for a day.')
      const transactionRequest = {
        transactionType: 'refundTransaction',
        amount: decimals,
        payment: {
          creditCard: { cardNumber: original.payment?.creditCard?.cardNumber?.slice(-4), expirationDate: 'XXXX' },
        },
        refTransId,
        order: { invoiceNumber: invoiceNumberOf(key) },
        transactionSettings: { setting: [{ settingName: 'duplicateWindow', settingValue: duplicateWindow }] },
      }
      const response = await this.#accepted(api, key, transactionRequest)
      if ('status' in response) {
        const repeated = response.refusal.code === '11'
        const raced = repeated ? await afterwards(this.name, () => this.#refundOf(api, key)) : undefined
        return raced === undefined ? response : refundOutcome(raced)
      }
      const { transId: reference = '' } = response
      const result = {
        kind: 'refund',
        reference,
        payment: refTransId,
        capture: refTransId,
        key,
        state: 'pending',
        amount,
      } as const
      return { status: 'pending', result }
    })
  }

  async payout(): Promise<never> {
    throw this.#notSupported('payouts: the processor pays each batch out')
  }

  async createCustomer(command: CreateCustomerCommand): Promise<OperationOutcome<CustomerSnapshot>> {
    checkCommand(this.name, command)
    const api = this.#use()
    return this.#unlessUnknown(command, () => createCustomerProfile(api, command))
  }

  async saveMethod(command: SaveMethodCommand): Promise<OperationOutcome<SavedMethodSnapshot>> {
    checkCommand(this.name, command)
    const api = this.#use()
    return this.#unlessUnknown(command, () => savePaymentProfile(api, command))
  }

  async removeMethod(command: RemoveMethodCommand): Promise<OperationOutcome<SavedMethodSnapshot>> {
    checkCommand(this.name, command)
    const api = this.#use()
    return this.#unlessUnknown(command, () => removePaymentProfile(api, command))
  }

  async acceptDispute(): Promise<never> {
    throw this.#notSupported('disputes: they are not in its API')
  }

  async submitEvidence(): Promise<never> {
    throw this.#notSupported('evidence: send it to the processor, and note it by hand')
  }

  lookup(query: LookupQuery): Promise<LookupResult> {
    return untilAborted(query.signal, async () => onlyResult(await this.lookupAll([query])))
  }

  async lookupAll(queries: readonly LookupQuery[]): Promise<readonly PromiseSettledResult<LookupResult>[]> {
    const api = this.#use()
    const now = this.#clock.now()
    return lookUpByList<Summaries>(queries, {
      listed: ({ operation }) => operation === 'charge' || operation === 'refund',
      find: (wanted) => transactionsByKey(api, wanted, now),
      answer: (query, found) => this.#lookUp(query, found),
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

  async #lookUp(query: LookupQuery, found: Summaries = []): Promise<LookupResult> {
    const { operation, key, payment, sentAt, amount } = query
    const api = this.#use()
    const absent: LookupResult = { found: false, conclusive: isConclusive(sentAt, this.#clock.now()) }
    if (operation === 'payout') throw this.#notSupported('payouts')
    if (operation === 'charge') {
      const known = await this.#paymentIn(api, found)
      return known === undefined ? absent : { found: true, operation, outcome: paymentOutcome(known) }
    }
    if (operation === 'refund') {
      const known = await this.#refundIn(api, found, key)
      return known === undefined ? absent : { found: true, operation, outcome: refundOutcome(known) }
    }
    const details = payment === undefined ? undefined : await transactionDetails(api, payment)
    if (details === undefined) return absent
    const snapshot = paymentFromDetails(details, this.#currency)
    if (operation === 'void')
      return snapshot.state === 'voided'
        ? { found: true, operation, outcome: { status: 'succeeded', result: snapshot } }
        : absent
    // There is one capture of a payment; one of another amount is not this one.
    if (snapshot.state !== 'captured' || snapshot.captured.amount !== amount.amount) return absent
    const result = captureFromDetails(details, this.#currency)
    return { found: true, operation, outcome: { status: 'succeeded', result, payment: snapshot } }
  }

  async #fetch({ kind, reference }: EventSubject): Promise<GatewaySnapshot | undefined> {
    const details = await transactionDetails(this.#use(), reference)
    if (details === undefined) return undefined
    if (kind === 'refund' || details.transactionType === 'refundTransaction')
      return refundFromDetails(details, this.#currency)
    return kind === 'capture'
      ? captureFromDetails(details, this.#currency)
      : paymentFromDetails(details, this.#currency)
  }

  async *#events({ since, until = new Date(this.#clock.now() + 1) }: HistoryQuery): AsyncIterable<GatewayEvent> {
    yield* listEvents(this.#use(), this.#notifications, since, until)
  }

  async *#settlements({ since, until = new Date(this.#clock.now() + 1) }: HistoryQuery): AsyncIterable<SettlementLine> {
    // Batches are kept for two years.
    const start = new Date(Math.max(since.getTime(), this.#clock.now() - 731 * day))
    yield* listSettlements(this.#use(), start, until, this.#currency)
  }

  async receive({ headers, body }: WebhookDelivery): Promise<WebhookVerdict> {
    if (this.#verify === undefined) throw this.#notSupported('webhooks without signatureKeys')
    const verdict = this.#verify({ body, header: headers.get('x-anet-signature') })
    if (!verdict.verified) return verdict
    return parseWebhookBody<Notification>(body, (notification) => {
      const event = eventFromNotification(notification)
      return event === undefined ? [] : [event]
    })
  }

  async close(): Promise<void> {
    this.#closed = true
    await this.#api?.close()
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  #use(): AuthorizeNetApi {
    if (this.#closed) throw gatewayErrors.PAYMENTS_GATEWAY_CLOSED({ gateway: this.name })
    const { apiLoginId, transactionKey, environment = 'live', timeout = 60_000 } = this.#options
    const host = environment === 'live' ? 'https://api.authorize.net/' : 'https://apitest.authorize.net/'
    const baseUrl = this.#options.baseUrl ?? host
    return (this.#api ??= new AuthorizeNetApi({ apiLoginId, transactionKey, baseUrl, timeout, clock: this.#clock }))
  }

  #methodOf({ method }: ChargeCommand): Readonly<Record<string, unknown>> {
    if (method.kind === 'token') return { payment: { opaqueData: opaqueDataOf(method.token) } }
    if (method.kind === 'redirect') throw this.#notSupported('paying on a page of the gateway')
    const { reference: paymentProfileId, customer: customerProfileId } = method
    if (customerProfileId === undefined)
      throw gatewayErrors.PAYMENTS_GATEWAY_INPUT_INVALID({
        gateway: this.name,
        field: 'method.customer',
        reason: 'is needed',
      })
    return { profile: { customerProfileId, paymentProfile: { paymentProfileId } } }
  }

  #transact(api: AuthorizeNetApi, key: string, transactionRequest: Readonly<Record<string, unknown>>) {
    type Body = { readonly transactionResponse?: TransactionResponse }
    return api.send<Body>('createTransactionRequest', { transactionRequest }, invoiceNumberOf(key))
  }

  /** A transaction on an earlier one: the response if it was accepted, else why not. */
  async #accepted(api: AuthorizeNetApi, key: string, request: Readonly<Record<string, unknown>>) {
    const answer = await this.#transact(api, key, request)
    const { transactionResponse: response } = answer
    if (response?.responseCode === '1') return response
    const [error] = many(response?.errors)
    if (error !== undefined) return refused(error.errorCode, error.errorText)
    return throwError(
      errorOf(answer as AuthorizeNetAnswer<unknown>) ?? { code: 'unknown', text: 'no transactionResponse' },
    )
  }

  async #fetched(api: AuthorizeNetApi, { transId = '' }: TransactionResponse): Promise<PaymentSnapshot> {
    const details = await afterwards(this.name, () => this.#details(api, transId))
    return paymentFromDetails(details, this.#currency)
  }

  async #details(api: AuthorizeNetApi, transId: string): Promise<TransactionDetails> {
    const details = await transactionDetails(api, transId)
    if (details !== undefined) return details
    const reason = `the transaction ${transId} was made and cannot be found`
    throw gatewayErrors.PAYMENTS_GATEWAY_ANSWER_INVALID({ gateway: this.name, reason })
  }

  /** What there is of a key, however long ago. */
  async #transactionsOf(api: AuthorizeNetApi, key: string): Promise<Summaries> {
    this.#find ??= findTogether((invoiceNumbers) =>
      findByInvoice(api, invoiceNumbers, this.#recently(), this.#clock.now()),
    )
    return this.#find(invoiceNumberOf(key))
  }

  async #paymentOf(api: AuthorizeNetApi, key: string): Promise<PaymentSnapshot | undefined> {
    return this.#paymentIn(api, await this.#transactionsOf(api, key))
  }

  /** Of several transactions of a key the one that holds money counts: declines can be tried again. */
  async #paymentIn(api: AuthorizeNetApi, found: Summaries): Promise<PaymentSnapshot | undefined> {
    const chosen = found.find(({ transactionStatus }) => transactionStatus !== 'declined') ?? found[0]
    return chosen === undefined
      ? undefined
      : paymentFromDetails(await this.#details(api, chosen.transId), this.#currency)
  }

  async #refundOf(api: AuthorizeNetApi, key: string): Promise<RefundSnapshot | undefined> {
    return this.#refundIn(api, await this.#transactionsOf(api, key), key)
  }

  async #refundIn(api: AuthorizeNetApi, [found]: Summaries, key: string): Promise<RefundSnapshot | undefined> {
    if (found === undefined) return undefined
    return { ...refundFromDetails(await this.#details(api, found.transId), this.#currency), key }
  }

  /** Without knowing when a command was first sent: as long ago as anybody would repeat it. */
  #recently(): Date {
    return new Date(this.#clock.now() - 7 * day)
  }

  async #unlessUnknown<Outcome>({ signal }: CommandBase, run: () => Promise<Outcome>) {
    try {
      return await raceSignal(this.name, run, signal)
    } catch (error) {
      if (isUnknown(error)) return { status: 'unknown', error } as const
      throw error
    }
  }

  #notSupported(operation: string) {
    return gatewayErrors.PAYMENTS_GATEWAY_NOT_SUPPORTED({ gateway: this.name, operation })
  }
}
