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

/** Of the whole search, at most. */
const fleetShare = 0.3

/** A search that goes on piece by piece. */
export class Search {
  iterations = 0
  readonly #tools: SearchTools
  #fleet: FleetSearch | undefined
  #anneal: Anneal | undefined
  readonly #settings: SearchSettings
  /** The share of the search at which annealing began. */
  #from = 0

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
    if (settings.minimisesVehicles && state.absentCount === 0 && vehiclesOf(state.snapshot()) > 1)
      this.#fleet = new FleetSearch(this.#tools, this.#leg())
    else this.#begin(0)
  }

  get best(): Orders {
    return this.#anneal?.best ?? this.#fleet!.best
  }

  get improvements(): number {
    return this.#anneal?.improvements ?? 0
  }

  /** @param share How much of the search has passed, 0 to 1: it sets the temperature. */
  run(iterations: number, share: number): void {
    this.iterations += iterations
    if (this.#anneal !== undefined) {
      this.#anneal.run(iterations, (share - this.#from) / (1 - this.#from))
      return
    }
    const fleet = this.#fleet!
    fleet.run(iterations)
    if (!fleet.isDone && share < fleetShare) return
    const { state } = this.#tools
    state.isClosed.fill(0)
    for (const [vehicle, order] of fleet.best.routes.entries()) if (order.length === 0) state.isClosed[vehicle] = 1
    state.restore(fleet.best.routes)
    this.#begin(share)
  }

  /** Goes on from orders found elsewhere. */
  adopt(orders: Orders): void {
    this.#anneal?.adopt(orders)
  }

  #begin(share: number): void {
    this.#from = Math.min(share, 0.99)
    const leg = this.#leg()
    const { hasWindows, hasPairs } = this.#tools.state.model
    const hot =
      this.#settings.isCool === true
        ? 0.05
        : hasWindows || hasPairs
          ? +(process.env.HOT ?? 3)
          : +(process.env.HOT ?? 0.5)
    this.#anneal = new Anneal(this.#tools, {
      hot: hot * leg,
      cold: (hasWindows ? +(process.env.COLD ?? 0.02) : 0.005) * leg,
    })
    this.#fleet = undefined
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
