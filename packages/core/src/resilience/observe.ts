import type { Clock } from '../clock/clock.ts'
import { systemClock } from '../clock/system-clock.ts'
import { guardLayer } from './guard.ts'
import type { PolicyLayer } from './policy.ts'

/** A call that ended, as seen from where the layer stands. */
export interface ObservedCall {
  /** The layer's name. */
  readonly name: string
  /** The attempt that it belongs to, 1 for the first; always 1 outside of a retry. */
  readonly attempt: number
  /** Milliseconds, everything below this layer included. */
  readonly duration: number
}

/** A call that ended with an error. */
export interface ObservedFailure extends ObservedCall {
  readonly error: unknown
}

/** Options of {@link observe}. */
export interface ObserveOptions {
  /** Handed to the hooks: the label of a metric, say. @default 'observe' */
  readonly name?: string | undefined
  /** Told of every call that succeeded. What it throws becomes the call's error. */
  readonly onSuccess?: ((call: ObservedCall) => void) | undefined
  /** Told of every call that failed or was refused. What it throws replaces the call's error. */
  readonly onFailure?: ((failure: ObservedFailure) => void) | undefined
  /** @default systemClock */
  readonly clock?: Clock | undefined
}

/**
 * Tells hooks how calls end: outermost it sees whole calls, below a {@link retry} each attempt, innermost the work alone.
 * A policy without it pays nothing.
 *
 * @example
 * ```ts
 * import { observe, policy, retry } from '@exprsn/core/resilience'
 *
 * const seen: string[] = []
 * const watched = policy(
 *   observe({ name: 'call', onSuccess: ({ name }) => seen.push(name) }),
 *   retry({ initial: '1ms' }),
 *   observe({ name: 'attempt', onFailure: ({ name, attempt }) => seen.push(`${name} ${attempt} failed`) }),
 * )
 * await watched(({ attempt }) => (attempt === 1 ? Promise.reject(new Error('busy')) : attempt))
 * console.log(seen) // [ 'attempt 1 failed', 'call' ]
 * ```
 */
export function observe({ name = 'observe', onSuccess, onFailure, clock = systemClock }: ObserveOptions): PolicyLayer {
  return guardLayer(
    { kind: 'observe', name, settings: {} },
    {
      enter: () => clock.monotonic(),
      leave(failed, error, began, { attempt }) {
        const hook = failed ? onFailure : onSuccess
        if (hook === undefined) return
        const call = { name, attempt, duration: clock.monotonic() - (began as number) }
        if (failed) onFailure?.({ ...call, error })
        else onSuccess?.(call)
      },
    },
  )
}
