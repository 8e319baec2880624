import type { AbsenceCaps } from './absence-caps.ts'
import { exponentials } from './chances.ts'
import { coolingAt, once, type CoolingPlan } from './cooling.ts'
import type { AnnealKernel } from './kernel/anneal-kernel.ts'
import { missingOf, rounding } from './missing-of.ts'
import { openAtMost } from './open-at-most.ts'
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
  /** What leaving requests out costs at most while it is hot. @default what the problem says */
  readonly caps?: AbsenceCaps | undefined
  /** Vehicles that may be used, whichever they are; for what is required and was left out more may be. @default all that are not closed */
  readonly mostVehicles?: number | undefined
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

/** Until this depth of the first cycle leaving out costs less. */
const looseUntil = 0.5

/**
 * Simulated annealing over ruin and recreate. With few vehicles and windows, hardly any way leads from one plan to another that serves
 * all: there stops may be left out for less while it is hot, and none are any more when it has cooled down. Where it is heated again,
 * it goes on from the best there is.
 */
export class Anneal implements Annealing {
  best: Orders
  improvements = 0
  readonly #tools: SearchTools
  readonly #hot: number
  readonly #ratio: number
  readonly #plan: CoolingPlan
  readonly #caps: AbsenceCaps | undefined
  /** The kernel knows no such limit. */
  readonly #kernel: AnnealKernel | undefined
  #mostVehicles: number
  /** What of the required is left out while no more vehicles are used. */
  #missing: number
  /** Whether leaving out costs less, or did in the part before. */
  #isLoose = false
  #cycle = 0
  /** Whether the kernel has what the state holds. */
  #isLoaded = false

  /** @param rival Another plan with as many vehicles: the best until something cheaper is found. */
  constructor(tools: SearchTools, { hot, cold, plan = once, caps, mostVehicles }: Temperatures, rival?: Orders) {
    this.#tools = tools
    this.#hot = hot
    this.#ratio = cold / hot
    this.#plan = plan
    this.#caps = tools.state.absentCount > 0 ? undefined : caps
    this.#kernel = mostVehicles === undefined ? tools.kernel : undefined
    this.#mostVehicles = mostVehicles ?? Infinity
    this.#missing = missingOf(tools.state)
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
    if (this.#caps !== undefined && cycle === 0 && depth < looseUntil)
      return this.#iterateLoosely(this.#caps, iterations, temperature)
    if (this.#isLoose) this.#tighten()
    if (this.#kernel === undefined) this.#iterate(iterations, temperature)
    else this.#iterateInKernel(this.#kernel, iterations, temperature)
  }

  #iterate(iterations: number, temperature: number): void {
    const { state, ruin, recreate, random } = this.#tools
    for (let iteration = 0; iteration < iterations; iteration++) {
      const most = state.cost + temperature * exponentials[random.chance()]!
      ruin.run(state)
      if (this.#mostVehicles < Infinity) this.#limitVehicles()
      if (!recreate.run(state, most) || !(state.cost < most) || !this.#mayBe(state)) {
        state.undo()
        continue
      }
      if (state.cost < this.#least && !(this.#isLoose && state.absentCount > 0)) {
        state.recount()
        this.best = state.snapshot()
        this.improvements++
      }
      state.keep()
    }
  }

  /** What is required and missing may have any vehicle. */
  #limitVehicles(): void {
    const { state, random } = this.#tools
    if (this.#missing === 0) openAtMost(this.#mostVehicles, state, random)
    else state.isClosed.fill(0)
  }

  /** Whether what the vehicles do is allowed: more of them only where less is missing. */
  #mayBe(state: State): boolean {
    if (this.#isLoose && losesVehicle(state)) return false
    if (this.#missing === 0 || this.#mostVehicles === Infinity) return true
    const missing = missingOf(state)
    const isLess = missing < this.#missing * (1 - rounding)
    const used = state.usedCount()
    if (used > this.#mostVehicles && !isLess) return false
    this.#mostVehicles = Math.max(used, this.#mostVehicles)
    if (isLess) this.#missing = missing
    return true
  }

  /** The state is as it was told between two calls: nobody else has to know. */
  #iterateLoosely(caps: AbsenceCaps, iterations: number, temperature: number): void {
    const { state } = this.#tools
    this.#isLoose = true
    state.capAbsences(caps)
    this.#iterate(iterations, temperature)
    state.capAbsences()
  }

  /** What is still left out now would cost too much: then it goes on from the best found. */
  #tighten(): void {
    this.#isLoose = false
    if (this.#tools.state.absentCount > 0) this.rewind()
  }

  /** What `#iterate` does, in WebAssembly. */
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

/** Whether stops are left out while a vehicle does nothing: saving it would pay for all that it served. */
function losesVehicle({ absentCount, sizes, isClosed }: State): boolean {
  return absentCount > 0 && sizes.some((size, vehicle) => size === 0 && isClosed[vehicle] === 0)
}
