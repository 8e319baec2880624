import type { Model } from '../model/model.ts'
import { Anneal, type SearchTools } from './anneal.ts'
import { FleetSearch, vehiclesOf } from './fleet.ts'
import type { SearchRun, SearchSettings } from './search-run.ts'
import type { Orders } from './state.ts'

/**
 * Shares of the whole search: until when stops are found room for at most, until when vehicles are saved at least, how much longer
 * than it took to save the last one, and until when at most.
 */
const warmUntil = 0.1
const fleetUntil = { least: 0.12, factor: 3, most: 0.5 }

/** Ruin and recreate under annealing; first with as few vehicles as can be found, where they matter most. */
export class Search implements SearchRun {
  iterations = 0
  readonly #tools: SearchTools
  readonly #settings: SearchSettings
  #stage: 'warm' | 'fleet' | 'final'
  #fleet: FleetSearch | undefined
  #savedAt = 0
  #anneal: Anneal
  /** The shares of the search between which this annealing cools down. */
  #from = 0
  #until = 1

  /** @param tools Their state holds the first plan. */
  constructor(tools: SearchTools, settings: SearchSettings) {
    const { state } = tools
    this.#tools = tools
    this.#settings = settings
    state.keep()
    const savesVehicles = settings.minimisesVehicles && settings.isCool !== true && !settings.from
    if (settings.minimisesVehicles && settings.from && state.absentCount === 0)
      for (const [vehicle, { size }] of state.routes.entries()) state.isClosed[vehicle] = Number(size === 0)
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

  run(iterations: number, share: number): void {
    this.iterations += iterations
    if (this.#stage === 'fleet') return this.#runFleet(iterations, share)
    if (this.#stage === 'warm' && (share >= warmUntil || this.#anneal.best.absent === 0)) this.#beginFleet(share)
    else this.#anneal.run(iterations, (share - this.#from) / (this.#until - this.#from))
  }

  #runFleet(iterations: number, share: number): void {
    const fleet = this.#fleet!
    const { best } = fleet
    fleet.run(iterations)
    if (fleet.best !== best) this.#savedAt = share
    const until = Math.max(fleetUntil.least, Math.min(fleetUntil.most, this.#savedAt * fleetUntil.factor))
    if (fleet.isDone || share >= until) this.#beginFinal(share)
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
    if (this.#settings.isCool === true)
      return new Anneal(this.#tools, { hot: 0.05 * leg, cold: (hasWindows ? 0.03 : 0.005) * leg })
    if (isMixed && !hasWindows && !hasPairs) return new Anneal(this.#tools, { hot: 5 * leg, cold: 0.005 * leg })
    // About the temperatures of the paper, 100 and 1 where coordinates go from 0 to 1000, scaled to the instance. Where windows or
    // shipments stand between plans, it takes more to get from one to another; elsewhere cycles have shown no gain.
    const arc = meanArc(this.#tools.state.model)
    if (hasWindows || hasPairs) return new Anneal(this.#tools, { hot: 1.6 * arc, cold: 0.006 * arc, inCycles: true })
    return new Anneal(this.#tools, { hot: 0.3 * arc, cold: 0.002 * arc })
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

/** Between places of tasks, of which some hundred thousand pairs are enough. */
function meanArc({ nearness, places, tasks }: Model): number {
  const step = Math.max(1, Math.round(tasks.count ** 2 / 100_000))
  let [sum, count] = [0, 0]
  for (let pair = 0; pair < tasks.count ** 2; pair += step) {
    const from = tasks.place[Math.floor(pair / tasks.count)]!
    const cost = nearness[from * places + tasks.place[pair % tasks.count]!]!
    if (cost === Infinity || cost <= 0) continue
    sum += cost
    count++
  }
  return Math.max(count === 0 ? 1 : sum / count, 1e-9)
}
