import type { Model } from '../model/model.ts'
import { Timetables } from '../schedule/timetables.ts'
import { Anneal, type SearchTools } from './anneal.ts'
import { FleetSearch, vehiclesOf } from './fleet.ts'
import { neighboursOf } from './neighbours.ts'
import { RandomStream } from './random-stream.ts'
import { Recreate } from './recreate.ts'
import { Ruin } from './ruin.ts'
import { State, type Orders } from './state.ts'

/** How a search goes about it. */
export interface SearchSettings {
  readonly seed: number
  /** Orders to begin with. */
  readonly initial?: readonly Int32Array[] | undefined
  /** Whether vehicles matter more than what routes cost. */
  readonly minimisesVehicles: boolean
  /** Whether only what is near the initial orders is looked for. */
  readonly isCool?: boolean | undefined
}

/** Shares of the whole search: until when routes are made good as such, and until when vehicles are saved. */
const warmUntil = 0.2
const fleetUntil = 0.5

/** A search that goes on piece by piece. */
export class Search {
  iterations = 0
  readonly #tools: SearchTools
  readonly #settings: SearchSettings
  #stage: 'warm' | 'fleet' | 'final'
  #fleet: FleetSearch | undefined
  #anneal: Anneal
  /** The shares of the search between which this annealing cools down. */
  #from = 0
  #until = 1

  constructor(model: Model, settings: SearchSettings) {
    const random = new RandomStream(settings.seed)
    const state = new State(model, new Timetables(model))
    this.#settings = settings
    const neighbours = neighboursOf(model)
    this.#tools = {
      ...{ state, random },
      ruin: new Ruin(model, neighbours, random),
      recreate: new Recreate(model, random),
    }
    if (settings.initial !== undefined) state.restore(settings.initial)
    this.#tools.recreate.construct(state, neighbours)
    state.keep()
    const savesVehicles = settings.minimisesVehicles && settings.isCool !== true
    this.#stage = savesVehicles ? 'warm' : 'final'
    this.#until = savesVehicles ? warmUntil : 1
    this.#anneal = this.#annealing()
  }

  get best(): Orders {
    return this.#stage === 'fleet' ? this.#fleet!.best : this.#anneal.best
  }

  get improvements(): number {
    return this.#anneal.improvements
  }

  /** @param share How much of the search has passed, 0 to 1: it sets the temperature. */
  run(iterations: number, share: number): void {
    this.iterations += iterations
    if (this.#stage === 'fleet') {
      this.#fleet!.run(iterations)
      if (this.#fleet!.isDone || share >= fleetUntil) this.#beginFinal(share)
      return
    }
    if (this.#stage === 'warm' && share >= warmUntil) this.#beginFleet(share)
    else this.#anneal.run(iterations, (share - this.#from) / (this.#until - this.#from))
  }

  #beginFleet(share: number): void {
    const { state } = this.#tools
    this.#anneal.rewind()
    if (state.absentCount > 0 || vehiclesOf(state.snapshot()) < 2) return this.#beginFinal(share)
    this.#fleet = new FleetSearch(this.#tools, this.#leg())
    this.#stage = 'fleet'
  }

  #beginFinal(share: number): void {
    const { state } = this.#tools
    const { routes } = this.best
    // No vehicle comes back that has been saved; where stops are left out, none has.
    const isSaving = this.#fleet !== undefined
    for (const [vehicle, order] of routes.entries()) state.isClosed[vehicle] = Number(isSaving && order.length === 0)
    state.restore(routes)
    this.#stage = 'final'
    this.#from = Math.min(share, 0.99)
    this.#until = 1
    this.#anneal = this.#annealing()
  }

  #annealing(): Anneal {
    const leg = this.#leg()
    const { hasWindows, hasPairs, vehicles } = this.#tools.state.model
    const isMixed = vehicles.some(({ kind }) => kind !== vehicles[0]!.kind)
    const hot = this.#settings.isCool === true ? 0.05 : hasWindows || hasPairs ? 8 : isMixed ? 5 : 0.5
    return new Anneal(this.#tools, { hot: hot * leg, cold: (hasWindows ? 0.03 : 0.005) * leg })
  }

  /** What a leg costs on average. */
  #leg(): number {
    const { state } = this.#tools
    let [sum, legs] = [0, 0]
    for (const route of state.routes) {
      if (route.size === 0) continue
      for (let at = 0; at <= route.size; at++) sum += route.legs[at]!
      legs += route.size + 1
    }
    return Math.max(legs === 0 ? 1 : sum / legs, 1e-9)
  }
}
