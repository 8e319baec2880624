import type { Clock } from '@exprsn/core'

/** Waits for some milliseconds, or until the signal aborts, and never keeps the process alive for that. */
export function backgroundPause(clock: Clock, delay: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve()
    const end = (): void => {
      timer.cancel()
      signal.removeEventListener('abort', end)
      resolve()
    }
    const timer = clock.setTimer(end, delay, { background: true })
    signal.addEventListener('abort', end)
  })
}
