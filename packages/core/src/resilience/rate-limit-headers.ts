import { milliseconds } from '../duration/duration.ts'
import { resilienceErrors } from './errors.ts'
import type { RateDecision, RateRule } from './gcra.ts'

/** What {@link rateLimitHeaders} describes: the rule that was applied, and its name in the headers. */
export interface RateLimitHeadersOptions extends RateRule {
  /** Printable ASCII. @default 'default' */
  readonly name?: string | undefined
}

/**
 * The response headers that tell a client how much it may still ask for: `RateLimit-Policy` and `RateLimit`
 * (draft-ietf-httpapi-ratelimit-headers-10), and `Retry-After` in seconds (RFC 9110 §10.2.3) when it was refused.
 *
 * @throws `CORE_POLICY_OPTION_INVALID` for a name that no header can carry.
 * @example
 * ```ts
 * import { memoryRateLimiter, rateLimitHeaders } from '@exprsn/core/resilience'
 *
 * const rule = { limit: 100, per: '1m' } as const
 * const decision = memoryRateLimiter(rule).take('alice')
 * console.log(rateLimitHeaders(decision, rule)) // { 'ratelimit-policy': '"default";q=100;w=60', ratelimit: '"default";r=99;t=1' }
 * ```
 */
export function rateLimitHeaders(decision: RateDecision, options: RateLimitHeadersOptions): Record<string, string> {
  const { name = 'default', limit, per } = options
  // An RFC 8941 string holds nothing else, and a line break would begin a header of its own.
  if (!/^[\x20-\x7e]+$/.test(name)) throw resilienceErrors.CORE_POLICY_OPTION_INVALID({ option: 'name', value: name })
  const quoted = `"${name.replace(/["\\]/g, '\\$&')}"`
  const { allowed, remaining, retryAfterMs, resetAfterMs } = decision
  return {
    'ratelimit-policy': `${quoted};q=${Math.floor(limit)};w=${seconds(milliseconds(per))}`,
    ratelimit: `${quoted};r=${Math.max(0, remaining)};t=${seconds(resetAfterMs)}`,
    // What exceeds the burst never passes: no time helps.
    ...(!allowed && Number.isFinite(retryAfterMs) && { 'retry-after': String(seconds(retryAfterMs)) }),
  }
}

/** Whole seconds, rounded up: a client that waits them must not come too early. */
function seconds(ms: number): number {
  return Math.ceil(ms / 1_000)
}
