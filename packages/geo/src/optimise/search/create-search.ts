import type { Model } from '../model/model.ts'
import { Timetables } from '../schedule/timetables.ts'
import { FirstPlan } from './first-plan.ts'
import { missingOf } from './missing-of.ts'
import { AnnealKernel } from './kernel/anneal-kernel.ts'
import { neighboursOf, type Neighbours } from './neighbours.ts'
import { RandomStream } from './random-stream.ts'
import { Recreate } from './recreate.ts'
import { Ruin } from './ruin.ts'
import type { SearchRun, SearchSettings } from './search-run.ts'
import { Search } from './search.ts'
import { State, type Orders } from './state.ts'
import { RoundTrip } from './tour/round-trip.ts'
import { tourNodesOf } from './tour/tour-nodes.ts'

/** A search whose first plan has to be made. */
export interface WholeSearch extends SearchRun {
  /** Goes on with the first plan by so many stops; whether it stands. `best` is what there is of it, and nothing may run before. */
  begin(stops: number): boolean
}

/** The search that suits a problem: one of its own for a single vehicle's shortest way, ruin and recreate for all else. */
export function createSearch(model: Model, settings: SearchSettings): WholeSearch {
  return new FromFirstPlan(model, settings)
}

class FromFirstPlan implements WholeSearch {
  readonly #model: Model
  readonly #settings: SearchSettings
  readonly #random: RandomStream
  readonly #state: State
  readonly #neighbours: Neighbours
  readonly #recreate: Recreate
  #first: FirstPlan
  /** Whether vehicles that do nothing in the initial orders are not to be used as long as there is room in others. */
  #savesUnused: boolean
  #search: SearchRun | undefined

  constructor(model: Model, settings: SearchSettings) {
    this.#model = model
    this.#settings = settings
    this.#random = new RandomStream(settings.seed)
    this.#state = new State(model, new Timetables(model))
    this.#neighbours = neighboursOf(model)
    this.#recreate = new Recreate(model, this.#random)
    const { initial = [], minimisesVehicles, isCool } = settings
    if (settings.initial !== undefined) this.#state.restore(initial)
    this.#savesUnused = minimisesVehicles && isCool === true && initial.some(({ length }) => length > 0)
    if (this.#savesUnused) this.#state.closeUnused(initial)
    this.#first = new FirstPlan(this.#state, this.#recreate, this.#neighbours)
  }

  get iterations(): number {
    return this.#search?.iterations ?? 0
  }

  get improvements(): number {
    return this.#search?.improvements ?? 0
  }

  get best(): Orders {
    return this.#search?.best ?? this.#state.snapshot()
  }

  begin(stops: number): boolean {
    if (this.#search !== undefined) return true
    if (!this.#first.extend(stops)) return false
    if (this.#savesUnused && missingOf(this.#state) > 0) return this.#beginWithAll(stops)
    this.#search = this.#searchFromThere()
    return true
  }

  /** What has found no room is offered to vehicles that do nothing. */
  #beginWithAll(stops: number): boolean {
    this.#savesUnused = false
    this.#state.isClosed.fill(0)
    this.#first = new FirstPlan(this.#state, this.#recreate, this.#neighbours)
    return this.begin(stops)
  }

  run(iterations: number, share: number): void {
    this.#search!.run(iterations, share)
  }

  #searchFromThere(): SearchRun {
    const nodes = tourNodesOf(this.#model)
    const [model, state, random, recreate] = [this.#model, this.#state, this.#random, this.#recreate]
    if (nodes !== undefined) return new RoundTrip(state, nodes, random)
    const ruin = new Ruin(model, this.#neighbours, random)
    const kernel = AnnealKernel.create(model, this.#neighbours)
    return new Search({ state, random, ruin, recreate, kernel }, this.#settings)
  }
}
