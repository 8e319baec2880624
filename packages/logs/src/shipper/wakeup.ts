import type { Clock } from '@exprsn/core'

/** Lets a loop wait until there is something to do, and cut a wait short. */
export class Wakeup {
  #isWoken = false
  #isHurried = false
  #resolve: (() => void) | undefined
  #cutShort: (() => void) | undefined

  /** Ends {@link Wakeup.wait}, also one that begins later. */
  wake(): void {
    this.#isWoken = true
    this.#resolve?.()
  }

  /** Ends a {@link Wakeup.sleep} as well. */
  hurry(): void {
    this.#isHurried = true
    this.wake()
    this.#cutShort?.()
  }

  /** Until the next {@link Wakeup.wake}, or at once if there was one since the last wait. */
  async wait(): Promise<void> {
    if (!this.#isWoken) {
      await new Promise<void>((resolve) => {
        this.#resolve = resolve
      })
      this.#resolve = undefined
    }
    this.#isWoken = false
  }

  /** Whether somebody was in a hurry since this was asked the last time. */
  get isHurried(): boolean {
    const was = this.#isHurried
    this.#isHurried = false
    return was
  }

  /** Until the time is over, or somebody is in a hurry. */
  sleep(clock: Clock, milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const end = (): void => {
        timer.cancel()
        this.#cutShort = undefined
        resolve()
      }
      const timer = clock.setTimer(end, milliseconds, { background: true })
      this.#cutShort = end
    })
  }
}
