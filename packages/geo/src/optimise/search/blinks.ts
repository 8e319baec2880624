import type { RandomStream } from './random-stream.ts'

/** How often the best route is passed over on purpose. */
const rate = 0.01

/** Counts down to the next route that is passed over: the blinks of SISR, drawn by their distance from each other. */
export class Blinks {
  /** The one that comes when this reaches 0 is passed over. */
  left = 1
  readonly #random: RandomStream

  constructor(random: RandomStream) {
    this.#random = random
    this.left = this.draw()
  }

  draw(): number {
    return 1 + Math.floor(Math.log(1 - this.#random.fraction()) / Math.log(1 - rate))
  }
}
