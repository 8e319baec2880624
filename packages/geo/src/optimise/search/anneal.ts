import { exponentials } from './chances.ts'
import { coolingAt, once, type CoolingPlan } from './cooling.ts'
import type { AnnealKernel } from './kernel/anneal-kernel.ts'
import type { RandomStream } from './random-stream.ts'
import type { Recreate } from './recreate.ts'
import type { Ruin } from './ruin.ts'
import type { Orders, State } from './state.ts'

/** Temperatures at the begin and at the end, in units of the search's cost. */
export interface Temperatures {
  readonly hot: number
  readonly cold: number
  /** @default once */
  readonly plan?: CoolingPlan | undefined
}

/** What every search works with. */
export interface SearchTools {
  readonly state: State
  readonly ruin: Ruin
  readonly recreate: Recreate
  readonly random: RandomStream
  /** Does the iterations of an annealing, where it suits the problem. */
  readonly kernel?: AnnealKernel | undefined
}

/** An annealing that goes on piece by piece. */
export interface Annealing {
  readonly best: Orders
  readonly improvements: number
  readonly isReheated: boolean
  /** Some iterations at the temperature of this share of the annealing. */
  run(iterations: number, share: number): void
  /** Goes on from the best found. */
  rewind(): void
}

/** Simulated annealing over ruin and recreate. Where it is heated again, it goes on from the best there is. */
export class Anneal implements Annealing {
  best: Orders
  improvements = 0
  readonly #tools: SearchTools
  readonly #hot: number
  readonly #ratio: number
  readonly #plan: CoolingPlan
  #cycle = 0
  /** Whether the kernel has what the state holds. */
  #isLoaded = false

  /** @param rival Another plan with as many vehicles: the best until something cheaper is found. */
  constructor(tools: SearchTools, { hot, cold, plan = once }: Temperatures, rival?: Orders) {
    this.#tools = tools
    this.#hot = hot
    this.#ratio = cold / hot
    this.#plan = plan
    const begun = tools.state.snapshot()
    this.best = rival !== undefined && rival.cost < begun.cost ? rival : begun
  }

  get isReheated(): boolean {
    return this.#plan.again > 0
  }

  /** Some iterations at the temperature of this share of the whole search. */
  run(iterations: number, share: number): void {
    const { cycle, depth } = coolingAt(share, this.#plan)
    if (cycle > this.#cycle) {
      this.#cycle = cycle
      this.rewind()
    }
    const temperature = this.#hot * this.#ratio ** depth
    if (this.#tools.kernel === undefined) this.#iterate(iterations, temperature)
    else this.#iterateInKernel(this.#tools.kernel, iterations, temperature)
  }

  #iterate(iterations: number, temperature: number): void {
    const { state, ruin, recreate, random } = this.#tools
    for (let iteration = 0; iteration < iterations; iteration++) {
      const most = state.cost + temperature * exponentials[random.chance()]!
      ruin.run(state)
      if (!recreate.run(state, most) || !(state.cost < most)) {
        state.undo()
        continue
      }
      if (state.cost < this.#least) {
        state.recount()
        this.best = state.snapshot()
        this.improvements++
      }
      state.keep()
    }
  }

  /** The same. */
  #iterateInKernel(kernel: AnnealKernel, iterations: number, temperature: number): void {
    if (!this.#isLoaded) kernel.load(this.#tools.state)
    this.#isLoaded = true
    let left = iterations
    while (left > 0) {
      const { done, improved } = kernel.run(this.#tools, { iterations: left, temperature, least: this.#least })
      left -= done
      if (improved === undefined) continue
      this.best = improved
      this.improvements++
    }
  }

  /** What is cheaper is the best. */
  get #least(): number {
    return this.best.cost - 1e-9 * Math.abs(this.best.cost)
  }

  /** Goes on from the best found. */
  rewind(): void {
    const { state } = this.#tools
    const { routes } = this.best
    if (state.isClosed.includes(1)) state.closeUnused(routes)
    state.restore(routes)
    this.#isLoaded = false
  }
}
