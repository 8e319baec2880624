import type { Clock, Logger, Timer } from '@exprsn/core'

/** Work that has its turn again and again, each time a while after it has ended, until it is stopped. */
export class RepeatingTasks {
  readonly #clock: Clock
  readonly #logger: Logger
  readonly #timers = new Map<() => Promise<unknown>, Timer>()
  #isStopped = false

  constructor(clock: Clock, logger: Logger) {
    this.#clock = clock
    this.#logger = logger
  }

  /** @param interval in milliseconds; 0 for never */
  add(interval: number, task: () => Promise<unknown>): void {
    if (interval === 0) return
    const next = (): void => {
      if (!this.#isStopped) this.#timers.set(task, this.#clock.setTimer(run, interval, { background: true }))
    }
    const run = (): void => {
      if (this.#isStopped) return
      const report = (error: unknown): void => {
        if (!this.#isStopped) this.#logger.error({ err: error }, 'The maintenance of the log store has failed.')
      }
      void task().catch(report).finally(next)
    }
    next()
  }

  /** Nothing begins any more. */
  stop(): void {
    this.#isStopped = true
    for (const timer of this.#timers.values()) timer.cancel()
  }
}
