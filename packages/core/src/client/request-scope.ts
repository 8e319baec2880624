import type { Clock, Timer } from '../clock/clock.ts'
import { remainingTime } from '../resilience/deadline.ts'
import { resilienceErrors } from '../resilience/errors.ts'

/** What can end a request from outside. */
export interface RequestScopeOptions {
  readonly clock: Clock
  /** Milliseconds for everything, retries and body included. */
  readonly limit: number
  readonly signal: AbortSignal | undefined
}

/** One signal for the caller's own, the time limit and the end of the client; nothing of it outlives the request. */
export class RequestScope {
  readonly #controller = new AbortController()
  readonly #outer: AbortSignal | undefined
  readonly #timer: Timer

  constructor({ clock, limit, signal }: RequestScopeOptions) {
    this.#outer = signal
    signal?.addEventListener('abort', this.#onAbort, { once: true })
    if (signal?.aborted === true) this.#onAbort()
    const remaining = remainingTime(clock)
    if (remaining !== undefined && remaining <= 0) this.abort(resilienceErrors.CORE_DEADLINE_EXCEEDED())
    const time = Math.min(limit, Math.max(0, remaining ?? limit))
    this.#timer = clock.setTimer(() => this.abort(resilienceErrors.CORE_TIMEOUT({ limit: Math.ceil(time) })), time, {
      background: true,
    })
  }

  get signal(): AbortSignal {
    return this.#controller.signal
  }

  abort(reason: unknown): void {
    this.#controller.abort(reason)
  }

  end(): void {
    this.#timer.cancel()
    this.#outer?.removeEventListener('abort', this.#onAbort)
  }

  readonly #onAbort = (): void => this.abort(this.#outer!.reason)
}
