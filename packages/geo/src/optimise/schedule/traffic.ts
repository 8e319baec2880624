import type { SpeedProfile } from '../problem/problem.ts'
import { moment } from './driver-hours.ts'

/** How many seconds a second of the matrix takes, and for how long. */
export interface Traffic {
  readonly slowness: number
  readonly until: number
}

const always: Traffic = { slowness: 1, until: Infinity }

/** How fast traffic moves by the hour, against the fastest hour: matrices are for that one. */
export class TrafficHours {
  readonly #speeds: SpeedProfile | undefined
  readonly #fastest: number

  constructor(speeds: SpeedProfile | undefined) {
    this.#speeds = speeds
    this.#fastest = Math.max(1, ...(speeds?.factors.map(({ factor }) => factor) ?? []))
  }

  at(time: number): Traffic {
    if (this.#speeds === undefined) return always
    const { period = 86_400, factors } = this.#speeds
    const hour = ((time % period) + period) % period
    let at = factors.length - 1
    while (at > 0 && factors[at]!.from > hour) at--
    const until = (factors[at + 1]?.from ?? period) - hour
    return { slowness: this.#fastest / factors[at]!.factor, until: Math.max(until, moment) }
  }
}
