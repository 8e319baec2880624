import type { Model } from '../model/model.ts'
import type { Timetables } from '../schedule/timetables.ts'
import { insertPair } from './insert-pair.ts'
import { insertPlain } from './insert-plain.ts'
import { insertStop, type Insertion } from './insert-stop.ts'
import { insertTimed } from './insert-timed.ts'
import type { Blinks } from './blinks.ts'
import type { Route } from './route.ts'

/** What there is to know of all routes to scan them. */
export interface Routes {
  readonly routes: readonly Route[]
  readonly versions: Float64Array
  readonly sums: Float64Array
  readonly sizes: Int32Array
  readonly isClosed: Uint8Array
  groupsAllow(request: number, vehicle: number): boolean
}

/** More requests times vehicles than this are not remembered (24 bytes each). */
const mostCells = 8_000_000

/**
 * The best insertion of each request into each route, remembered until the route is another: most routes are the same from one
 * iteration to the next, also where a change is taken back. That makes iterations several times as fast as scanning all positions.
 */
export class Insertions {
  /** Of the route that was chosen last. */
  chosenCost = Infinity
  readonly #isRemembered: boolean
  /** For each request and vehicle the version of the route and, behind it, the cost. */
  readonly #cells: Float64Array
  readonly #kinds: Int32Array
  readonly #kindSeen: Int32Array
  #round = 0
  readonly #model: Model
  readonly #timetables: Timetables
  readonly #vehicles: number
  readonly #positions: Int32Array
  readonly #isAllAllowed: boolean
  readonly #allowed: readonly Uint8Array[]
  /** Dimensions of goods that all go one way, else 0; what requests need of them and vehicles have. */
  readonly #sumDimensions: number
  readonly #sizes: Float64Array
  readonly #capacities: Float64Array
  readonly #result: Insertion = { cost: Infinity, after: -1, secondAfter: -1 }

  /** @param most Requests times vehicles beyond which nothing is remembered. */
  constructor(model: Model, timetables: Timetables, most = mostCells) {
    this.#model = model
    this.#timetables = timetables
    this.#vehicles = model.vehicles.length
    this.#allowed = model.vehicles.map(({ allowed }) => allowed)
    this.#isAllAllowed = this.#allowed.every((allowed) => allowed.every((is) => is === 1))
    this.#sumDimensions = model.hasSimpleLoads ? model.dimensions : 0
    // With all goods going one way there are no pairs: requests and tasks are the same.
    this.#sizes = model.tasks.deliver.map((amount, cell) => amount + model.tasks.pickUp[cell]!)
    this.#capacities = Float64Array.from(
      model.vehicles.flatMap(({ capacity, reload }) =>
        [...capacity].map((room) => (reload === undefined ? room : Infinity)),
      ),
    )
    this.#kinds = Int32Array.from(model.vehicles, ({ kind }) => kind)
    this.#kindSeen = new Int32Array(this.#kinds.reduce((most, kind) => Math.max(most, kind), 0) + 1)
    const wanted = model.requests.count * this.#vehicles
    const cells = wanted > most ? 0 : wanted
    this.#isRemembered = cells === wanted
    this.#cells = new Float64Array(2 * cells).fill(-1)
    this.#positions = new Int32Array((model.hasPairs ? 2 : 1) * cells)
  }

  /** The vehicle into whose route a request goes best, passing over some by chance; −1 where it goes into none. */
  choose(request: number, state: Routes, blinks: Blinks): number {
    const isSimple = this.#isAllAllowed && this.#sumDimensions === 1 && this.#isRemembered && !this.#model.hasGroups
    return isSimple ? this.#chooseByRoom(request, state, blinks) : this.#chooseByAll(request, state, blinks)
  }

  /** The hot loop: all that is asked for can be read from tables side by side. */
  #chooseByRoom(request: number, { routes, versions, sums, sizes, isClosed }: Routes, blinks: Blinks): number {
    const cells = this.#cells
    const capacities = this.#capacities
    const kinds = this.#kinds
    const kindSeen = this.#kindSeen
    const round = ++this.#round
    const count = this.#vehicles
    const amount = this.#sizes[request]!
    const row = request * count
    let left = blinks.left
    let best = Infinity
    let chosen = -1
    for (let vehicle = 0; vehicle < count; vehicle++) {
      if (sizes[vehicle] === 0) {
        // Of vehicles that are alike and unused one is enough.
        const kind = kinds[vehicle]!
        if (isClosed[vehicle] === 1 || kindSeen[kind] === round) continue
        kindSeen[kind] = round
      }
      if (sums[vehicle]! + amount > capacities[vehicle]!) continue
      if (sizes[vehicle]! > 0 && --left === 0) {
        left = blinks.draw()
        continue
      }
      const cell = row + vehicle
      const cost =
        cells[2 * cell] === versions[vehicle] ? cells[2 * cell + 1]! : this.#remember(cell, request, routes[vehicle]!)
      if (cost < best) {
        best = cost
        chosen = vehicle
      }
    }
    blinks.left = left
    this.chosenCost = best
    return chosen
  }

  #chooseByAll(request: number, state: Routes, blinks: Blinks): number {
    const { isClosed, sizes } = state
    const { hasGroups } = this.#model
    const round = ++this.#round
    let best = Infinity
    let chosen = -1
    for (let vehicle = 0; vehicle < sizes.length; vehicle++) {
      if (sizes[vehicle] === 0) {
        const kind = this.#kinds[vehicle]!
        if (isClosed[vehicle] === 1 || this.#kindSeen[kind] === round) continue
        this.#kindSeen[kind] = round
      }
      if (!this.#isPossible(request, vehicle, state)) continue
      if (sizes[vehicle]! > 0 && --blinks.left === 0) {
        blinks.left = blinks.draw()
        continue
      }
      const cost = this.#leastCost(request, vehicle, state)
      if (cost < best && (!hasGroups || state.groupsAllow(request, vehicle))) {
        best = cost
        chosen = vehicle
      }
    }
    this.chosenCost = best
    return chosen
  }

  /** What it costs to insert a request into a vehicle's route; Infinity where that cannot be. */
  cost(request: number, vehicle: number, state: Routes): number {
    return this.#isPossible(request, vehicle, state) ? this.#leastCost(request, vehicle, state) : Infinity
  }

  #isPossible(request: number, vehicle: number, state: Routes): boolean {
    return this.#allowed[vehicle]![request] === 1 && this.#fits(request, vehicle, state)
  }

  #leastCost(request: number, vehicle: number, state: Routes): number {
    if (!this.#isRemembered) return this.#find(request, state.routes[vehicle]!).cost
    const cell = request * this.#vehicles + vehicle
    if (this.#cells[2 * cell] === state.versions[vehicle]) return this.#cells[2 * cell + 1]!
    return this.#remember(cell, request, state.routes[vehicle]!)
  }

  /** Where a request is cheapest in a route, which must be as it was when that was asked for. */
  locate(request: number, route: Route): Readonly<Insertion> {
    const cell = request * this.#vehicles + route.vehicle.index
    const isKnown = this.#isRemembered && this.#cells[2 * cell] === route.version
    if (!isKnown) return this.#find(request, route)
    const result = this.#result
    if (!this.#model.hasPairs) result.after = this.#positions[cell]!
    else {
      result.after = this.#positions[2 * cell]!
      result.secondAfter = this.#positions[2 * cell + 1]!
    }
    return result
  }

  #find(request: number, route: Route): Insertion {
    const { shape, places, tasks, requests } = this.#model
    const result = this.#result
    const first = requests.first[request]!
    if (shape === 'plain') insertPlain(route, tasks.place[first]!, places, result)
    else if (shape === 'timed') insertTimed(this.#model, route, first, result)
    else {
      const second = requests.second[request]!
      const context = { model: this.#model, timetables: this.#timetables }
      if (route.size >= route.vehicle.maxStops - (second < 0 ? 0 : 1)) result.cost = Infinity
      else if (second < 0) insertStop(context, route, first, result)
      else insertPair(context, route, { pickup: first, delivery: second }, result)
    }
    return result
  }

  #remember(cell: number, request: number, route: Route): number {
    const { cost, after, secondAfter } = this.#find(request, route)
    this.#cells[2 * cell] = route.version
    this.#cells[2 * cell + 1] = cost
    if (!this.#model.hasPairs) this.#positions[cell] = after
    else {
      this.#positions[2 * cell] = after
      this.#positions[2 * cell + 1] = secondAfter
    }
    return cost
  }

  /** Whether goods that go one way fit; others are looked at position by position. */
  #fits(request: number, vehicle: number, { sums }: Routes): boolean {
    const dimensions = this.#sumDimensions
    const size = request * dimensions
    const room = vehicle * dimensions
    for (let at = 0; at < dimensions; at++)
      if (sums[room + at]! + this.#sizes[size + at]! > this.#capacities[room + at]!) return false
    return true
  }
}
