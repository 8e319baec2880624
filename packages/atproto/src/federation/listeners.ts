import type { Clock } from '@exprsn/core'

/** Those of this process who wait for events. */
export class Listeners {
  #waiting = new Set<() => void>()
  /** How often there was something new. */
  #news = 0

  get news(): number {
    return this.#news
  }

  /** Wakes everybody who waits. */
  wake(): void {
    this.#news++
    const waiting = this.#waiting
    this.#waiting = new Set()
    for (const resume of waiting) resume()
  }

  /** Resolves when there is something new since `news`, when the signal is aborted, or after a while. */
  wait(news: number, clock: Clock, signal: AbortSignal, span: number): Promise<void> {
    if (signal.aborted || news !== this.#news) return Promise.resolve()
    return new Promise((resolve) => {
      const resume = (): void => {
        timer.cancel()
        signal.removeEventListener('abort', resume)
        this.#waiting.delete(resume)
        resolve()
      }
      const timer = clock.setTimer(resume, span, { background: true })
      signal.addEventListener('abort', resume, { once: true })
      this.#waiting.add(resume)
    })
  }
}
