import { AsyncLocalStorage } from 'node:async_hooks'
import type { Clock } from '../clock/clock.ts'
import { systemClock } from '../clock/system-clock.ts'
import { milliseconds, type Duration } from '../duration/duration.ts'

interface Deadline {
  readonly clock: Clock
  /** On the clock's monotonic scale. */
  readonly at: number
}

/** Made on first use: until somebody sets a deadline, looking for one costs a comparison. */
let storage: AsyncLocalStorage<Deadline> | undefined

/** Options of {@link withDeadline}. */
export interface DeadlineOptions {
  /** @default systemClock */
  readonly clock?: Clock | undefined
}

/**
 * Runs something under a deadline that everything called from it sees, however deep: a {@link timeout} in there is cut to
 * what remains, and a {@link retry} stops when no time is left. A deadline inside another can only be shorter.
 *
 * @example
 * ```ts
 * import { policy, timeout, withDeadline } from '@exprsn/core/resilience'
 *
 * const slow = policy(timeout('30s'))
 * const answer = await withDeadline('2s', () => slow(async () => 'in time'))
 * console.log(answer) // in time
 * ```
 */
export function withDeadline<Result>(
  limit: Duration,
  work: () => Promise<Result>,
  { clock = systemClock }: DeadlineOptions = {},
): Promise<Result> {
  storage ??= new AsyncLocalStorage()
  const own = clock.monotonic() + milliseconds(limit)
  const outer = storage.getStore()
  const at = outer?.clock === clock ? Math.min(own, outer.at) : own
  return storage.run({ clock, at }, work)
}

/** Milliseconds until the deadline of the surrounding {@link withDeadline}; undefined without one, negative when passed. */
export function remainingTime(clock: Clock = systemClock): number | undefined {
  const deadline = storage?.getStore()
  return deadline?.clock === clock ? deadline.at - clock.monotonic() : undefined
}
