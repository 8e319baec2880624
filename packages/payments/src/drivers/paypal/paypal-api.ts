import type { Clock } from '@exprsn/core'
import { createClient, type Client } from '@exprsn/core/client'
import { gatewayErrors } from '../../gateway/errors.ts'
import type { PaypalAnswer, PaypalClientLike, PaypalSdk } from './paypal-client.ts'

const tokenMargin = 60_000

/** A call that PayPal answered with another status than 2xx; the same shape as the SDK's errors. */
class PaypalStatusError extends Error {
  readonly statusCode: number
  readonly body: string

  constructor(statusCode: number, body: string) {
    super(`status ${statusCode}`)
    this.statusCode = statusCode
    this.body = body
  }
}

/** Options of {@link PaypalApi}. */
export interface PaypalApiOptions {
  readonly sdk: PaypalSdk
  readonly client: PaypalClientLike
  readonly baseUrl: string
  readonly clock: Clock
}

/** The SDK's controllers with a token. */
export interface PaypalSession {
  readonly orders: InstanceType<PaypalSdk['OrdersController']>
  readonly payments: InstanceType<PaypalSdk['PaymentsController']>
  readonly token: string
  /** Milliseconds since 1970. */
  readonly until: number
}

/**
 * PayPal's APIs: orders and payments through the server SDK, what it lacks through our own client with the same token.
 *
 * Tokens are fetched here and handed to copies of the client: left to itself, the SDK keeps the promise of its token, and one
 * that failed once fails every call from then on.
 */
export class PaypalApi {
  readonly #options: PaypalApiOptions
  readonly #http: Client
  #session: PaypalSession | undefined
  #opening: Promise<PaypalSession> | undefined

  constructor(options: PaypalApiOptions) {
    const { baseUrl, clock } = options
    this.#options = options
    const loopbackAddresses = new URL(baseUrl).hostname === '127.0.0.1'
    // Commands are repeated by their key and by whoever holds it, never in here.
    this.#http = createClient({ baseUrl, clock, retry: false, timeout: '60s', allow: { loopbackAddresses } })
  }

  /** A call of the SDK; gives the body in PayPal's own names. */
  async read<Body>(call: (session: PaypalSession) => Promise<PaypalAnswer>): Promise<Body> {
    const session = await this.#open()
    const answer = await call(session).catch((error: unknown) => {
      this.#forgetRevoked(error)
      throw error
    })
    return parse<Body>(answer)
  }

  /** A call that the SDK does not have. */
  async request<Body>(
    method: 'GET' | 'POST' | 'DELETE',
    path: string,
    options: {
      readonly json?: unknown
      readonly form?: { readonly body: Uint8Array; readonly contentType: string } | undefined
      readonly key?: string | undefined
      readonly query?: Readonly<Record<string, string>>
    } = {},
  ): Promise<Body> {
    const { json, form, key, query } = options
    const headers = {
      authorization: `Bearer ${(await this.#open()).token}`,
      ...(key === undefined ? {} : { 'paypal-request-id': key }),
      ...(form === undefined ? {} : { 'content-type': form.contentType }),
    }
    const response = await this.#http.request(path, {
      method,
      headers,
      throwOnStatus: false,
      ...(query === undefined ? {} : { query }),
      ...(json === undefined ? {} : { json }),
      ...(form === undefined ? {} : { body: form.body }),
    })
    const body = response.text()
    if (response.status < 200 || response.status > 299) {
      const error = new PaypalStatusError(response.status, body)
      this.#forgetRevoked(error)
      throw error
    }
    return parse({ statusCode: response.status, body })
  }

  /** Gets a certificate; the address was checked before. Redirects are not followed. */
  async fetchCertificate(url: string, signal: AbortSignal | undefined): Promise<string> {
    const response = await this.#http.request(url, { maxRedirects: 0, maxResponseBytes: 100_000, signal })
    return response.text()
  }

  close(): Promise<void> {
    return this.#http.close()
  }

  /** Before there is a token, nothing of a command was sent. Calls that come while one is fetched wait for that one. */
  async #open(): Promise<PaypalSession> {
    const session = this.#session
    if (session !== undefined && this.#options.clock.now() < session.until) return session
    this.#opening ??= this.#fetchToken().finally(() => (this.#opening = undefined))
    return this.#opening
  }

  async #fetchToken(): Promise<PaypalSession> {
    const { sdk, client, clock } = this.#options
    const now = clock.now()
    const { accessToken: token, expiresIn } = await client.clientCredentialsAuthManager.fetchToken().catch(tokenRefused)
    const oAuthToken = { accessToken: token, tokenType: 'Bearer' }
    const credentials = { oAuthClientId: '', oAuthClientSecret: '', oAuthToken }
    const copy = client.withConfiguration({ clientCredentialsAuthCredentials: credentials } as never)
    const orders = new sdk.OrdersController(copy as never)
    const payments = new sdk.PaymentsController(copy as never)
    return (this.#session = { orders, payments, token, until: now + Number(expiresIn ?? 300) * 1000 - tokenMargin })
  }

  #forgetRevoked(error: unknown): void {
    if ((error as { readonly statusCode?: number }).statusCode === 401) this.#session = undefined
  }
}

function tokenRefused(cause: unknown): never {
  const { statusCode: status } = cause as { readonly statusCode?: number }
  const facts = { gateway: 'paypal', status }
  if (status === 429) throw gatewayErrors.PAYMENTS_GATEWAY_RATE_LIMITED(facts, { cause })
  if (status !== undefined && status < 500) throw gatewayErrors.PAYMENTS_GATEWAY_CREDENTIALS_REFUSED(facts, { cause })
  throw gatewayErrors.PAYMENTS_GATEWAY_UNREACHABLE(facts, { cause })
}

function parse<Body>({ body }: PaypalAnswer): Body {
  if (typeof body !== 'string') return body as Body
  if (body === '') return undefined as Body
  try {
    return JSON.parse(body) as Body
  } catch (cause) {
    throw gatewayErrors.PAYMENTS_GATEWAY_ANSWER_INVALID({ gateway: 'paypal', reason: 'it is not JSON' }, { cause })
  }
}
