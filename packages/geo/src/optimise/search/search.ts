import type { Model } from '../model/model.ts'
import { absenceCapsOf, type AbsenceCaps } from './absence-caps.ts'
import { Anneal, type Annealing, type SearchTools, type Temperatures } from './anneal.ts'
import { polished, reheated } from './cooling.ts'
import { FleetSearch, vehiclesOf } from './fleet.ts'
import { Scouting } from './scouting.ts'
import type { SearchRun, SearchSettings } from './search-run.ts'
import type { Orders } from './state.ts'

/**
 * Shares of the whole search: until when stops are found room for at most, until when vehicles are saved at least, how much longer
 * than it took to save the last one, and until when at most.
 */
const warmUntil = 0.1
const fleetUntil = { least: 0.12, factor: 3, most: 0.5 }
/**
 * With so many iterations per stop in the first half another plan is made from scratch: what is near one plan has been seen by then, and
 * the best may lie behind plans with a vehicle more. Its vehicles are saved until that share at most.
 */
const plenty = 7_000
const againUntil = 0.7

/**
 * What leaving a stop out costs at least while it is hot, in mean arcs, where vehicles have been saved: some are left out then, and none
 * once it is lukewarm. With 1 some stay left out too long, and with 3 fewer ways are open.
 */
const leavingOut = 2
/** With fewer stops that has shown no gain: R108 and R208 of Solomon, with 100, end nearer to the best known without it. */
const manyStops = 150

/** Ruin and recreate under annealing; first with as few vehicles as can be found, where they matter most. */
export class Search implements SearchRun {
  iterations = 0
  readonly #tools: SearchTools
  readonly #settings: SearchSettings
  #stage: 'warm' | 'fleet' | 'final'
  #fleet: FleetSearch | undefined
  #savedAt = 0
  #anneal: Annealing
  #isSecond = false
  /** How many may do something in this annealing, where vehicles are not alike and matter most. */
  #mostVehicles: number | undefined
  /** What was found before the search was begun again, as long as nothing has fewer vehicles. */
  #before: Orders | undefined
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
    if (settings.minimisesVehicles && !savesVehicles) this.#limitVehicles(state.orders())
    this.#stage = savesVehicles ? 'warm' : 'final'
    this.#until = savesVehicles ? warmUntil : 1
    this.#anneal = this.#annealing()
  }

  get best(): Orders {
    if (this.#stage === 'fleet') return this.#before ?? this.#fleet!.best
    return this.#anneal.best
  }

  get improvements(): number {
    return this.#anneal.improvements
  }

  run(iterations: number, share: number): void {
    this.iterations += iterations
    if (this.#stage === 'fleet') return this.#runFleet(iterations, share)
    if (this.#stage === 'warm' && (share >= warmUntil || this.#anneal.best.absent === 0)) this.#beginFleet(share)
    else if (this.#mayBeginAgain(share)) this.#beginAgain(share)
    else this.#anneal.run(iterations, (share - this.#from) / (this.#until - this.#from))
  }

  #runFleet(iterations: number, share: number): void {
    const fleet = this.#fleet!
    const { best } = fleet
    fleet.run(iterations)
    if (fleet.best !== best) this.#savedAt = share
    if (this.#isSecond) return this.#comparePlans(share)
    const until = Math.max(fleetUntil.least, Math.min(fleetUntil.most, this.#savedAt * fleetUntil.factor))
    if (fleet.isDone || share >= until) this.#beginFinal(share, fleet.best.routes)
  }

  /** The second plan is taken up when it has as few vehicles as the first; a little longer is tried for that. */
  #comparePlans(share: number): void {
    const [before, { best }] = [this.#before!, this.#fleet!]
    const more = vehiclesOf(best) - vehiclesOf(before)
    if (more > 0 && share < againUntil) return
    if (more < 0) this.#before = undefined
    this.#beginFinal(share, more > 0 ? before.routes : best.routes)
  }

  #beginFleet(share: number): void {
    const { state } = this.#tools
    this.#anneal.rewind()
    if (vehiclesOf(state.snapshot()) < 2) return this.#beginFinal(share, this.best.routes)
    this.#fleet = new FleetSearch(this.#tools, this.#leg())
    this.#stage = 'fleet'
  }

  #mayBeginAgain(share: number): boolean {
    const { model } = this.#tools.state
    return (
      this.#stage === 'final' &&
      !this.#isSecond &&
      this.#settings.from === undefined &&
      (this.#fleet !== undefined || !this.#settings.minimisesVehicles) &&
      this.#anneal.isReheated &&
      this.#anneal.best.absent === 0 &&
      share - this.#from >= reheated.first * (this.#until - this.#from) &&
      this.iterations >= plenty * model.tasks.count
    )
  }

  #beginAgain(share: number): void {
    const { state, recreate } = this.#tools
    this.#isSecond = true
    this.#mostVehicles = undefined
    this.#before = this.#anneal.best
    state.isClosed.fill(0)
    state.clear()
    recreate.run(state, Infinity)
    state.keep()
    if (this.#fleet === undefined) return this.#beginFinal(share, state.orders())
    if (state.absentCount > 0) return this.#beginFinal(share, this.#before.routes)
    this.#fleet = new FleetSearch(this.#tools, this.#leg())
    this.#stage = 'fleet'
  }

  #beginFinal(share: number, routes: readonly Int32Array[]): void {
    const { state } = this.#tools
    state.isClosed.fill(0)
    if (this.#settings.minimisesVehicles) this.#limitVehicles(routes)
    state.restore(routes)
    this.#stage = 'final'
    this.#from = Math.min(share, 0.99)
    this.#until = 1
    this.#anneal = this.#annealing()
  }

  /** No vehicle comes back that has been saved; where they are not alike, another one may take its place. */
  #limitVehicles(routes: readonly Int32Array[]): void {
    const { state } = this.#tools
    if (state.model.isMixed) this.#mostVehicles = vehiclesOf({ routes })
    else state.closeUnused(routes)
  }

  #annealing(): Annealing {
    const leg = this.#leg()
    const { hasWindows, hasPairs, isMixed } = this.#tools.state.model
    if (this.#settings.isCool === true)
      return this.#annealAt({ hot: 0.05 * leg, cold: (hasWindows ? 0.03 : 0.005) * leg })
    if (isMixed && !hasWindows && !hasPairs) return this.#plainAnnealing({ hot: 5 * leg, cold: 0.005 * leg })
    // About the temperatures of the paper, 100 and 1 where coordinates go from 0 to 1000, scaled to the instance. Where windows or
    // shipments stand between plans, it takes more to get from one to another; elsewhere cycles have shown no gain.
    const arc = meanArc(this.#tools.state.model)
    if (!hasWindows && !hasPairs) return this.#plainAnnealing({ hot: 0.3 * arc, cold: 0.002 * arc })
    const caps = this.#absenceCaps(leavingOut * arc)
    if (!this.#isSecond) return this.#annealAt({ hot: 1.6 * arc, cold: 0.006 * arc, plan: reheated, caps })
    return this.#annealAt({ hot: 5 * arc, cold: 0.006 * arc, plan: polished, caps })
  }

  /** Where vehicles have been saved, and where ways are all that costs: what else does may be more than they are. */
  #absenceCaps(least: number): AbsenceCaps | undefined {
    const { model } = this.#tools.state
    const isSaved = this.#stage === 'final' && this.#fleet !== undefined
    const isLarge = model.requests.count >= manyStops
    return isSaved && isLarge && !model.vehicles.some(({ hasOtherCosts }) => hasOtherCosts)
      ? absenceCapsOf(model, least)
      : undefined
  }

  /** Where no vehicle is saved and nobody has searched before, several plans may be begun. */
  #plainAnnealing(temperatures: Temperatures): Annealing {
    const isFirst = this.#stage === 'final' && this.#fleet === undefined && !this.#settings.from
    return isFirst && this.#mostVehicles === undefined
      ? new Scouting(this.#tools, temperatures)
      : this.#annealAt(temperatures)
  }

  #annealAt(temperatures: Temperatures): Anneal {
    return new Anneal(this.#tools, { ...temperatures, mostVehicles: this.#mostVehicles }, this.#before)
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
