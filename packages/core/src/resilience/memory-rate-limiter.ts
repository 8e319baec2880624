import type { Clock } from '../clock/clock.ts'
import { systemClock } from '../clock/system-clock.ts'
import { resilienceErrors } from './errors.ts'
import { checkCost, compileRate, describeDecision, nextArrival, type RateDecision, type RateRule } from './gcra.ts'
import type { RateLimiter } from './rate-limiter.ts'

/** Options of {@link memoryRateLimiter}. */
export interface MemoryRateLimiterOptions extends RateRule {
  /** Keys that are remembered at most, twice over: beyond it those not seen for longest start afresh. @default 1,000,000 */
  readonly maximumKeys?: number | undefined
  /** @default systemClock */
  readonly clock?: Clock | undefined
}

/** A rate limiter of this process alone, which answers at once. */
export interface MemoryRateLimiter extends RateLimiter {
  take(key: string, cost?: number): RateDecision
}

/**
 * Limits a rate per key within this process. Keys that have recovered are forgotten by themselves.
 *
 * @example
 * ```ts
 * import { memoryRateLimiter } from '@exprsn/core/resilience'
 *
 * const limiter = memoryRateLimiter({ limit: 2, per: '1m' })
 * limiter.take('alice')
 * limiter.take('alice')
 * console.log(limiter.take('alice').allowed, limiter.take('bob').allowed) // false true
 * ```
 */
export function memoryRateLimiter(options: MemoryRateLimiterOptions): MemoryRateLimiter {
  const { clock = systemClock, maximumKeys = 1_000_000, ...rule } = options
  if (!(maximumKeys >= 1))
    throw resilienceErrors.CORE_POLICY_OPTION_INVALID({ option: 'maximumKeys', value: maximumKeys })
  const rate = compileRate(rule)
  // Two generations: after the time that a whole burst takes to recover, what was not touched is as good as new.
  let young = new Map<string, number>()
  let old = new Map<string, number>()
  let turnAt = -Infinity
  return {
    take(key, cost = 1) {
      checkCost(cost)
      const now = Math.floor(clock.monotonic() * 1_000)
      if (now >= turnAt || young.size >= maximumKeys) {
        old = now >= turnAt + rate.tolerance ? new Map() : young
        young = new Map()
        turnAt = now + rate.tolerance
      }
      const arrival = young.get(key) ?? old.get(key) ?? 0
      const next = nextArrival(rate, arrival, now, cost)
      if (next !== undefined) young.set(key, next)
      return describeDecision(rate, next !== undefined, next ?? arrival, now, cost)
    },
  }
}
