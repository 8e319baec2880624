import type { Clock } from '../clock/clock.ts'
import { systemClock } from '../clock/system-clock.ts'
import { resilienceErrors } from './errors.ts'

/** Options of {@link retryBudget}. */
export interface RetryBudgetOptions {
  /** Retries that each call earns: 0.1 allows 10 % more load. @default 0.1 */
  readonly ratio?: number | undefined
  /** Retries per second that are allowed whatever the traffic, so that rare calls can be retried too. @default 10 */
  readonly minimumPerSecond?: number | undefined
  /** The most retries that can be saved up. @default 100 */
  readonly capacity?: number | undefined
  /** @default systemClock */
  readonly clock?: Clock | undefined
}

/** A shared allowance of retries. */
export interface RetryBudget {
  /** Notes one call. */
  deposit(): void
  /** Takes one retry; false when the budget is used up. */
  withdraw(): boolean
}

/**
 * Limits retries to a share of the traffic, so that an outage is not made worse by everybody trying again. Share one
 * between all policies towards the same service.
 *
 * @example
 * ```ts
 * import { policy, retry, retryBudget } from '@exprsn/core/resilience'
 *
 * const budget = retryBudget({ ratio: 0.1 })
 * const read = policy(retry({ attempts: 3, budget }))
 * const write = policy(retry({ attempts: 2, budget }))
 * console.log(await read(async () => 'read'), await write(async () => 'written'))
 * ```
 */
export function retryBudget(options: RetryBudgetOptions = {}): RetryBudget {
  const { ratio = 0.1, minimumPerSecond = 10, capacity = 100, clock = systemClock } = options
  for (const [option, value] of Object.entries({ ratio, minimumPerSecond, capacity }))
    if (!(value >= 0)) throw resilienceErrors.CORE_POLICY_OPTION_INVALID({ option, value })
  // Less than one per second has to add up to a whole retry.
  const fullReserve = minimumPerSecond === 0 ? 0 : Math.max(1, minimumPerSecond)
  let earned = 0
  let reserve = fullReserve
  let refilledAt = clock.monotonic()
  return {
    deposit() {
      earned = Math.min(capacity, earned + ratio)
    },
    withdraw() {
      const now = clock.monotonic()
      reserve = Math.min(fullReserve, reserve + ((now - refilledAt) / 1_000) * minimumPerSecond)
      refilledAt = now
      if (reserve >= 1) reserve--
      else if (earned >= 1) earned--
      else return false
      return true
    },
  }
}
