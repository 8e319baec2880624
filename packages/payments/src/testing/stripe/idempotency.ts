import { createHash } from 'node:crypto'
import type { Clock } from '@exprsn/core'
import type { SimulatedRequest, SimulatedResponse } from '../simulator/simulated-message.ts'
import { StripeRefusal } from './stripe-refusal.ts'

const lifetime = 86_400_000

interface KeptAnswer {
  readonly fingerprint: string
  readonly response: SimulatedResponse
  readonly at: number
}

/**
 * Idempotency as docs.stripe.com/api/idempotent_requests describes it: the first answer of a key is kept for a day, errors
 * included once the endpoint had begun; another content under the same key is refused.
 */
export class IdempotencyKeys {
  readonly #clock: Clock
  readonly #kept = new Map<string, KeptAnswer>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** The answer that is kept for the request's key. @throws StripeRefusal when the key was used for something else */
  recall(request: SimulatedRequest): SimulatedResponse | undefined {
    const key = request.headers.get('idempotency-key')
    const kept = key === null ? undefined : this.#kept.get(key)
    if (kept === undefined || this.#clock.now() - kept.at >= lifetime) return undefined
    if (kept.fingerprint !== fingerprintOf(request))
      throw new StripeRefusal(
        400,
        {
          type: 'idempotency_error',
          message: 'Keys for idempotent requests can only be used with the same parameters they were first used with.',
        },
        false,
      )
    return { ...kept.response, headers: { ...kept.response.headers, 'idempotent-replayed': 'true' } }
  }

  keep(request: SimulatedRequest, response: SimulatedResponse): void {
    const key = request.headers.get('idempotency-key')
    if (key === null) return
    this.#kept.set(key, { fingerprint: fingerprintOf(request), response, at: this.#clock.now() })
  }
}

function fingerprintOf({ method, path, body }: SimulatedRequest): string {
  return createHash('sha256').update(`${method} ${path}\n`).update(body).digest('base64')
}
