import { coolingAt } from './cooling.ts'
import type { RandomStream } from './random-stream.ts'
import type { Recreate } from './recreate.ts'
import type { Ruin } from './ruin.ts'
import type { Orders, State } from './state.ts'

/** Temperatures at the begin and at the end, in units of the search's cost. */
export interface Temperatures {
  readonly hot: number
  readonly cold: number
  /** Whether it is heated again and again, instead of cooling down once. */
  readonly inCycles?: boolean | undefined
}

/** What every search works with. */
export interface SearchTools {
  readonly state: State
  readonly ruin: Ruin
  readonly recreate: Recreate
  readonly random: RandomStream
}

/** Simulated annealing over ruin and recreate; cycles begin with the best found. */
export class Anneal {
  best: Orders
  improvements = 0
  readonly #tools: SearchTools
  readonly #hot: number
  readonly #ratio: number
  readonly #inCycles: boolean
  #cycle = 0

  constructor(tools: SearchTools, { hot, cold, inCycles = false }: Temperatures) {
    this.#tools = tools
    this.#hot = hot
    this.#ratio = cold / hot
    this.#inCycles = inCycles
    const { state } = tools
    this.best = state.snapshot()
  }

  /** Some iterations at the temperature of this share of the whole search. */
  run(iterations: number, share: number): void {
    const { state, ruin, recreate, random } = this.#tools
    const { cycle, depth } = this.#inCycles ? coolingAt(share) : { cycle: 0, depth: Math.min(1, share) }
    if (cycle > this.#cycle) {
      this.#cycle = cycle
      this.rewind()
    }
    const temperature = this.#hot * this.#ratio ** depth
    for (let iteration = 0; iteration < iterations; iteration++) {
      const before = state.cost
      const most = before - temperature * Math.log(1 - random.fraction())
      ruin.run(state)
      if (!recreate.run(state, most) || !(state.cost < most)) {
        state.undo()
        continue
      }
      const after = state.cost
      state.keep()
      if (after < this.best.cost - 1e-9 * Math.abs(this.best.cost)) {
        state.recount()
        this.best = state.snapshot()
        this.improvements++
      }
    }
  }

  /** Goes on from the best found. */
  rewind(): void {
    this.#tools.state.restore(this.best.routes)
  }
}
