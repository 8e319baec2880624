import { createHash, generateKeyPairSync } from 'node:crypto'
import { request as httpRequest, type IncomingMessage, type RequestOptions } from 'node:http'
import { systemClock, systemRandom, type Clock } from '@exprsn/core'
import { signPaypalWebhook } from '../../webhook/paypal/sign-paypal-webhook.ts'
import { testingErrors } from '../errors.ts'
import { GatewayFaults } from '../simulator/gateway-faults.ts'
import type { GatewaySimulator, SimulatorOptions } from '../simulator/gateway-simulator.ts'
import type { SimulatedRequest, SimulatedResponse } from '../simulator/simulated-message.ts'
import type { SimulatedPayment } from '../simulator/simulated-payment.ts'
import { startSimulatorServer } from '../simulator/simulator-server.ts'
import { WebhookOutbox } from '../simulator/webhook-outbox.ts'
import { issueCertificate, type IssuedCertificate } from './issue-certificate.ts'
import { askAgain, disputeEndpoints, escalateDispute } from './dispute-endpoints.ts'
import { PaypalAccount, renderDispute, renderOrder } from './paypal-account.ts'
import { paypalEndpoints, renderEvent, resolveDispute } from './paypal-endpoints.ts'
import type { DisputeRecord, EventRecord, OrderRecord } from './paypal-objects.ts'
import { PaypalRefusal, unprocessable } from './paypal-refusal.ts'

/** Options of {@link simulatePaypal}. */
export interface SimulatePaypalOptions extends SimulatorOptions {
  /** @default 'client-simulated' */
  readonly clientId?: string | undefined
  /** @default 'secret-simulated' */
  readonly clientSecret?: string | undefined
  /** The identifier of the webhook, which is part of what is signed. @default '8PT597110X687430L' */
  readonly webhookId?: string | undefined
}

/** A simulated PayPal account. */
export interface PaypalSimulator extends GatewaySimulator {
  readonly clientId: string
  readonly clientSecret: string
  readonly webhookId: string
  /** Options for the `Client` of `@paypal/paypal-server-sdk`, which has none for another address: a transport leads it here. */
  readonly clientConfig: {
    readonly environment: never
    readonly clientCredentialsAuthCredentials: { readonly oAuthClientId: string; readonly oAuthClientSecret: string }
    readonly unstable_httpClientOptions: unknown
  }
  /** Certificates by address, and the authority that issued them: for `webhookCertificates` and `webhookRoots` of the driver. */
  readonly certificates: Readonly<Record<string, string>>
  readonly roots: readonly string[]
  /** A one-time token of a card that pays, or one that is declined. */
  createToken(kind?: 'pays' | 'declines'): string
  /** The buyer approves an order on PayPal's page, with a balance that pays or one that is declined. */
  approve(payment: string, kind?: 'pays' | 'declines'): void
  /** The buyer opens a case about a capture. `inquiry` takes no money yet. Gives the dispute's reference. */
  openDispute(
    capture: string,
    options?: { readonly inquiry?: boolean | undefined; readonly reason?: string | undefined },
  ): string
  /** The history of events is empty, as on an account that has no webhooks. */
  forgetEvents(): void
  /** PayPal decides. */
  closeDispute(dispute: string, won: boolean): void
  /** The case goes to its next stage, and the seller has to answer again. */
  escalateDispute(dispute: string, stage: 'CHARGEBACK' | 'PRE_ARBITRATION' | 'ARBITRATION'): void
  /** PayPal wants more evidence in the same stage. */
  askAgain(dispute: string): void
  /** What was handed in about a dispute. */
  evidenceOf(dispute: string): readonly { readonly evidence_type: string; readonly notes?: string | undefined }[]
}

/**
 * PayPal in this process, over real HTTP, for the unmodified `@paypal/paypal-server-sdk`: orders by wallet and by vaulted
 * card, authorisations with partial captures, refunds, payouts, disputes, transaction search, the vault, the history of
 * events, webhooks signed with a certificate chain of its own, `PayPal-Request-Id` and faults, by a clock of your choice.
 *
 * Its rules come from paypal/paypal-rest-api-specifications and the types of the server SDK 2.5.0. From memory are: the fee of
 * 3.49 % + 49, that a payout takes an hour, which disputes take money at once, and the issue names of rare refusals.
 *
 * @example
 * ```ts
 * import { simulatePaypal } from '@exprsn/payments/testing'
 *
 * await using paypal = await simulatePaypal()
 * const basic = Buffer.from(`${paypal.clientId}:${paypal.clientSecret}`).toString('base64')
 * const response = await fetch(`${paypal.url}/v1/oauth2/token`, { method: 'POST', headers: { authorization: `Basic ${basic}` } })
 * console.log(response.status) // 200
 * ```
 */
export async function simulatePaypal(options: SimulatePaypalOptions = {}): Promise<PaypalSimulator> {
  const { clock = systemClock, random = systemRandom } = options
  const { clientId = 'client-simulated', clientSecret = 'secret-simulated', webhookId = '8PT597110X687430L' } = options
  const webhooks = new WebhookOutbox(random, options.webhooks)
  const faults = new GatewayFaults(random, options.faults ?? {})
  const { signer, root } = certificatesAt(clock.now())
  const certificateUrl = `https://api.sandbox.paypal.com/v1/notifications/certs/CERT-${digestOf(signer.pem).slice(0, 24)}`
  const onEvent = (event: EventRecord): void => {
    const body = JSON.stringify(renderEvent(event))
    const bytes = new TextEncoder().encode(body)
    const { privateKey } = signer
    const sign = () =>
      signPaypalWebhook({
        body: bytes,
        webhookId,
        transmissionId: account.createId(),
        now: clock.now(),
        certificateUrl,
        privateKey,
      })
    webhooks.add({ id: event.id, type: event.type, body, sign })
  }
  const account = new PaypalAccount({ clock, random, onEvent })
  const api = new PaypalApi(account, { clientId, clientSecret, clock })
  const server = await startSimulatorServer({
    faults,
    handle: (request) => api.answer(request),
    failure: failureResponse,
  })
  let tokens = 0

  return {
    url: server.url,
    clientId,
    clientSecret,
    webhookId,
    clientConfig: {
      environment: 'Sandbox' as never,
      clientCredentialsAuthCredentials: { oAuthClientId: clientId, oAuthClientSecret: clientSecret },
      unstable_httpClientOptions: { transport: transportTo(server), maxRedirects: 0 },
    },
    certificates: { [certificateUrl]: signer.pem },
    roots: [root.pem],
    faults,
    webhooks,
    requests: server.requests,
    payments: () => [...account.orders.values()].map(simulatedPayment),
    balance: () => account.book.entries,
    bankStatement: () => account.book.bank,
    settle: () => account.settle(),
    close: () => server.close(),
    [Symbol.asyncDispose]: () => server.close(),
    createToken: (kind = 'pays') => `TOKEN-${kind.toUpperCase()}-${++tokens}`,
    approve: (payment, kind = 'pays') => {
      const order = found(account.orders, 'order', payment)
      if (order.status !== 'PAYER_ACTION_REQUIRED') throw wrongState('approve', payment, order.status)
      Object.assign(order, { status: 'APPROVED', declines: kind === 'declines' })
      account.emit('CHECKOUT.ORDER.APPROVED', 'checkout-order', renderOrder(order))
    },
    openDispute: (capture, { inquiry = false, reason = 'MERCHANDISE_OR_SERVICE_NOT_RECEIVED' } = {}) =>
      openDispute(account, capture, { inquiry, reason }),
    escalateDispute: (reference, stage) =>
      escalateDispute(account, found(account.disputes, 'dispute', reference), stage),
    askAgain: (reference) => askAgain(account, found(account.disputes, 'dispute', reference)),
    evidenceOf: (reference) => found(account.disputes, 'dispute', reference).evidences,
    forgetEvents: () => void account.events.splice(0),
    closeDispute: (reference, won) => {
      const dispute = found(account.disputes, 'dispute', reference)
      if (dispute.status === 'RESOLVED') throw wrongState('closeDispute', reference, dispute.status)
      resolveDispute(account, dispute, won ? 'RESOLVED_SELLER_FAVOUR' : 'RESOLVED_BUYER_FAVOUR')
    },
  }
}

const endpoints = [...paypalEndpoints, ...disputeEndpoints].map((endpoint) => ({
  endpoint,
  pattern: new RegExp(`^${endpoint.route.replace(/:\w+/g, '([^/]+)')}$`),
}))

/** The server keeps keys of orders for six hours (`PayPal-Request-Id` in the types of the server SDK). */
const keyLifetime = 21_600_000

class PaypalApi {
  readonly #account: PaypalAccount
  readonly #options: { readonly clientId: string; readonly clientSecret: string; readonly clock: Clock }
  readonly #kept = new Map<
    string,
    { readonly at: number; readonly content: string; readonly response: SimulatedResponse }
  >()

  constructor(
    account: PaypalAccount,
    options: { readonly clientId: string; readonly clientSecret: string; readonly clock: Clock },
  ) {
    this.#account = account
    this.#options = options
  }

  answer(request: SimulatedRequest): SimulatedResponse {
    this.#account.settle()
    try {
      if (request.path === '/v1/oauth2/token') return this.#token(request)
      const authorization = request.headers.get('authorization')
      if (authorization !== `Bearer ${this.#accessToken()}`) throw new PaypalRefusal(401, 'AUTHENTICATION_FAILURE')
      return this.#once(request)
    } catch (error) {
      if (error instanceof PaypalRefusal) return refusalResponse(error)
      throw error
    }
  }

  #token({ headers }: SimulatedRequest): SimulatedResponse {
    const { clientId, clientSecret } = this.#options
    const expected = `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}`
    if (headers.get('authorization') !== expected)
      return jsonResponse(401, { error: 'invalid_client', error_description: 'Client Authentication failed' })
    return jsonResponse(200, {
      access_token: this.#accessToken(),
      token_type: 'Bearer',
      expires_in: 32_400,
      scope: 'payments',
    })
  }

  #accessToken(): string {
    return digestOf(`${this.#options.clientId}:${this.#options.clientSecret}`)
  }

  /** A request with a known key gets the first answer again; answers that refuse are not kept. */
  #once(request: SimulatedRequest): SimulatedResponse {
    const requestId = request.method === 'POST' ? request.headers.get('paypal-request-id') : null
    if (requestId === null) return this.#run(request, requestId)
    const name = `${request.path} ${requestId}`
    const content = digestOf(Buffer.from(request.body).toString('utf8'))
    const kept = this.#kept.get(name)
    if (kept !== undefined && this.#options.clock.now() - kept.at < keyLifetime) {
      if (kept.content !== content) throw unprocessable('DUPLICATE_REQUEST_ID')
      return { ...kept.response, status: 200 }
    }
    const response = this.#run(request, requestId)
    this.#kept.set(name, { at: this.#options.clock.now(), content, response })
    return response
  }

  #run(request: SimulatedRequest, requestId: string | null): SimulatedResponse {
    const { method, path, query } = request
    for (const { endpoint, pattern } of endpoints) {
      const match = pattern.exec(`${method} ${path}`)
      if (match === null) continue
      const ids = match.slice(1).map(decodeURIComponent)
      const [status, content] = endpoint.run({
        account: this.#account,
        ids,
        query,
        body: jsonOf(inputOf(request)),
        requestId,
      })
      return jsonResponse(status, content)
    }
    throw new PaypalRefusal(404, 'RESOURCE_NOT_FOUND')
  }
}

/** The part `input` of a form, or the body itself. */
function inputOf({ headers, body }: SimulatedRequest): Uint8Array {
  const boundary = /^multipart\/form-data; *boundary=(.+)$/i.exec(headers.get('content-type') ?? '')?.[1]
  if (boundary === undefined) return body
  const parts = Buffer.from(body).toString('utf8').split(`--${boundary}`)
  const part = parts.find((each) => /name="input"/i.test(each.split('\r\n\r\n')[0] ?? ''))
  return Buffer.from(part?.slice(part.indexOf('\r\n\r\n') + 4) ?? '')
}

function jsonOf(body: Uint8Array): Readonly<Record<string, unknown>> {
  if (body.length === 0) return {}
  try {
    return JSON.parse(Buffer.from(body).toString('utf8')) as Record<string, unknown>
  } catch {
    throw new PaypalRefusal(400, 'INVALID_REQUEST', 'MALFORMED_REQUEST_JSON')
  }
}

function refusalResponse({ status, errorName, issue }: PaypalRefusal): SimulatedResponse {
  const details = issue === undefined ? {} : { details: [{ issue, description: issue }] }
  return jsonResponse(status, { name: errorName, message: issue ?? errorName, debug_id: 'simulated', ...details })
}

function failureResponse(status: number): SimulatedResponse {
  return refusalResponse(new PaypalRefusal(status, status === 429 ? 'RATE_LIMIT_REACHED' : 'INTERNAL_SERVER_ERROR'))
}

function jsonResponse(status: number, body: unknown): SimulatedResponse {
  return { status, headers: { 'paypal-debug-id': 'simulated' }, body: body === undefined ? '' : JSON.stringify(body) }
}

/** What axios takes for `http` or `https`: whatever the address, the connection goes to the simulator. */
function transportTo({ host, port }: { readonly host: string; readonly port: number }): unknown {
  return {
    request: ({ method, path, headers }: RequestOptions, onResponse: (response: IncomingMessage) => void) =>
      httpRequest({ method: method ?? 'GET', path: path ?? '/', headers: headers ?? {}, host, port }, onResponse),
  }
}

function openDispute(
  account: PaypalAccount,
  reference: string,
  { inquiry, reason }: { readonly inquiry: boolean; readonly reason: string },
): string {
  const capture = found(account.captures, 'capture', reference)
  const { amount, currency } = capture
  const dispute: DisputeRecord = {
    id: `PP-D-${account.createId().slice(0, 6)}`,
    createdAt: account.clock.now(),
    capture: capture.id,
    amount,
    currency,
    reason,
    stage: inquiry ? 'INQUIRY' : 'CHARGEBACK',
    updatedAt: account.clock.now(),
    dueBy: account.clock.now() + 10 * 86_400_000,
    evidences: [],
    status: 'WAITING_FOR_SELLER_RESPONSE',
    outcome: undefined,
    withdrawn: inquiry ? 0n : amount,
    reinstated: 0n,
  }
  if (!inquiry) account.enter({ kind: 'dispute', gross: -amount, fee: 0n, currency, source: dispute.id })
  account.disputes.set(dispute.id, dispute)
  account.emit('CUSTOMER.DISPUTE.CREATED', 'dispute', renderDispute(dispute))
  return dispute.id
}

function simulatedPayment(order: OrderRecord): SimulatedPayment {
  const done = order.captures.filter(({ status }) => status !== 'DECLINED')
  const refunds = done.flatMap((capture) => capture.refunds).filter(({ status }) => status !== 'FAILED')
  return {
    reference: order.id,
    key: order.customId,
    order: order.invoiceId,
    currency: order.currency,
    amount: order.amount,
    captured: done.reduce((sum, { amount }) => sum + amount, 0n),
    refunded: refunds.reduce((sum, { amount }) => sum + amount, 0n),
    state: order.status,
  }
}

/** Made once in a process: keys of 2,048 bits take a while. They protect nothing. */
let keys: { readonly root: ReturnType<typeof rsaKeys>; readonly signer: ReturnType<typeof rsaKeys> } | undefined

function certificatesAt(now: number): { readonly root: IssuedCertificate; readonly signer: IssuedCertificate } {
  keys ??= { root: rsaKeys(), signer: rsaKeys() }
  const validity = { from: now - 86_400_000, until: now + 10 * 365 * 86_400_000 }
  const root = issueCertificate({ ...validity, name: 'Simulated Root', authority: true, keys: keys.root })
  const name = 'messageverificationcerts.sandbox.paypal.com'
  return { root, signer: issueCertificate({ ...validity, name, issuer: root, keys: keys.signer }) }
}

function rsaKeys() {
  return generateKeyPairSync('rsa', { modulusLength: 2048 })
}

function found<Record>(records: ReadonlyMap<string, Record>, kind: string, reference: string): Record {
  const record = records.get(reference)
  if (record === undefined) throw testingErrors.PAYMENTS_TESTING_UNKNOWN_OBJECT({ kind, reference })
  return record
}

function wrongState(operation: string, reference: string, state: string) {
  return testingErrors.PAYMENTS_TESTING_WRONG_STATE({ operation, reference, state })
}

function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
