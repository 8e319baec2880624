import { ExprsnError, type Clock } from '@exprsn/core'
import { createClient, type Client, type ClientResponse, type RequestOptions } from '@exprsn/core/client'
import { gatewayErrors } from '../../gateway/errors.ts'
import type { AuthorizeNetMessages } from './authorize-net-types.ts'
import { many } from './authorize-net-types.ts'
import { inSchemaOrder, type AuthorizeNetRequest } from './key-order.ts'

const gateway = 'authorizenet'

/** Options of {@link AuthorizeNetApi}. */
export interface AuthorizeNetApiOptions {
  readonly apiLoginId: string
  readonly transactionKey: string
  readonly baseUrl: string
  readonly timeout: number
  readonly clock: Clock
}

/** An answer of the JSON API. */
export type AuthorizeNetAnswer<Body> = Body & { readonly messages: AuthorizeNetMessages }

/**
 * The one address of Authorize.Net's JSON API, and its REST API for notifications. What only asks is asked again when no
 * answer came: one look-up lists many batches, and would hardly ever end otherwise. What does anything is sent once.
 */
export class AuthorizeNetApi {
  readonly #http: Client
  readonly #options: AuthorizeNetApiOptions

  constructor(options: AuthorizeNetApiOptions) {
    const { baseUrl, clock, timeout } = options
    const loopbackAddresses = new URL(baseUrl).hostname === '127.0.0.1'
    this.#options = options
    this.#http = createClient({ baseUrl, clock, retry: false, timeout, allow: { loopbackAddresses } })
  }

  /**
   * Sends a request; errors in the answer are the caller's to judge.
   *
   * @throws `PAYMENTS_GATEWAY_UNAVAILABLE` where it may have been done; others where it was not
   */
  async send<Body>(name: string, body: AuthorizeNetRequest, refId?: string): Promise<AuthorizeNetAnswer<Body>> {
    const { apiLoginId, transactionKey } = this.#options
    const merchantAuthentication = { name: apiLoginId, transactionKey }
    const json = inSchemaOrder({ [name]: { merchantAuthentication, refId, ...body } })
    const request = async () => readAnswer<Body>((await this.#request('xml/v1/request.api', { json })).text())
    return name.startsWith('get') ? persistently(request) : request()
  }

  /** Reads from the REST API. */
  async read<Body>(path: string, query: Readonly<Record<string, string>> = {}): Promise<Body> {
    const { apiLoginId, transactionKey } = this.#options
    const authorization = `Basic ${Buffer.from(`${apiLoginId}:${transactionKey}`).toString('base64')}`
    return persistently(async () =>
      parse<Body>((await this.#request(path, { query, headers: { authorization } })).text()),
    )
  }

  close(): Promise<void> {
    return this.#http.close()
  }

  async #request(path: string, options: RequestOptions): Promise<ClientResponse> {
    let response: ClientResponse
    try {
      response = await this.#http.request(path, { ...options, throwOnStatus: false })
    } catch (cause) {
      throw connectionError(cause)
    }
    const { status } = response
    if (status === 401 || status === 403) throw gatewayErrors.PAYMENTS_GATEWAY_CREDENTIALS_REFUSED({ gateway, status })
    if (status === 429) throw gatewayErrors.PAYMENTS_GATEWAY_RATE_LIMITED({ gateway, status })
    if (status < 200 || status > 299)
      throw gatewayErrors.PAYMENTS_GATEWAY_UNAVAILABLE({ gateway, reason: `status ${status}` })
    return response
  }
}

/** Asks up to three times, at once: what is lost on the way seldom is twice, and callers with their own patience wait above. */
async function persistently<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
  for (let left = 2; ; left--)
    try {
      return await ask()
    } catch (error) {
      if (left === 0 || !isUnknown(error)) throw error
    }
}

/** The first message of an answer that is an error; undefined for one that is not. */
export function errorOf({
  messages,
}: AuthorizeNetAnswer<unknown>): { readonly code: string; readonly text: string } | undefined {
  if (messages.resultCode === 'Ok') return undefined
  return many(messages.message)[0] ?? { code: 'unknown', text: 'no message' }
}

/** Throws for errors of which it is certain that nothing was done. `E00001` and the like leave that open. */
export function throwError(error: { readonly code: string; readonly text: string }): never {
  const { code, text: reason } = error
  const details = { gateway, code }
  if (['E00005', 'E00006', 'E00007', 'E00008', 'E00011', 'E00124'].includes(code))
    throw gatewayErrors.PAYMENTS_GATEWAY_CREDENTIALS_REFUSED(details)
  if (code === 'E00053' || code === 'E00104') throw gatewayErrors.PAYMENTS_GATEWAY_RATE_LIMITED(details)
  if (code === 'E00001' || code === 'unknown') throw gatewayErrors.PAYMENTS_GATEWAY_UNAVAILABLE({ ...details, reason })
  throw gatewayErrors.PAYMENTS_GATEWAY_REQUEST_REFUSED({ ...details, reason: `${reason} (${code})` })
}

/** Whether an error leaves open what happened. */
export function isUnknown(error: unknown): error is ExprsnError {
  if (!ExprsnError.is(error)) return false
  return error.code === 'PAYMENTS_GATEWAY_UNAVAILABLE' || error.code === 'PAYMENTS_GATEWAY_ANSWER_INVALID'
}

function readAnswer<Body>(text: string): AuthorizeNetAnswer<Body> {
  const answer = parse<AuthorizeNetAnswer<Body>>(text)
  if (typeof answer.messages?.resultCode !== 'string') throw answerInvalid('it has no resultCode')
  return answer
}

function parse<Body>(text: string): Body {
  let value: unknown
  try {
    // Answers begin with a byte order mark, which decoding may have taken away or not.
    value = JSON.parse(text.replace(/^\uFEFF/, ''))
  } catch (cause) {
    throw answerInvalid('it is not JSON', cause)
  }
  if (typeof value !== 'object' || value === null) throw answerInvalid('it is not an object')
  return value as Body
}

function answerInvalid(reason: string, cause?: unknown) {
  return gatewayErrors.PAYMENTS_GATEWAY_ANSWER_INVALID({ gateway, reason }, { cause })
}

function connectionError(cause: unknown): ExprsnError {
  const { code, message } = cause as { readonly code?: string; readonly message: string }
  const unsent = ['CORE_CLIENT_CONNECT_FAILED', 'CORE_CLIENT_TLS_FAILED', 'CORE_CIRCUIT_OPEN', 'CORE_BULKHEAD_FULL']
  if (code !== undefined && unsent.includes(code))
    return gatewayErrors.PAYMENTS_GATEWAY_UNREACHABLE({ gateway, code }, { cause })
  return gatewayErrors.PAYMENTS_GATEWAY_UNAVAILABLE({ gateway, reason: message }, { cause })
}
