import type { Clock } from '../clock/clock.ts'
import { systemClock } from '../clock/system-clock.ts'
import { milliseconds, type Duration } from '../duration/duration.ts'
import { silentLogger } from '../logger/logger.ts'
import { systemRandom } from '../random/system-random.ts'
import type { Policy } from '../resilience/policy.ts'
import { Call, portOf, type OpenResponse } from './call.ts'
import type { ClientOptions, RequestOptions } from './client-options.ts'
import { clientErrors } from './errors.ts'
import { fetchWith } from './fetch-with.ts'
import { targetGuard, type TargetGuard } from './guard/target-guard.ts'
import { RequestScope } from './request-scope.ts'
import { prepareRequest } from './request/prepare-request.ts'
import { requestHeaders } from './request/request-headers.ts'
import { parseUrl } from './request/request-url.ts'
import { BufferedResponse, type ClientResponse } from './response/client-response.ts'
import { streamedResponse, type StreamedResponse } from './response/streamed-response.ts'
import { createOwnAgent, type OwnAgent } from './transport/own-agent.ts'
import { OriginBudgets } from './transport/origin-budgets.ts'

/** A client for outgoing requests. */
export interface Client extends AsyncDisposable {
  /**
   * Sends a request and gives the whole response. Attempts, limits and the budgets of the origin cover all of it, the body
   * included; nothing has to be read or closed.
   *
   * @throws `CORE_CLIENT_STATUS` for statuses other than 2xx; `CORE_CLIENT_…` for what goes wrong underway; `CORE_TIMEOUT`,
   * `CORE_CIRCUIT_OPEN`, `CORE_BULKHEAD_FULL`; the signal's reason when the caller gave up.
   */
  request(url: string | URL, options?: RequestOptions): Promise<ClientResponse>
  /**
   * Sends a request and gives the response when its header is there. Retries end with the header; the time limit and the
   * limit of bytes hold for the body, too. Read the body to its end or cancel it.
   *
   * @throws As {@link Client.request}.
   */
  stream(url: string | URL, options?: RequestOptions): Promise<StreamedResponse>
  /**
   * The same in the shape of `fetch`, for libraries that take one: every status is a response, the body is a stream. The
   * options of the client hold, `redirect: 'manual'` and `'error'` are understood.
   */
  readonly fetch: (input: string | URL | Request, init?: RequestInit) => Promise<Response>
  /** Refuses new requests, waits for those on their way until the deadline (`5s`), and ends those that remain. */
  close(options?: { readonly deadline?: Duration | undefined }): Promise<void>
}

/**
 * The client for requests to other services: with time limits for every phase, a limit of bytes that holds after unpacking,
 * retries only where a repetition does no harm, a circuit breaker and a bulkhead for each origin, and a guard that lets
 * connections go to public addresses alone unless told otherwise: checked for every address a name leads to, in the moment
 * of connecting, and again for every redirect.
 *
 * undici is loaded with the first request.
 *
 * @throws `CORE_CLIENT_OPTION_INVALID`, `CORE_CLIENT_URL_INVALID`, `CORE_CLIENT_HEADER_INVALID`, `CORE_DURATION_INVALID`,
 * `CORE_POLICY_OPTION_INVALID`.
 * @example
 * ```ts
 * import { createClient } from '@exprsn/core/client'
 * import { createServer } from 'node:http'
 *
 * const server = createServer((request, response) => response.end(JSON.stringify({ path: request.url })))
 * await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
 * const { port } = server.address() as { port: number }
 *
 * await using client = createClient({ baseUrl: `http://127.0.0.1:${port}/v1`, allow: { loopbackAddresses: true } })
 * const response = await client.request('orders', { query: { page: 2 } })
 * console.log(response.status, response.json()) // 200 { path: '/v1/orders?page=2' }
 * server.close()
 * ```
 */
export function createClient(options: ClientOptions = {}): Client {
  return new HttpClient(options)
}

class HttpClient implements Client {
  readonly fetch: Client['fetch']
  readonly #options: ClientOptions
  readonly #clock: Clock
  readonly #base: URL | undefined
  readonly #guard: TargetGuard
  readonly #budgets: OriginBudgets
  readonly #timeouts: { readonly connect: number; readonly headers: number; readonly idle: number }
  readonly #maxHeaderBytes: number
  readonly #active = new Set<RequestScope>()
  #agent: Promise<OwnAgent> | undefined
  #closing: Promise<void> | undefined
  #onIdle: (() => void) | undefined

  constructor(options: ClientOptions) {
    const { clock = systemClock, random = systemRandom, logger = silentLogger, timeouts = {} } = options
    this.#options = options
    this.#clock = clock
    this.#base = options.baseUrl === undefined ? undefined : parseUrl(String(options.baseUrl))
    this.#guard = targetGuard(options.allow)
    this.#budgets = new OriginBudgets({ ...options.perOrigin, retry: options.retry, clock, random, logger })
    this.#timeouts = {
      connect: milliseconds(timeouts.connect ?? '10s'),
      headers: milliseconds(timeouts.headers ?? '30s'),
      idle: milliseconds(timeouts.idle ?? '30s'),
    }
    this.#maxHeaderBytes = atLeast(1, 'maxHeaderBytes', options.maxHeaderBytes ?? 16 * 1024)
    this.fetch = (input, init) => fetchWith(this, input, init)
    // What is wrong with the options is said now, not at the first request.
    this.#resolve({})
    requestHeaders(options.headers)
  }

  async request(url: string | URL, options: RequestOptions = {}): Promise<ClientResponse> {
    const { outcome, scope } = await this.#run(url, options, false)
    this.#release(scope)
    return outcome as BufferedResponse
  }

  async stream(url: string | URL, options: RequestOptions = {}): Promise<StreamedResponse> {
    const { outcome, scope } = await this.#run(url, options, true)
    if (outcome instanceof BufferedResponse) {
      this.#release(scope)
      return streamedResponse({ ...partsOf(outcome), release: () => {} })
    }
    const onAbort = (): void => outcome.cancel(scope.signal.reason)
    scope.signal.addEventListener('abort', onAbort, { once: true })
    if (scope.signal.aborted) onAbort()
    const release = (): void => {
      scope.signal.removeEventListener('abort', onAbort)
      outcome.cancel()
      this.#release(scope)
    }
    return streamedResponse({ ...outcome, release })
  }

  close({ deadline = '5s' }: { readonly deadline?: Duration | undefined } = {}): Promise<void> {
    return (this.#closing ??= this.#close(milliseconds(deadline)))
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  async #run(
    url: string | URL,
    options: RequestOptions,
    streamed: boolean,
  ): Promise<{ outcome: BufferedResponse | OpenResponse; scope: RequestScope }> {
    if (this.#closing !== undefined) throw clientErrors.CORE_CLIENT_CLOSED()
    const settings = this.#resolve(options)
    const scope = new RequestScope({ clock: this.#clock, limit: settings.timeout, signal: options.signal })
    this.#active.add(scope)
    try {
      const outcome = await this.#attempts(url, options, settings, streamed, scope)
      return { outcome, scope }
    } catch (error) {
      this.#release(scope)
      throw error
    }
  }

  async #attempts(
    url: string | URL,
    options: RequestOptions,
    settings: Settings,
    streamed: boolean,
    scope: RequestScope,
  ): Promise<BufferedResponse | OpenResponse> {
    const { hop, repeatable } = await prepareRequest(url, options, this.#base, this.#options.headers)
    // Before anything is loaded or counted: what is refused by its URL is refused at once.
    this.#guard.checkTarget(hop.url.hostname, portOf(hop.url))
    const call = new Call({
      ...settings,
      first: hop,
      repeatable,
      streamed,
      maxHeaderBytes: this.#maxHeaderBytes,
      timeouts: this.#timeouts,
      dispatcher: this.#options.dispatcher ?? (await this.#ownAgent()).dispatcher,
      budgets: this.#budgets,
      guard: this.#guard,
      clock: this.#clock,
    })
    const run = settings.policy ?? this.#budgets.for(hop.url.origin).retry
    try {
      return await run(({ signal }) => call.attempt(signal), { signal: scope.signal })
    } catch (error) {
      return call.settle(error)
    }
  }

  #resolve(options: RequestOptions): Settings {
    const given = { ...this.#options, ...definedOf(options) }
    return {
      timeout: atLeast(1, 'timeout', milliseconds(given.timeout ?? '60s')),
      maxResponseBytes: atLeast(0, 'maxResponseBytes', given.maxResponseBytes ?? 10 * 2 ** 20),
      maxRedirects: atLeast(0, 'maxRedirects', given.maxRedirects ?? 5),
      throwOnStatus: given.throwOnStatus ?? true,
      policy: given.policy,
    }
  }

  #ownAgent(): Promise<OwnAgent> {
    const { allow, resolve, tls, perOrigin } = this.#options
    return (this.#agent ??= createOwnAgent({
      allow,
      resolve,
      tls,
      timeout: this.#timeouts.connect,
      connections: perOrigin?.concurrency ?? 100,
      maxHeaderBytes: this.#maxHeaderBytes,
      clock: this.#clock,
    }))
  }

  #release(scope: RequestScope): void {
    scope.end()
    this.#active.delete(scope)
    if (this.#active.size === 0) this.#onIdle?.()
  }

  async #close(deadline: number): Promise<void> {
    if (this.#active.size > 0) await this.#drain(deadline)
    for (const scope of this.#active) scope.abort(clientErrors.CORE_CLIENT_CLOSED())
    await (await this.#agent)?.destroy()
  }

  #drain(deadline: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = this.#clock.setTimer(resolve, deadline)
      this.#onIdle = () => {
        timer.cancel()
        resolve()
      }
    })
  }
}

interface Settings {
  readonly timeout: number
  readonly maxResponseBytes: number
  readonly maxRedirects: number
  readonly throwOnStatus: boolean
  readonly policy: Policy | undefined
}

/** An option that a request leaves undefined is the client's. */
function definedOf(options: RequestOptions): RequestOptions {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined))
}

function atLeast(minimum: number, option: string, value: number): number {
  if (!(value >= minimum)) throw clientErrors.CORE_CLIENT_OPTION_INVALID({ option, value })
  return value
}

function partsOf(response: BufferedResponse) {
  const body = async function* () {
    yield response.bytes()
  }
  return { status: response.status, url: response.url, headers: response.rawHeaders, body: body() }
}
