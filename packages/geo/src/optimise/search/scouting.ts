import { Anneal, type Annealing, type SearchTools, type Temperatures } from './anneal.ts'

/** How many plans are begun, and in what share of the annealing all of them cool down. */
const scouts = 20
const scouting = 0.6
/** How far they cool down, as a share of the way from hot to cold. */
const depth = 2 / 3
/** Iterations per stop in all from which on that pays. */
const plenty = 40_000
/** The shares between which iterations are counted to foresee how many there will be: the first ones take longer. */
const counting = { from: 0.02, until: 0.04 }

/**
 * Annealing with several beginnings where iterations are plenty. How good a plan can become is decided before it is cold: at two thirds
 * of the way costs of plans for X-n303 of Uchoa et al. go along with what they end at (a correlation of 0.9), at half of it less (0.8),
 * and hardly while it is hot. And a better one is rather found by another beginning than by cooling down more slowly: plans end 0.65 %
 * above the best known on average in 4 s, and 0.55 % in 30 s. So many are begun and cooled down that far, and the best of them is gone
 * on with. With few iterations it anneals once.
 */
export class Scouting implements Annealing {
  readonly isReheated = false
  readonly #tools: SearchTools
  readonly #temperatures: Temperatures
  /** How warm plans still are when they are compared. */
  readonly #warm: number
  #stage: 'foreseeing' | 'scouting' | 'final' = 'foreseeing'
  #anneal: Anneal
  #countedFrom: number | undefined
  #counted = 0
  #begun = 0
  /** The shares between which this plan is annealed. */
  #from = 0
  #until = 1
  /** Improvements of the annealings before. */
  #improved = 0

  constructor(tools: SearchTools, temperatures: Temperatures) {
    const { hot, cold } = temperatures
    this.#tools = tools
    this.#temperatures = temperatures
    this.#warm = hot * (cold / hot) ** depth
    this.#anneal = new Anneal(tools, temperatures)
  }

  get best(): Annealing['best'] {
    return this.#anneal.best
  }

  get improvements(): number {
    return this.#improved + this.#anneal.improvements
  }

  rewind(): void {
    this.#anneal.rewind()
  }

  run(iterations: number, share: number): void {
    if (this.#stage === 'foreseeing') this.#foresee(share)
    else if (this.#stage === 'scouting' && share >= this.#until) this.#beginNext(share)
    this.#counted += iterations
    this.#anneal.run(iterations, (share - this.#from) / (this.#until - this.#from))
  }

  /** Counts iterations, and begins other plans when there will be plenty. */
  #foresee(share: number): void {
    if (share < counting.from) return
    if (this.#countedFrom === undefined) {
      this.#countedFrom = share
      this.#counted = 0
    }
    if (share < counting.until || share === this.#countedFrom) return
    const all = this.#counted / (share - this.#countedFrom)
    if (all >= plenty * this.#tools.state.model.tasks.count) this.#beginNext(share)
    else this.#stage = 'final'
  }

  #beginNext(share: number): void {
    const { hot, cold } = this.#temperatures
    const { state, recreate } = this.#tools
    this.#from = share
    if (this.#begun === scouts) {
      this.#stage = 'final'
      this.#until = 1
      state.restore(this.best.routes)
      return this.#annealAt({ hot: this.#warm, cold })
    }
    this.#stage = 'scouting'
    this.#begun++
    this.#until = share + scouting / scouts
    state.clear()
    recreate.run(state, Infinity)
    state.keep()
    this.#annealAt({ hot, cold: this.#warm })
  }

  #annealAt(temperatures: Temperatures): void {
    const { best, improvements } = this.#anneal
    this.#improved += improvements
    this.#anneal = new Anneal(this.#tools, temperatures, best)
  }
}
