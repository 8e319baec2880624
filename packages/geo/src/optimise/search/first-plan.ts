import { farnessOf } from './farness-of.ts'
import type { Neighbours } from './neighbours.ts'
import type { Recreate } from './recreate.ts'
import type { State } from './state.ts'

/**
 * The plan that a search begins with, made piece by piece: thousands of stops take seconds. All that is left out is inserted,
 * neighbours after neighbours, so that routes do not cross from the first.
 */
export class FirstPlan {
  readonly #state: State
  readonly #recreate: Recreate
  /** How many of those that are left out have found no room. */
  #tried = 0

  constructor(state: State, recreate: Recreate, neighbours: Neighbours) {
    this.#state = state
    this.#recreate = recreate
    const rank = ranksOf(state, neighbours)
    state.absent.subarray(0, state.absentCount).sort((a, b) => rank[a]! - rank[b]!)
  }

  /** Inserts so many more; whether the plan stands. */
  extend(stops: number): boolean {
    const { absent, absentCount } = this.#state
    const end = Math.min(this.#tried + stops, absentCount)
    for (let at = this.#tried; at < end; at++) {
      const request = absent[at]!
      if (!this.#recreate.insert(this.#state, request)) absent[this.#tried++] = request
    }
    absent.copyWithin(this.#tried, end, absentCount)
    this.#state.absentCount -= end - this.#tried
    return this.#tried === this.#state.absentCount
  }
}

/** Per request its place in chains that begin with the farthest and go on with the nearest that is left. */
function ranksOf({ model, absent, absentCount, vehicleOf }: State, neighbours: Neighbours): Float64Array {
  const { requests, tasks } = model
  const farness = farnessOf(model)
  const ranks = new Float64Array(requests.count).fill(Infinity)
  const starts = [...absent.subarray(0, absentCount)].sort((a, b) => farness[b]! - farness[a]!)
  let next = 0
  for (const start of starts) {
    let request = start
    while (request >= 0 && ranks[request] === Infinity) {
      ranks[request] = next++
      const from = requests.first[request]! * neighbours.width
      request = -1
      for (let rank = 0; rank < neighbours.width && request < 0; rank++) {
        const other = tasks.request[neighbours.tasks[from + rank]!]!
        if (ranks[other] === Infinity && vehicleOf[other]! < 0) request = other
      }
    }
  }
  return ranks
}
