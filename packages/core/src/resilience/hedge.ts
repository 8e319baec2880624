import type { Clock } from '../clock/clock.ts'
import { systemClock } from '../clock/system-clock.ts'
import { milliseconds, type Duration } from '../duration/duration.ts'
import { resilienceErrors } from './errors.ts'
import type { Operation, PolicyLayer } from './policy.ts'
import { Scope } from './scope.ts'

/** Options of {@link hedge}. */
export interface HedgeOptions {
  /** How long an attempt may take before another is started beside it. */
  readonly delay: Duration
  /** Attempts in all, the first included. @default 2 */
  readonly attempts?: number | undefined
  /** @default systemClock */
  readonly clock?: Clock | undefined
}

/**
 * Starts a second attempt when the first is slow, takes the answer that comes first and aborts the other (J. Dean,
 * L. Barroso, "The Tail at Scale", 2013). Only for work that may safely run twice. A failed attempt starts the next one
 * at once; the call fails when all have failed, with the last error.
 *
 * @example
 * ```ts
 * import { hedge, policy } from '@exprsn/core/resilience'
 *
 * const impatient = policy(hedge({ delay: '5ms' }))
 * const answer = await impatient(({ attempt }) =>
 *   new Promise((resolve) => setTimeout(() => resolve(attempt), attempt === 1 ? 200 : 1)))
 * console.log(answer) // 2
 * ```
 */
export function hedge({ delay, attempts = 2, clock = systemClock }: HedgeOptions): PolicyLayer {
  const wait = milliseconds(delay)
  if (!Number.isInteger(attempts) || attempts < 1)
    throw resilienceErrors.CORE_POLICY_OPTION_INVALID({ option: 'attempts', value: attempts })
  const description = { kind: 'hedge', name: 'hedge', settings: { delay: wait, attempts } }
  return { ...description, wrap: (next) => (scope) => runHedged(next, scope, { wait, attempts, clock }) }
}

interface HedgeSettings {
  readonly wait: number
  readonly attempts: number
  readonly clock: Clock
}

function runHedged(next: Operation, scope: Scope, { wait, attempts, clock }: HedgeSettings): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const running = new Set<Scope>()
    let started = 0
    let timer = { cancel: () => {} }
    let settled = false

    const settle = (finish: () => void): void => {
      settled = true
      timer.cancel()
      const lost = resilienceErrors.CORE_HEDGE_LOST()
      for (const other of running) other.abort(lost)
      finish()
    }
    const startUnlessAborted = (): void => {
      if (!scope.aborted) start()
    }
    const start = (): void => {
      const attempt = new Scope(scope.work, scope, ++started)
      running.add(attempt)
      timer.cancel()
      if (started < attempts) timer = clock.setTimer(startUnlessAborted, wait, { background: true })
      next(attempt).then(
        (value) => {
          running.delete(attempt)
          if (!settled) settle(() => resolve(value))
        },
        (error: unknown) => {
          running.delete(attempt)
          if (settled) return
          if (scope.aborted || (started === attempts && running.size === 0)) settle(() => reject(error as Error))
          else if (started < attempts) start()
        },
      )
    }
    start()
  })
}
