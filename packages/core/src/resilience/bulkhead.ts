import { resilienceErrors } from './errors.ts'
import { guardLayer, type Guard } from './guard.ts'
import type { PolicyLayer } from './policy.ts'

/** Options of {@link bulkhead}. */
export interface BulkheadOptions {
  /** Calls that may run at once. */
  readonly limit: number
  /** Calls that may wait for a place; more are refused with `CORE_BULKHEAD_FULL`. @default 0 */
  readonly queue?: number | undefined
  /** Named in errors and metrics. @default 'bulkhead' */
  readonly name?: string | undefined
}

/** A bulkhead, and how full it is. */
export interface Bulkhead extends PolicyLayer {
  /** Calls running now. */
  readonly running: number
  /** Calls waiting now. */
  readonly waiting: number
}

/**
 * Keeps one slow dependency from taking every resource: a fixed number of calls run at once, a fixed number wait in the
 * order they came, the rest are refused at once.
 *
 * @example
 * ```ts
 * import { bulkhead, policy } from '@exprsn/core/resilience'
 *
 * const limited = policy(bulkhead({ limit: 1 }))
 * const first = limited(() => new Promise((resolve) => setTimeout(resolve, 10)))
 * await limited(async () => 'too many').catch((error) => console.log(error.code)) // CORE_BULKHEAD_FULL
 * await first
 * ```
 */
export function bulkhead({ limit, queue = 0, name = 'bulkhead' }: BulkheadOptions): Bulkhead {
  if (!Number.isInteger(limit) || limit < 1)
    throw resilienceErrors.CORE_POLICY_OPTION_INVALID({ option: 'limit', value: limit })
  if (!(queue >= 0) || (queue !== Infinity && !Number.isInteger(queue)))
    throw resilienceErrors.CORE_POLICY_OPTION_INVALID({ option: 'queue', value: queue })
  let running = 0
  const waiting = new Set<() => void>()

  const guard: Guard = {
    enter(scope) {
      if (running < limit) running++
      else if (waiting.size < queue) return waitForPlace(waiting, scope.signal)
      else throw resilienceErrors.CORE_BULKHEAD_FULL({ name, limit, queue })
      return undefined
    },
    leave() {
      const [first] = waiting
      // The place is handed over, so that a newcomer cannot take it first.
      if (first === undefined) running--
      else first()
    },
  }

  return {
    ...guardLayer({ kind: 'bulkhead', name, settings: { limit, queue } }, guard),
    get running() {
      return running
    },
    get waiting() {
      return waiting.size
    },
  }
}

function waitForPlace(waiting: Set<() => void>, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => {
      waiting.delete(take)
      reject(signal.reason as Error)
    }
    const take = (): void => {
      waiting.delete(take)
      signal.removeEventListener('abort', onAbort)
      resolve()
    }
    if (signal.aborted) return reject(signal.reason as Error)
    signal.addEventListener('abort', onAbort, { once: true })
    waiting.add(take)
  })
}
