import type { Identity } from '../auth/identity.ts'
import type { Clock } from '../clock/clock.ts'
import { resilienceErrors } from '../resilience/errors.ts'
import type { RateRule } from '../resilience/gcra.ts'
import { memoryRateLimiter } from '../resilience/memory-rate-limiter.ts'
import { rateLimitHeaders } from '../resilience/rate-limit-headers.ts'
import type { RateLimiter } from '../resilience/rate-limiter.ts'
import type { ResponseHeaders } from './node/node-response.ts'
import { clientAddress } from './request-parts.ts'

/** How often requests may come. */
export interface RequestRate extends RateRule {
  /** Counts in a store that several processes share; it must have the same rule. @default in memory */
  readonly limiter?: RateLimiter | undefined
  /** The name of the rule in headers and problems. @default 'default' */
  readonly name?: string | undefined
  /** What a request is counted under. @default the identity's subject, else the client's address */
  readonly key?: ((request: Request, identity: Identity | undefined) => string) | undefined
}

/** Takes one unit for a request. @throws `CORE_RATE_LIMITED` */
export type RateGuard = (request: Request, identity: Identity | undefined, headers: ResponseHeaders) => Promise<void>

/** A guard that also tells clients how much is left. */
export function rateGuard(rate: RequestRate, clock: Clock): RateGuard {
  const { limit, per, burst, name = 'default', key = usualKey } = rate
  const limiter = rate.limiter ?? memoryRateLimiter({ limit, per, burst, clock })
  return async (request, identity, headers) => {
    const decision = await limiter.take(key(request, identity))
    Object.assign(headers, rateLimitHeaders(decision, { limit, per, burst, name }))
    if (!decision.allowed) throw resilienceErrors.CORE_RATE_LIMITED({ name, retryAfterMs: decision.retryAfterMs })
  }
}

function usualKey(request: Request, identity: Identity | undefined): string {
  return identity === undefined ? `address ${clientAddress(request) ?? 'unknown'}` : `subject ${identity.subject}`
}
