import type { Duration } from '../duration/duration.ts'
import { milliseconds } from '../duration/duration.ts'
import type { Clock, TimerOptions } from './clock.ts'
import { systemClock } from './system-clock.ts'

/** Options of {@link sleep}. */
export interface SleepOptions extends TimerOptions {
  /** Ends the wait early: the promise rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined
  /** @default systemClock */
  readonly clock?: Clock | undefined
}

/**
 * Resolves after a while.
 *
 * @throws The signal's reason when it is aborted; no timer or listener is left behind.
 * @example
 * ```ts
 * import { sleep } from '@exprsn/core'
 *
 * await sleep('10ms')
 * ```
 */
export function sleep(duration: Duration, options: SleepOptions = {}): Promise<void> {
  const { signal, clock = systemClock } = options
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason)
    const onAbort = (): void => {
      timer.cancel()
      reject(signal!.reason)
    }
    const timer = clock.setTimer(
      () => {
        signal?.removeEventListener('abort', onAbort)
        resolve()
      },
      milliseconds(duration),
      options,
    )
    signal?.addEventListener('abort', onAbort, { once: true })
  })
}
