import { sleep, type Clock } from '@exprsn/core'

/** Milliseconds that may pass before others have their turn. */
const longest = 10

/** Lets others have their turn now and then, in the middle of long work. */
export class Pacer {
  readonly #clock: Clock
  #pausedAt: number

  constructor(clock: Clock) {
    this.#clock = clock
    this.#pausedAt = clock.monotonic()
  }

  /** Called often; returns at once as long as little time has passed. */
  async pause(): Promise<void> {
    if (this.#clock.monotonic() - this.#pausedAt < longest) return
    await sleep(0, { clock: this.#clock })
    this.#pausedAt = this.#clock.monotonic()
  }
}
