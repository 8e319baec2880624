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

/** PayPal's APIs: orders and payments through the server SDK, what it lacks through our own client with the SDK's token. */
export class PaypalApi {
  readonly orders: InstanceType<PaypalSdk['OrdersController']>
  readonly payments: InstanceType<PaypalSdk['PaymentsController']>
  readonly #client: PaypalClientLike
  readonly #http: Client
  readonly #clock: Clock
  #token: { readonly text: string; readonly until: number } | undefined

  constructor({ sdk, client, baseUrl, clock }: PaypalApiOptions) {
    this.orders = new sdk.OrdersController(client as never)
    this.payments = new sdk.PaymentsController(client as never)
    this.#client = client
    this.#clock = clock
    const loopbackAddresses = new URL(baseUrl).hostname === '127.0.0.1'
    // Commands are repeated by their key and by whoever holds it, never in here.
    this.#http = createClient({ baseUrl, clock, retry: false, timeout: '60s', allow: { loopbackAddresses } })
  }

  /** A call of the SDK; gives the body in PayPal's own names. */
  async read<Body>(call: Promise<PaypalAnswer>): Promise<Body> {
    return parse(await call)
  }

  /** A call that the SDK does not have. */
  async request<Body>(
    method: 'GET' | 'POST' | 'DELETE',
    path: string,
    options: {
      readonly json?: unknown
      readonly key?: string | undefined
      readonly query?: Readonly<Record<string, string>>
    } = {},
  ): Promise<Body> {
    const { json, key, query } = options
    const headers = {
      authorization: `Bearer ${await this.#accessToken()}`,
      ...(key === undefined ? {} : { 'paypal-request-id': key }),
    }
    const response = await this.#http.request(path, {
      method,
      headers,
      throwOnStatus: false,
      ...(query === undefined ? {} : { query }),
      ...(json === undefined ? {} : { json }),
    })
    const body = response.text()
    if (response.status < 200 || response.status > 299) throw new PaypalStatusError(response.status, body)
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

  async #accessToken(): Promise<string> {
    const now = this.#clock.now()
    if (this.#token !== undefined && now < this.#token.until) return this.#token.text
    const { accessToken, expiresIn } = await this.#client.clientCredentialsAuthManager.fetchToken()
    this.#token = { text: accessToken, until: now + Number(expiresIn ?? 300) * 1000 - tokenMargin }
    return accessToken
  }
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
