import type { Clock } from '../../clock/clock.ts'

/** A bell for those who wait: rung while nobody waits, the next wait ends at once. */
export class Wake {
  readonly #clock: Clock
  readonly #waiters = new Set<() => void>()
  #rung = false
  /** Whether the last wait ended by its time and not by the bell. */
  timedOut = false

  constructor(clock: Clock) {
    this.#clock = clock
  }

  now(): void {
    this.#rung = true
    for (const waiter of [...this.#waiters]) waiter()
  }

  /** Waits for the bell, at most this many milliseconds. */
  wait(limit: number | undefined): Promise<void> {
    this.timedOut = false
    if (this.#rung || limit === 0) {
      this.#rung = false
      return Promise.resolve()
    }
    return new Promise((resolve) => {
      const finish = (): void => {
        timer?.cancel()
        this.#waiters.delete(finish)
        this.#rung = false
        resolve()
      }
      const timer =
        limit === undefined
          ? undefined
          : this.#clock.setTimer(() => {
              this.timedOut = true
              finish()
            }, limit)
      this.#waiters.add(finish)
    })
  }
}
