import type { Clock } from '@exprsn/core'

/** Lets one part of a program wait until another one has something for it. */
export class Wakeup {
  #waiting = new Set<() => void>()

  /** Wakes everybody who waits now. */
  wake(): void {
    const waiting = this.#waiting
    this.#waiting = new Set()
    for (const resume of waiting) resume()
  }

  /** Resolves on the next {@link wake}, when the signal is aborted, or after a while at the latest. */
  wait(clock: Clock, signal: AbortSignal, milliseconds?: number): Promise<void> {
    if (signal.aborted) return Promise.resolve()
    return new Promise((resolve) => {
      const resume = (): void => {
        timer?.cancel()
        signal.removeEventListener('abort', resume)
        this.#waiting.delete(resume)
        resolve()
      }
      const timer = milliseconds === undefined ? undefined : clock.setTimer(resume, milliseconds)
      signal.addEventListener('abort', resume, { once: true })
      this.#waiting.add(resume)
    })
  }
}
