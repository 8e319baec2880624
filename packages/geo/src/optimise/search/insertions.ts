import type { Model } from '../model/model.ts'
import type { Timetables } from '../schedule/timetables.ts'
import { insertPair } from './insert-pair.ts'
import { insertPlain, insertStop, type Insertion } from './insert-stop.ts'
import type { Route } from './route.ts'

/** What there is to know of all routes to scan them. */
export interface Routes {
  readonly routes: readonly Route[]
  readonly versions: Float64Array
  readonly sums: Float64Array
}

/** More requests times vehicles than this are not remembered (32 bytes each). */
const mostCells = 8_000_000

/**
 * The best insertion of each request into each route, remembered until the route is another: most routes are the same from one
 * iteration to the next, also where a change is taken back. That makes iterations several times as fast as scanning all positions.
 */
export class Insertions {
  readonly #model: Model
  readonly #timetables: Timetables
  readonly #isPlain: boolean
  readonly #vehicles: number
  readonly #versions: Float64Array
  readonly #costs: Float64Array
  readonly #positions: Int32Array
  readonly #allowed: readonly Uint8Array[]
  /** Dimensions of goods that all go one way, else 0; what requests need of them and vehicles have. */
  readonly #sumDimensions: number
  readonly #sizes: Float64Array
  readonly #capacities: Float64Array
  readonly #result: Insertion = { cost: Infinity, after: -1, secondAfter: -1 }

  constructor(model: Model, timetables: Timetables) {
    this.#model = model
    this.#timetables = timetables
    this.#isPlain =
      !model.hasWindows &&
      !model.hasPairs &&
      (model.hasSimpleLoads || model.dimensions === 0) &&
      model.vehicles.every(
        ({ needsTimetable, hasPlainLimits, backhauls, maxStops }) =>
          !needsTimetable && !hasPlainLimits && !backhauls && maxStops === Infinity,
      )
    this.#vehicles = model.vehicles.length
    this.#allowed = model.vehicles.map(({ allowed }) => allowed)
    this.#sumDimensions = model.hasSimpleLoads ? model.dimensions : 0
    // With all goods going one way there are no pairs: requests and tasks are the same.
    this.#sizes = model.tasks.deliver.map((amount, cell) => amount + model.tasks.pickUp[cell]!)
    this.#capacities = Float64Array.from(
      model.vehicles.flatMap(({ capacity, reload }) =>
        [...capacity].map((room) => (reload === undefined ? room : Infinity)),
      ),
    )
    const wanted = model.requests.count * this.#vehicles
    const cells = wanted > mostCells ? 0 : wanted
    this.#versions = new Float64Array(cells).fill(-1)
    this.#costs = new Float64Array(cells)
    this.#positions = new Int32Array(2 * cells)
  }

  /** What it costs to insert a request into a vehicle's route; Infinity where that cannot be. */
  cost(request: number, vehicle: number, state: Routes): number {
    if (this.#allowed[vehicle]![request] === 0 || !this.#fits(request, vehicle, state)) return Infinity
    if (this.#versions.length === 0) return this.#find(request, state.routes[vehicle]!).cost
    const cell = request * this.#vehicles + vehicle
    if (this.#versions[cell] !== state.versions[vehicle]) this.#remember(cell, request, state.routes[vehicle]!)
    return this.#costs[cell]!
  }

  /** Inserts a request where `cost` found it to be cheapest. */
  insert(request: number, route: Route): void {
    const { first, second } = this.#model.requests
    const cell = request * this.#vehicles + route.vehicle.index
    const isKnown = this.#versions.length > 0 && this.#versions[cell] === route.version
    const found = isKnown ? undefined : this.#find(request, route)
    const after = found?.after ?? this.#positions[2 * cell]!
    const secondAfter = found?.secondAfter ?? this.#positions[2 * cell + 1]!
    if (second[request]! >= 0) route.insert(second[request]!, secondAfter)
    route.insert(first[request]!, after)
  }

  #find(request: number, route: Route): Insertion {
    const { first, second } = this.#model.requests
    const result = this.#result
    if (this.#isPlain) insertPlain(this.#model, route, first[request]!, result)
    else {
      const context = { model: this.#model, timetables: this.#timetables }
      if (route.size >= route.vehicle.maxStops - (second[request]! < 0 ? 0 : 1)) result.cost = Infinity
      else if (second[request]! < 0) insertStop(context, route, first[request]!, result)
      else insertPair(context, route, { pickup: first[request]!, delivery: second[request]! }, result)
    }
    return result
  }

  #remember(cell: number, request: number, route: Route): void {
    const { cost, after, secondAfter } = this.#find(request, route)
    this.#versions[cell] = route.version
    this.#costs[cell] = cost
    this.#positions[2 * cell] = after
    this.#positions[2 * cell + 1] = secondAfter
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
