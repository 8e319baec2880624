import type { RandomStream } from '../random-stream.ts'
import type { SearchRun } from '../search-run.ts'
import type { Orders, State } from '../state.ts'
import type { TourNodes } from './tour-nodes.ts'
import { TourSearch } from './tour-search.ts'

/** The search for one vehicle's shortest way through all stops; an iteration is a kick. */
export class RoundTrip implements SearchRun {
  iterations = 0
  readonly #nodes: TourNodes
  readonly #state: State
  readonly #search: TourSearch
  readonly #initial: Orders

  /** @param state It holds the first plan. */
  constructor(state: State, nodes: TourNodes, random: RandomStream) {
    this.#nodes = nodes
    this.#state = state
    this.#initial = this.#state.snapshot()
    // Node numbers of where it ends and where it starts descend, so that the start comes last before the first stop. Recreating
    // passes over some stops by chance: they come last.
    const depots = nodes.count - nodes.tasks
    const order = Int32Array.from({ length: nodes.count }, (_, at) => nodes.count - 1 - at)
    order.set(this.#initial.routes[0]!, depots)
    order.set(this.#state.absent.subarray(0, this.#state.absentCount), nodes.count - this.#state.absentCount)
    this.#search = new TourSearch(nodes, order, random)
  }

  get best(): Orders {
    const state = this.#state
    state.restore([this.#route()])
    const found = state.snapshot()
    return found.absent <= this.#initial.absent && found.cost < this.#initial.cost ? found : this.#initial
  }

  get improvements(): number {
    return this.#search.improvements
  }

  run(iterations: number, share: number): void {
    this.iterations += iterations
    this.#search.run(iterations, share)
  }

  /** The tour from the start on, away from the end. */
  #route(): Int32Array {
    const { count, tasks } = this.#nodes
    const tour = this.#search.best
    const start = tour.indexOf(tasks)
    const isEndNext = count - tasks === 2 && tour[(start + 1) % count] === tasks + 1
    const step = isEndNext ? count - 1 : 1
    return Int32Array.from({ length: count }, (_, at) => tour[(start + at * step) % count]!).filter(
      (node) => node < tasks,
    )
  }
}
