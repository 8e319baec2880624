import type { Orders } from './state.ts'
import type { SearchTools } from './anneal.ts'

/**
 * Lowers the number of vehicles: takes one out of use, and anneals with what it leaves behind as the pool of those left out. A
 * solution counts as better when those left out are, summed, easier to place, going by how often each has been left out: the
 * absence counters of SISR (Christiaens & Vanden Berghe 2020, section 5).
 */
export class FleetSearch {
  /** With all served by the fewest vehicles so far. */
  best: Orders
  readonly #tools: SearchTools
  readonly #absences: Float64Array
  readonly #least: number
  readonly #temperature: number

  /** @param temperature In units of the search's cost. */
  constructor(tools: SearchTools, temperature: number) {
    this.#tools = tools
    const { state } = tools
    this.#absences = new Float64Array(state.model.requests.count)
    this.#least = fewestVehicles(tools)
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
      recreate.run(state, Infinity)
      const isCheaper = state.travel < before - this.#temperature * Math.log(random.fraction())
      const absences = this.#sum()
      const isBetter = state.absentCount === 0 || absences < absencesBefore || (isCheaper && absences <= absencesBefore)
      for (let at = 0; at < state.absentCount; at++) this.#absences[state.absent[at]!]!++
      // What is locked stays, also where nothing that could be removed makes its route possible again.
      if (!isBetter || !(state.travel < Infinity)) {
        state.undo()
        continue
      }
      state.keep()
      if (state.absentCount > 0) continue
      state.recount()
      this.best = state.snapshot()
      this.#closeOne()
    }
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

/** With fewer vehicles than these the goods do not fit on board, whatever the routes. */
function fewestVehicles({ state }: SearchTools): number {
  const { dimensions, tasks, vehicles } = state.model
  if (vehicles.some(({ reload }) => reload !== undefined)) return 1
  let fewest = 1
  for (let at = 0; at < dimensions; at++) {
    const total = (cells: Float64Array): number => {
      let sum = 0
      for (let task = 0; task < tasks.count; task++) sum += cells[task * dimensions + at]!
      return sum
    }
    const most = Math.max(...vehicles.map(({ capacity }) => capacity[at]!))
    fewest = Math.max(fewest, Math.ceil(Math.max(total(tasks.deliver), total(tasks.pickUp)) / most - 1e-9))
  }
  return fewest
}
