import { milliseconds } from '../duration/duration.ts'
import { resilienceErrors } from './errors.ts'
import { memoryRateLimiter, type MemoryRateLimiterOptions } from './memory-rate-limiter.ts'
import type { RateDecision } from './gcra.ts'
import { guardLayer, type Guard } from './guard.ts'
import type { PolicyLayer } from './policy.ts'
import type { RateLimiter } from './rate-limiter.ts'

/** Options of {@link rateLimit}: a rule for this process, or a limiter that several processes share. */
export type RateLimitOptions = (MemoryRateLimiterOptions | { readonly limiter: RateLimiter }) & {
  /** The key that calls are counted under, and the name in errors. @default 'rate limit' */
  readonly name?: string | undefined
}

/**
 * Refuses calls beyond a rate with `CORE_RATE_LIMITED`, whose `details.retryAfterMs` a {@link retry} outside of it honours.
 *
 * @example
 * ```ts
 * import { policy, rateLimit } from '@exprsn/core/resilience'
 *
 * const limited = policy(rateLimit({ limit: 1, per: '1m' }))
 * await limited(async () => 'first')
 * await limited(async () => 'second').catch((error) => console.log(error.code)) // CORE_RATE_LIMITED
 * ```
 */
export function rateLimit(options: RateLimitOptions): PolicyLayer {
  const { name = 'rate limit' } = options
  const shared = 'limiter' in options
  const limiter = shared ? options.limiter : memoryRateLimiter(options)
  const settings = shared
    ? {}
    : { limit: options.limit, per: milliseconds(options.per), burst: options.burst ?? options.limit }
  const admit = ({ allowed, retryAfterMs }: RateDecision): void => {
    if (!allowed) throw resilienceErrors.CORE_RATE_LIMITED({ name, retryAfterMs })
  }
  const guard: Guard = {
    enter() {
      const decision = limiter.take(name)
      // A limiter of the host's own may give a thenable of another kind.
      return 'then' in decision ? Promise.resolve(decision).then(admit) : admit(decision)
    },
    leave() {},
  }
  return guardLayer({ kind: 'rateLimit', name, settings }, guard)
}
