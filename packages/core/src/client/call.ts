import type { Clock } from '../clock/clock.ts'
import { ExprsnError } from '../errors/exprsn-error.ts'
import { clientErrors } from './errors.ts'
import type { TargetGuard } from './guard/target-guard.ts'
import { isRedirect, nextHop, type Hop } from './request/next-hop.ts'
import { BufferedResponse } from './response/client-response.ts'
import { decodeBody } from './response/decode-body.ts'
import { limitBytes } from './response/limit-bytes.ts'
import { headerListOf, headerOf } from './response/response-headers.ts'
import { statusError, withRetryable } from './response/status-error.ts'
import type { DispatcherLike } from './transport/dispatcher.ts'
import { Exchange, type ResponseHead } from './transport/exchange.ts'
import type { OriginBudgets } from './transport/origin-budgets.ts'

/** One call: what it needs for every attempt and every hop. */
export interface CallOptions {
  readonly first: Hop
  /** Whether it may be sent again when it is not known what became of it. */
  readonly repeatable: boolean
  readonly streamed: boolean
  readonly maxResponseBytes: number
  readonly maxRedirects: number
  readonly throwOnStatus: boolean
  readonly maxHeaderBytes: number
  readonly timeouts: { readonly headers: number; readonly idle: number }
  readonly dispatcher: DispatcherLike
  readonly budgets: OriginBudgets
  readonly guard: TargetGuard
  readonly clock: Clock
}

/** A response with its body still on the way. */
export interface OpenResponse {
  readonly status: number
  readonly url: string
  readonly headers: ResponseHead['headers']
  readonly body: AsyncIterable<Uint8Array>
  /** Ends it; whoever reads the body gets the reason. */
  cancel(reason?: unknown): void
}

type Outcome = BufferedResponse | OpenResponse

/** Bytes of a redirect's or an error's body that are read so that the connection can be used again. */
const drained = 64 * 1024

/** Compressed data that gives nothing must not come for ever: more than the limit and this is not read. */
const codingOverhead = 64 * 1024

/** Runs the attempts of one call and remembers what they leave behind for the next. */
export class Call {
  readonly #options: CallOptions
  /** The response behind a status error: with `throwOnStatus: false` it is what the caller gets in the end. */
  readonly #responses = new WeakMap<ExprsnError, BufferedResponse>()
  #sent = false

  constructor(options: CallOptions) {
    this.#options = options
  }

  /** One attempt, along all redirects. Everything that fails throws, so that policies see it; statuses do, too. */
  async attempt(signal: AbortSignal): Promise<Outcome> {
    const { first, repeatable, budgets } = this.#options
    if (this.#sent && !repeatable)
      throw clientErrors.CORE_CLIENT_NOT_REPEATABLE({ method: first.method, reason: 'it is not idempotent' })
    try {
      let hop: Hop | undefined = first
      for (let followed = 0; ; followed++) {
        const current: Hop = hop
        this.#options.guard.checkTarget(current.url.hostname, portOf(current.url))
        const budget = budgets.for(current.url.origin)
        const outcome: Outcome | Hop = await budget.guard((scope) => this.#exchange(current, followed, scope.signal), {
          signal,
        })
        if (!('method' in outcome)) return outcome
        hop = outcome
      }
    } catch (error) {
      throw this.#unrepeatable(error)
    }
  }

  /** What the caller gets for what the policy threw in the end. */
  settle(error: unknown): BufferedResponse {
    const response = ExprsnError.is(error) ? this.#responses.get(error) : undefined
    if (response === undefined || this.#options.throwOnStatus) throw error
    return response
  }

  async #exchange(hop: Hop, followed: number, signal: AbortSignal): Promise<Outcome | Hop> {
    const { streamed, timeouts, maxHeaderBytes, dispatcher, clock } = this.#options
    const exchange = new Exchange({
      dispatcher,
      url: hop.url,
      method: hop.method,
      headers: hop.headers,
      body: hop.body?.open(),
      timeouts,
      maxHeaderBytes,
      clock,
      signal,
      onSent: () => void (this.#sent = true),
    })
    let kept = false
    try {
      const head = await exchange.start()
      const next = this.#redirect(hop, head, followed)
      if (next !== undefined) {
        await drain(exchange)
        return next
      }
      if (!isSuccess(head.status, hop)) throw await this.#statusError(hop, head, exchange)
      const url = hop.url.href
      const body = this.#body(hop, head, exchange)
      if (streamed) {
        kept = true
        return { ...head, url, body, cancel: (reason) => exchange.cancel(reason) }
      }
      return new BufferedResponse(head.status, url, head.headers, await collect(body))
    } finally {
      if (!kept) exchange.cancel()
    }
  }

  #redirect(hop: Hop, { status, headers }: ResponseHead, followed: number): Hop | undefined {
    const { maxRedirects } = this.#options
    const location = headerOf(headers, 'location')
    if (maxRedirects === 0 || !isRedirect(status, location)) return undefined
    if (followed >= maxRedirects)
      throw clientErrors.CORE_CLIENT_TOO_MANY_REDIRECTS({ origin: hop.url.origin, limit: maxRedirects })
    return nextHop(hop, status, location)
  }

  /** The body, unpacked and counted on both sides of the unpacking. */
  #body(hop: Hop, { status, headers }: ResponseHead, exchange: Exchange): AsyncIterable<Uint8Array> {
    const { origin } = hop.url
    const limit = this.#options.maxResponseBytes
    // Responses without content may still describe the one they stand for (RFC 9110 §9.3.2, §15.4.5).
    if (hop.method === 'HEAD' || status === 204 || status === 304) return exchange
    const codings = headerListOf(headers, 'content-encoding')
    const length = Number(headerOf(headers, 'content-length') ?? 0)
    if (length > limit + (codings === '' ? 0 : codingOverhead))
      throw clientErrors.CORE_CLIENT_RESPONSE_TOO_LARGE({ origin, limit, length })
    const raw = codings === '' ? exchange : limitBytes(exchange, limit + codingOverhead, origin)
    return limitBytes(decodeBody(raw, codings, origin), limit, origin)
  }

  async #statusError(hop: Hop, head: ResponseHead, exchange: Exchange): Promise<ExprsnError> {
    const { throwOnStatus, clock } = this.#options
    const bytes = throwOnStatus
      ? await collectBeginning(() => this.#body(hop, head, exchange))
      : await collect(this.#body(hop, head, exchange))
    const response = new BufferedResponse(head.status, hop.url.href, head.headers, bytes)
    const error = statusError(hop, response, clock.now())
    this.#responses.set(error, response)
    return error
  }

  /** What may have been processed must not look as if it could simply be tried again. */
  #unrepeatable(error: unknown): unknown {
    const { repeatable } = this.#options
    if (repeatable || !this.#sent || !ExprsnError.is(error) || !error.retryable) return error
    const final = withRetryable(error, false)
    const response = this.#responses.get(error)
    if (response !== undefined) this.#responses.set(final, response)
    return final
  }
}

/** A conditional request asks for 304 (RFC 9110 §13.1). */
function isSuccess(status: number, { headers }: Hop): boolean {
  const conditional = 'if-none-match' in headers || 'if-modified-since' in headers
  return (status >= 200 && status < 300) || (status === 304 && conditional)
}

export function portOf(url: URL): number {
  return url.port === '' ? (url.protocol === 'https:' ? 443 : 80) : Number(url.port)
}

async function collect(body: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  for await (const chunk of body) chunks.push(chunk)
  return chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks)
}

/** The beginning of an error's body. What goes wrong while it is read matters less than the error itself. */
async function collectBeginning(open: () => AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let length = 0
  try {
    for await (const chunk of open()) {
      chunks.push(chunk)
      length += chunk.length
      if (length >= drained) break
    }
  } catch (error) {
    // Given up is given up.
    if (!ExprsnError.is(error) || !error.code.startsWith('CORE_CLIENT_')) throw error
  }
  return Buffer.concat(chunks)
}

async function drain(exchange: Exchange): Promise<void> {
  await collectBeginning(() => exchange)
}
