import type { Clock, Timer } from '../../clock/clock.ts'
import { clientErrors } from '../errors.ts'
import type { DispatchController, DispatcherLike, DispatchHandler, RawHeaders } from './dispatcher.ts'
import { transportError } from './transport-error.ts'

/** One request and its response on the wire. */
export interface ExchangeOptions {
  readonly dispatcher: DispatcherLike
  readonly url: URL
  readonly method: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | Uint8Array | AsyncIterable<Uint8Array> | undefined
  /** Milliseconds. */
  readonly timeouts: { readonly headers: number; readonly idle: number }
  readonly maxHeaderBytes: number
  readonly clock: Clock
  readonly signal: AbortSignal
  /** Told when the first byte of the request may have left. */
  readonly onSent: () => void
}

/** The beginning of a response. */
export interface ResponseHead {
  readonly status: number
  readonly headers: RawHeaders
}

/** Bytes that may wait for their reader before the sender is told to stop. */
const highWaterMark = 256 * 1024

/**
 * Sends one request and gives its response as it comes: first the head, then the body's bytes as they are on the wire. A
 * body that is not read stops the sender; one that is given up ends the connection.
 */
export class Exchange implements DispatchHandler, AsyncIterable<Uint8Array> {
  readonly #options: ExchangeOptions
  readonly #head = Promise.withResolvers<ResponseHead>()
  #controller: DispatchController | undefined
  #sent = false
  #chunks: Uint8Array[] = []
  #queued = 0
  #paused = false
  #ended = false
  #error: Error | undefined
  #reader: PromiseWithResolvers<void> | undefined
  #timer: Timer | undefined

  constructor(options: ExchangeOptions) {
    this.#options = options
  }

  /** @throws The signal's reason, and every fault of connection, TLS and HTTP as an error of the client. */
  start(): Promise<ResponseHead> {
    const { dispatcher, url, method, headers, body, signal } = this.#options
    signal.addEventListener('abort', this.#onAbort, { once: true })
    if (signal.aborted) this.#onAbort()
    else {
      try {
        const path = `${url.pathname}${url.search}`
        dispatcher.dispatch({ origin: url.origin, path, method, headers, body: (body ?? null) as never }, this)
      } catch (error) {
        this.#failTransport(error)
      }
    }
    return this.#head.promise
  }

  /** Ends it, and the connection with it unless the response is complete. */
  cancel(reason: unknown = clientErrors.CORE_CLIENT_STREAM_USED()): void {
    this.#fail(reason)
    this.#chunks = []
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array, void, undefined> {
    try {
      while (await this.#readable()) {
        const chunk = this.#chunks.shift()
        // Given up between the wait and here: the next look tells why.
        if (chunk === undefined) continue
        this.#queued -= chunk.length
        if (this.#paused && this.#queued < highWaterMark / 2) this.#resume()
        yield chunk
      }
    } finally {
      this.cancel()
    }
  }

  onRequestStart(controller: DispatchController): void {
    this.#controller = controller
    if (this.#error !== undefined) return controller.abort(this.#error)
    this.#sent = true
    this.#options.onSent()
    this.#startTimer('headers')
  }

  /** A body that makes progress is no slow answer. */
  onBodySent(): void {
    if (this.#timer !== undefined) this.#startTimer('headers')
  }

  onRequestSent(): void {
    if (this.#timer !== undefined) this.#startTimer('headers')
  }

  onResponseStart(_controller: DispatchController, status: number, headers: RawHeaders): void {
    // Interim responses (RFC 9110 §15.2) come before the one that counts.
    if (status < 200) return
    this.#stopTimer()
    this.#head.resolve({ status, headers })
  }

  onResponseData(controller: DispatchController, chunk: Uint8Array): void {
    if (this.#ended) return
    this.#chunks.push(chunk)
    this.#queued += chunk.length
    if (this.#queued >= highWaterMark) {
      this.#paused = true
      controller.pause()
    }
    this.#wake()
  }

  onResponseEnd(): void {
    this.#end()
  }

  onResponseError(_controller: DispatchController | undefined, error: Error): void {
    this.#failTransport(error)
  }

  /** Whether a chunk waits; false at the end. */
  async #readable(): Promise<boolean> {
    while (this.#chunks.length === 0) {
      if (this.#error !== undefined) throw this.#error
      if (this.#ended) return false
      this.#reader = Promise.withResolvers()
      this.#startTimer('idle')
      await this.#reader.promise
    }
    return true
  }

  #resume(): void {
    this.#paused = false
    this.#controller?.resume()
  }

  #wake(): void {
    this.#stopTimer()
    this.#reader?.resolve()
    this.#reader = undefined
  }

  #end(): void {
    this.#ended = true
    this.#options.signal.removeEventListener('abort', this.#onAbort)
    this.#wake()
  }

  #failTransport(cause: unknown): void {
    const { url, maxHeaderBytes } = this.#options
    this.#fail(transportError(cause, { origin: url.origin, sent: this.#sent, maxHeaderBytes }))
  }

  #fail(error: unknown): void {
    if (this.#ended) return
    this.#error = error instanceof Error ? error : clientErrors.CORE_CLIENT_STREAM_USED({}, { cause: error })
    this.#head.reject(error)
    this.#end()
    this.#controller?.abort(this.#error)
  }

  readonly #onAbort = (): void => this.#fail(this.#options.signal.reason)

  #startTimer(phase: 'headers' | 'idle'): void {
    this.#stopTimer()
    const { clock, timeouts, url } = this.#options
    const limit = timeouts[phase]
    const what = phase === 'headers' ? 'header of the response' : 'next part of the body'
    this.#timer = clock.setTimer(
      () => this.#fail(clientErrors.CORE_CLIENT_TIMEOUT({ origin: url.origin, limit, phase: what })),
      limit,
      { background: true },
    )
  }

  #stopTimer(): void {
    this.#timer?.cancel()
    this.#timer = undefined
  }
}
