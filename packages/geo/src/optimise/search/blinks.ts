import { exponentials } from './chances.ts'
import type { RandomStream } from './random-stream.ts'

/** How often the best route is passed over on purpose. */
const rate = 0.01

/** Distances from one that is passed over to the next, all equally likely. */
export const gaps = Int32Array.from(exponentials, (value) => 1 + Math.floor(value / -Math.log(1 - rate)))

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
    return gaps[this.#random.chance()]!
  }
}
