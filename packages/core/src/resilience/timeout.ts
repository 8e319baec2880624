import type { Clock, Timer } from '../clock/clock.ts'
import { systemClock } from '../clock/system-clock.ts'
import { milliseconds, type Duration } from '../duration/duration.ts'
import { remainingTime } from './deadline.ts'
import { resilienceErrors } from './errors.ts'
import type { Operation, PolicyLayer } from './policy.ts'
import { Scope } from './scope.ts'
import { timeoutQueue, type Cohort, type TimeoutEntry, type TimeoutQueue } from './timeout-queue.ts'

/** Options of {@link timeout}. */
export interface TimeoutOptions {
  /** @default systemClock */
  readonly clock?: Clock | undefined
}

/**
 * Ends what takes too long: the call rejects with `CORE_TIMEOUT` and the work's signal is aborted with the same error.
 * Inside {@link withDeadline} the limit is what remains of the deadline, if that is less. Limits are never cut short; they
 * end at most a fiftieth of their length (or a millisecond) late.
 *
 * @param limit Time for everything below this layer, from 1 ms.
 * @example
 * ```ts
 * import { policy, timeout } from '@exprsn/core/resilience'
 *
 * const quick = policy(timeout('20ms'))
 * const stuck = setInterval(() => {}, 1000)
 * await quick(() => new Promise(() => {})).catch((error) => console.log(error.code)) // CORE_TIMEOUT
 * clearInterval(stuck)
 * ```
 */
export function timeout(limit: Duration, { clock = systemClock }: TimeoutOptions = {}): PolicyLayer {
  const length = milliseconds(limit)
  if (length < 1) throw resilienceErrors.CORE_POLICY_OPTION_INVALID({ option: 'timeout', value: limit })
  const queue = timeoutQueue(clock, length)
  return {
    kind: 'timeout',
    name: 'timeout',
    settings: { limit: length },
    wrap: (next) => (scope) => {
      const remaining = remainingTime(clock)
      if (remaining === undefined || remaining >= length) return runLimited(next, scope, queue)
      if (remaining <= 0) return Promise.reject(resilienceErrors.CORE_DEADLINE_EXCEEDED())
      return runLimited(next, scope, oneTimer(clock, remaining))
    },
  }
}

/** What is left of a deadline is another length for each call, so each gets a timer of its own. */
function oneTimer(clock: Clock, remaining: number): Pick<TimeoutQueue, 'length' | 'add' | 'remove'> {
  let timer: Timer | undefined
  return {
    length: Math.ceil(remaining),
    add: (entry) => void (timer = clock.setTimer(() => entry.expire(), remaining, { background: true })),
    remove: () => timer?.cancel(),
  }
}

function runLimited(
  next: Operation,
  scope: Scope,
  queue: Pick<TimeoutQueue, 'length' | 'add' | 'remove'>,
): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const call = new LimitedCall(scope, queue.length, reject)
    queue.add(call)
    next(call).then(
      (value) => {
        queue.remove(call)
        resolve(value)
      },
      (error: unknown) => {
        queue.remove(call)
        reject(error as Error)
      },
    )
  })
}

/** One call under a limit: the scope that the work sees and the entry in the queue are one object. */
class LimitedCall extends Scope implements TimeoutEntry {
  cohort: Cohort | undefined = undefined
  previous: TimeoutEntry | undefined = undefined
  next: TimeoutEntry | undefined = undefined
  private readonly limit: number
  private readonly reject: (error: unknown) => void

  constructor(parent: Scope, limit: number, reject: (error: unknown) => void) {
    super(parent.work, parent, parent.attempt)
    this.limit = limit
    this.reject = reject
  }

  expire(): void {
    const error = resilienceErrors.CORE_TIMEOUT({ limit: this.limit })
    this.reject(error)
    this.abort(error)
  }
}
