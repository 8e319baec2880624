import type { Clock } from '../clock/clock.ts'
import { systemClock } from '../clock/system-clock.ts'
import type { Duration } from '../duration/duration.ts'
import { ExprsnError } from '../errors/exprsn-error.ts'
import { circuitBreaker } from './circuit-breaker.ts'
import { resilienceErrors } from './errors.ts'
import { checkCost, type RateDecision, type RateRule } from './gcra.ts'
import { memoryRateLimiter } from './memory-rate-limiter.ts'
import { policy } from './policy.ts'
import { timeout } from './timeout.ts'

/** What a shared limiter does while its store cannot be reached. */
export interface OutageOptions {
  /**
   * `local`: each process counts by itself under the same rule. `allow`: everything passes. `refuse`: the call fails with
   * `CORE_RATE_LIMIT_UNAVAILABLE`.
   * @default 'local'
   */
  readonly whenDown?: 'local' | 'allow' | 'refuse' | undefined
  /** How long the store may take to answer. @default '500ms' */
  readonly storeTimeout?: Duration | undefined
  /** Told of every answer that was given without the store, and why. */
  readonly onOutage?: ((error: unknown) => void) | undefined
}

/** Asks the store for units. */
export type StoreTake = (key: string, cost: number, signal: AbortSignal) => Promise<RateDecision>

/**
 * Answers for a store that is down. After a few failures it is left alone for a second, so that calls do not each wait for
 * a store that does not answer. Errors that will not pass, such as a missing table, are thrown in every mode.
 */
export function answerInOutage(
  take: StoreTake,
  rule: RateRule,
  options: OutageOptions & { readonly clock?: Clock | undefined },
): (key: string, cost?: number) => Promise<RateDecision> {
  const { whenDown = 'local', storeTimeout = '500ms', onOutage, clock = systemClock } = options
  if (!['local', 'allow', 'refuse'].includes(whenDown))
    throw resilienceErrors.CORE_POLICY_OPTION_INVALID({ option: 'whenDown', value: whenDown })
  const breaker = circuitBreaker({ minimumCalls: 5, window: '5s', openFor: '1s', isFailure: isOutage, clock })
  const ask = policy(breaker, timeout(storeTimeout, { clock }))
  const local = memoryRateLimiter({ ...rule, clock })
  return async (key, cost = 1) => {
    checkCost(cost)
    try {
      return await ask(({ signal }) => take(key, cost, signal))
    } catch (error) {
      if (!isOutage(error)) throw error
      onOutage?.(error)
      if (whenDown === 'refuse') throw resilienceErrors.CORE_RATE_LIMIT_UNAVAILABLE({}, { cause: error })
      return whenDown === 'local' ? local.take(key, cost) : { ...nothingUsed, remaining: rule.burst ?? rule.limit }
    }
  }
}

const nothingUsed = { allowed: true, retryAfterMs: 0, resetAfterMs: 0 }

function isOutage(error: unknown): boolean {
  return ExprsnError.is(error) && (error.retryable || error.status === 503)
}
