import type { Orders } from './state.ts'
import type { SearchTools } from './anneal.ts'
import { missingOf, rounding } from './missing-of.ts'
import { openAtMost } from './open-at-most.ts'

/**
 * Lowers the number of vehicles: takes one out of use, and anneals with what it leaves behind as the pool of those left out. A
 * solution counts as better when those left out are, summed, easier to place, going by how often each has been left out: the
 * absence counters of SISR (Christiaens & Vanden Berghe 2020, section 5). What is optional may be left out, and what found no room
 * before may stay without: a vehicle that has been saved is offered to it.
 */
export class FleetSearch {
  /** With no more left out of what is required, by the fewest vehicles so far. */
  best: Orders
  readonly #tools: SearchTools
  readonly #absences: Float64Array
  readonly #least: number
  /** What of the required was left out by the best, in its costs. */
  #missing: number
  readonly #temperature: number

  /** @param temperature In units of the search's cost. */
  constructor(tools: SearchTools, temperature: number) {
    this.#tools = tools
    const { state } = tools
    this.#absences = new Float64Array(state.model.requests.count)
    this.#missing = missingOf(state)
    this.#least = this.#missing > 0 ? 1 : fewestVehicles(tools)
    this.#temperature = temperature
    this.best = state.snapshot()
    this.#closeOne()
  }

  /** Whether fewer vehicles cannot do. */
  get isDone(): boolean {
    return vehiclesOf(this.best) <= this.#least
  }

  run(iterations: number): void {
    const { state, ruin, recreate, random } = this.#tools
    for (let iteration = 0; iteration < iterations && !this.isDone; iteration++) {
      const absencesBefore = this.#sum()
      const before = state.travel
      ruin.run(state)
      if (state.model.isMixed) openAtMost(vehiclesOf(this.best) - 1, state, random)
      recreate.run(state, Infinity)
      const isCheaper = state.travel < before - this.#temperature * Math.log(random.fraction())
      const absences = this.#sum()
      const isWhole = missingOf(state) <= this.#missing * (1 + rounding)
      const isBetter = isWhole || absences < absencesBefore || (isCheaper && absences <= absencesBefore)
      for (let at = 0; at < state.absentCount; at++) this.#absences[state.absent[at]!]!++
      // What is locked stays, also where nothing that could be removed makes its route possible again.
      if (!isBetter || !(state.travel < Infinity)) {
        state.undo()
        continue
      }
      state.keep()
      if (!isWhole) continue
      this.#offerSaved()
      state.recount()
      this.best = state.snapshot()
      this.#closeOne()
    }
  }

  /** Lets what is missing have the vehicles that do nothing. */
  #offerSaved(): void {
    const { state, recreate } = this.#tools
    if (this.#missing > 0) {
      state.isClosed.fill(0)
      recreate.run(state, Infinity)
      if (missingOf(state) < this.#missing * (1 - rounding)) state.keep()
      else state.undo()
    }
    this.#missing = missingOf(state)
  }

  #sum(): number {
    const { absent, absentCount } = this.#tools.state
    let sum = 0
    for (let at = 0; at < absentCount; at++) sum += this.#absences[absent[at]!]!
    return sum
  }

  /** Takes the vehicle out of use whose stops have been left out least, and all unused ones. */
  #closeOne(): void {
    const { state, ruin } = this.#tools
    let least = Infinity
    let chosen = -1
    for (const [vehicle, { size, tasks, vehicle: its }] of state.routes.entries()) {
      if (size === 0 || its.locked.length > 0) {
        state.isClosed[vehicle] = Number(size === 0)
        continue
      }
      let sum = 0
      for (let at = 1; at <= size; at++) sum += this.#absences[state.model.tasks.request[tasks[at]!]!]!
      if (sum < least) {
        least = sum
        chosen = vehicle
      }
    }
    if (chosen < 0 || this.isDone) return
    state.isClosed[chosen] = 1
    ruin.removeAll(state, chosen)
    state.keep()
  }
}

export function vehiclesOf({ routes }: Pick<Orders, 'routes'>): number {
  return routes.reduce((sum, { length }) => sum + (length > 0 ? 1 : 0), 0)
}

/** With fewer vehicles than these what is required does not fit on board, whatever the routes. */
function fewestVehicles({ state }: SearchTools): number {
  const { dimensions, tasks, requests, vehicles } = state.model
  if (vehicles.some(({ reload }) => reload !== undefined)) return 1
  let fewest = 1
  for (let at = 0; at < dimensions; at++) {
    const total = (cells: Float64Array): number => {
      let sum = 0
      for (let task = 0; task < tasks.count; task++)
        if (requests.isRequired[tasks.request[task]!] === 1) sum += cells[task * dimensions + at]!
      return sum
    }
    const most = Math.max(...vehicles.map(({ capacity }) => capacity[at]!))
    fewest = Math.max(fewest, Math.ceil(Math.max(total(tasks.deliver), total(tasks.pickUp)) / most - 1e-9))
  }
  return fewest
}
