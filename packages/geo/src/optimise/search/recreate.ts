import type { Model } from '../model/model.ts'
import { Blinks } from './blinks.ts'
import { farnessOf } from './farness-of.ts'
import type { RandomStream } from './random-stream.ts'
import type { State } from './state.ts'

/**
 * Inserts what is left out, one by one, where each is cheapest: the greedy insertion with blinks of SISR (Christiaens & Vanden
 * Berghe 2020, section 4.2), with routes in the place of positions.
 */
export class Recreate {
  readonly blinks: Blinks
  readonly #model: Model
  readonly #random: RandomStream
  readonly #keys: Float64Array
  readonly #farness: Float64Array
  readonly #isMonotonic: boolean

  constructor(model: Model, random: RandomStream) {
    const { requests } = model
    this.#model = model
    this.#random = random
    this.#keys = new Float64Array(requests.count)
    this.#farness = farnessOf(model)
    this.blinks = new Blinks(random)
    this.#isMonotonic = model.vehicles.every(({ hasOtherCosts }) => !hasOtherCosts)
  }

  /**
   * Gives up, which returns false, as soon as routes and what has found no room cost that much: where no detour is a short cut, what
   * is still to be inserted cannot make that cheaper. The caller must take changes back then.
   */
  run(state: State, most: number): boolean {
    this.#sort(state)
    return this.#insertAll(state, this.#isMonotonic ? most : Infinity)
  }

  /** Inserts one where it is cheapest; false where it finds no room, or none that is worth it. The caller keeps the list. */
  insert(state: State, request: number): boolean {
    const { insertions, absences } = state
    const vehicle = insertions.choose(request, state, this.blinks)
    if (vehicle < 0 || insertions.chosenCost >= absences[request]!) return false
    state.insert(request, vehicle)
    return true
  }

  #insertAll(state: State, most: number): boolean {
    const { absences } = state
    let kept = 0
    let left = 0
    const count = state.absentCount
    for (let at = 0; at < count; at++) {
      const request = state.absent[at]!
      if (!this.insert(state, request)) {
        state.absent[kept++] = request
        left += absences[request]!
      }
      if (state.travel + left >= most) return false
    }
    state.absentCount = kept
    return true
  }

  /** Puts the requests that are left out in one of several orders, by chance. */
  #sort(state: State): void {
    const { hasWindows, requests, tasks } = this.#model
    const random = this.#random
    const keys = this.#keys
    const { absent, absentCount } = state
    const draw = random.below(hasWindows ? 17 : 11)
    for (let at = 0; at < absentCount; at++) {
      const request = absent[at]!
      const task = requests.first[request]!
      if (draw < 4) keys[request] = random.word()
      else if (draw < 8) keys[request] = -requests.size[request]!
      else if (draw < 10) keys[request] = -this.#farness[request]!
      else if (draw < 11) keys[request] = this.#farness[request]!
      else if (draw < 13) keys[request] = tasks.closes[task]! - tasks.opens[task]!
      else if (draw < 15) keys[request] = tasks.opens[task]!
      else keys[request] = -tasks.closes[task]!
    }
    for (let at = 1; at < absentCount; at++) {
      const request = absent[at]!
      const key = keys[request]!
      let before = at - 1
      while (before >= 0 && keys[absent[before]!]! > key) {
        absent[before + 1] = absent[before]!
        before--
      }
      absent[before + 1] = request
    }
  }
}
