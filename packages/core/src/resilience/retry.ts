import type { Clock } from '../clock/clock.ts'
import { sleep } from '../clock/sleep.ts'
import { systemClock } from '../clock/system-clock.ts'
import { milliseconds, type Duration } from '../duration/duration.ts'
import type { Random } from '../random/random.ts'
import { systemRandom } from '../random/system-random.ts'
import { backoff, type BackoffOptions } from './backoff.ts'
import { remainingTime } from './deadline.ts'
import { resilienceErrors } from './errors.ts'
import type { Operation, PolicyLayer } from './policy.ts'
import { retryAfterOf } from './retry-after.ts'
import { retryBudget, type RetryBudget } from './retry-budget.ts'
import { isRetryable } from './retryable.ts'
import { Scope } from './scope.ts'

/** A failed attempt that will be followed by another. */
export interface RetryEvent {
  readonly error: unknown
  /** The attempt that failed, 1 for the first. */
  readonly attempt: number
  /** Milliseconds until the next one. */
  readonly wait: number
}

/** Options of {@link retry}. */
export interface RetryOptions extends BackoffOptions {
  /** Attempts in all, the first included. @default 3 */
  readonly attempts?: number | undefined
  /** Whether an error is worth another attempt. @default {@link isRetryable} */
  readonly when?: ((error: unknown, attempt: number) => boolean) | undefined
  /** The allowance that retries are taken from; false for none. @default a {@link retryBudget} of this layer's own */
  readonly budget?: RetryBudget | false | undefined
  /**
   * The longest wait that a server may ask for with `Retry-After`; one that asks for more gets no further attempt. The
   * same holds for a circuit that stays open for longer: then the call fails at once.
   * @default '10s'
   */
  readonly longestRetryAfter?: Duration | undefined
  /** Told of every failed attempt that is followed by another. */
  readonly onRetry?: ((event: RetryEvent) => void) | undefined
  /** @default systemClock */
  readonly clock?: Clock | undefined
  /** @default systemRandom */
  readonly random?: Random | undefined
}

/**
 * Tries again when the work fails in a way that may pass. The wait grows and is spread by chance; a server's `Retry-After`
 * is honoured; retries stay within a budget and within the surrounding deadline. When attempts end, the last error is
 * thrown as it is.
 *
 * @example
 * ```ts
 * import { policy, retry } from '@exprsn/core/resilience'
 *
 * const patient = policy(retry({ attempts: 3, initial: '1ms' }))
 * const answer = await patient(async ({ attempt }) => {
 *   if (attempt < 3) throw new Error('not yet')
 *   return `done at attempt ${attempt}`
 * })
 * console.log(answer) // done at attempt 3
 * ```
 */
export function retry(options: RetryOptions = {}): PolicyLayer {
  const settings = resolve(options)
  const { attempts, longestRetryAfter } = settings
  const description = { kind: 'retry', name: 'retry', settings: { attempts, longestRetryAfter } }
  return { ...description, wrap: (next) => (scope) => runRetried(next, scope, settings) }
}

type Settings = ReturnType<typeof resolve>

function resolve(options: RetryOptions) {
  const { attempts = 3, when = isRetryable, onRetry, clock = systemClock, random = systemRandom } = options
  if (!Number.isInteger(attempts) || attempts < 1)
    throw resilienceErrors.CORE_POLICY_OPTION_INVALID({ option: 'attempts', value: attempts })
  const budget = options.budget === false ? undefined : (options.budget ?? retryBudget({ clock }))
  const longestRetryAfter = milliseconds(options.longestRetryAfter ?? '10s')
  return { attempts, when, onRetry, clock, budget, longestRetryAfter, wait: backoff(options, random) }
}

function runRetried(next: Operation, scope: Scope, settings: Settings): Promise<unknown> {
  settings.budget?.deposit()
  return next(scope).catch((error: unknown) => retryAfterFailure(next, scope, settings, error))
}

/** Apart from the first attempt, which in a healthy system is the only one and has to be cheap. */
async function retryAfterFailure(next: Operation, scope: Scope, settings: Settings, first: unknown): Promise<unknown> {
  let error = first
  let wait = 0
  for (let attempt = 1; ; attempt++) {
    const nextWait = waitBefore(attempt, error, wait, scope, settings)
    if (nextWait === undefined) throw error
    wait = nextWait
    settings.onRetry?.({ error, attempt, wait })
    // A timer of no length would still take a millisecond.
    if (wait > 0) await sleep(wait, { clock: settings.clock, signal: scope.signal })
    try {
      return await next(new Scope(scope.work, scope, attempt + 1))
    } catch (failure) {
      error = failure
    }
  }
}

/** The wait before another attempt in milliseconds; undefined when there shall be none. */
function waitBefore(
  attempt: number,
  error: unknown,
  lastWait: number,
  scope: Scope,
  { attempts, when, clock, budget, longestRetryAfter, wait }: Settings,
): number | undefined {
  if (attempt >= attempts || scope.aborted || !when(error, attempt)) return undefined
  const asked = retryAfterOf(error, clock.now()) ?? 0
  if (asked > longestRetryAfter) return undefined
  const planned = Math.max(asked, wait(attempt, lastWait))
  const remaining = remainingTime(clock)
  if (remaining !== undefined && planned >= remaining) return undefined
  return budget === undefined || budget.withdraw() ? planned : undefined
}
