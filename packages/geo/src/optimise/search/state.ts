import type { Model } from '../model/model.ts'
import type { Timetables } from '../schedule/timetables.ts'
import { impossibleAt } from './impossible.ts'
import { Insertions } from './insertions.ts'
import { Route } from './route.ts'
import { copyKnown, dropMarked, insertKnown } from './route-updates.ts'

/** The order of tasks per vehicle, and what is left out. */
export interface Orders {
  readonly routes: readonly Int32Array[]
  readonly cost: number
  /** How many requests are left out. */
  readonly absent: number
}

/** A solution that is changed, and whose changes since the last `keep` can be taken back. */
export class State {
  readonly model: Model
  readonly insertions: Insertions
  readonly routes: Route[]
  /** Per request the vehicle, −1 where it is left out. */
  readonly vehicleOf: Int32Array
  readonly absent: Int32Array
  absentCount = 0
  /** What is left out costs. */
  absence = 0
  /** Per request what it costs to leave it out: as the problem says, or less while that is a way from one plan to another. */
  readonly absences: Float64Array
  /** Of the routes. */
  travel = 0
  /** Vehicles that may not be used. */
  readonly isClosed: Uint8Array
  /** Per vehicle, and what goes one way per dimension: of its route, side by side, for the scan over all routes. */
  readonly sizes: Int32Array
  readonly versions: Float64Array
  readonly sums: Float64Array
  readonly #timetables: Timetables
  /** Whether a change of a route can be worked out from what was known before. */
  readonly #isSwift: boolean
  readonly #saved: (Route | undefined)[]
  readonly #spare: Route[]
  readonly #changed: Int32Array
  #changedCount = 0
  readonly #journal: Int32Array
  #journalCount = 0
  readonly #absentBefore: Int32Array
  #absentCountBefore = 0
  #absenceBefore = 0
  #travelBefore = 0
  #version = 0

  constructor(model: Model, timetables: Timetables, insertions = new Insertions(model, timetables)) {
    const { requests, vehicles, dimensions } = model
    this.model = model
    this.#timetables = timetables
    this.#isSwift = model.shape !== 'mixed'
    this.insertions = insertions
    this.routes = vehicles.map((vehicle) => new Route(vehicle, dimensions))
    this.#spare = vehicles.map((vehicle) => new Route(vehicle, dimensions))
    this.#saved = vehicles.map(() => undefined)
    this.isClosed = new Uint8Array(vehicles.length)
    this.sizes = new Int32Array(vehicles.length)
    this.versions = new Float64Array(vehicles.length)
    this.sums = new Float64Array(vehicles.length * dimensions)
    this.#changed = new Int32Array(vehicles.length)
    this.vehicleOf = new Int32Array(requests.count).fill(-1)
    this.absences = requests.absence.slice()
    this.absent = new Int32Array(requests.count)
    this.#absentBefore = new Int32Array(requests.count)
    // Each request leaves and comes back at most once per iteration, but repairs may move it again.
    this.#journal = new Int32Array(8 * requests.count + 64)
    this.clear()
  }

  get cost(): number {
    return this.travel + this.absence
  }

  /** How many vehicles do something. */
  usedCount(): number {
    let used = 0
    for (const size of this.sizes) if (size > 0) used++
    return used
  }

  /** Empties all routes but for what is locked. */
  clear(): void {
    const orders = this.model.vehicles.map(({ locked }) => locked)
    this.restore(orders)
  }

  /** Lets no vehicle be used but those that orders use. */
  closeUnused(orders: readonly ArrayLike<number>[]): void {
    for (const [vehicle, { length }] of orders.entries()) this.isClosed[vehicle] = Number(length === 0)
  }

  /** Takes over orders. What they do not hold is left out. */
  restore(orders: readonly Int32Array[]): void {
    const { requests, tasks } = this.model
    this.vehicleOf.fill(-1)
    this.travel = 0
    for (const [index, order] of orders.entries()) {
      const route = this.routes[index]!
      route.size = 0
      for (const [at, task] of order.entries()) {
        route.insert(task, at)
        this.vehicleOf[tasks.request[task]!] = index
      }
      this.#refresh(route)
      this.travel += route.cost
    }
    this.absentCount = 0
    this.absence = 0
    for (let request = 0; request < requests.count; request++)
      if (this.vehicleOf[request]! < 0) {
        this.absent[this.absentCount++] = request
        this.absence += this.absences[request]!
      }
    this.keep()
  }

  orders(): Int32Array[] {
    return this.routes.map(({ tasks, size }) => tasks.slice(1, size + 1))
  }

  /** The solution as it is now. */
  snapshot(): Orders {
    return { routes: this.orders(), cost: this.cost, absent: this.absentCount }
  }

  /** Sets what it costs to leave each request out, to that at most or to what the problem says; all changes must be final. */
  capAbsences(caps?: Float64Array): void {
    const { absence } = this.model.requests
    for (let request = 0; request < absence.length; request++)
      this.absences[request] = Math.min(absence[request]!, caps?.[request] ?? Infinity)
    this.recount()
    this.keep()
  }

  /** Makes changes final. */
  keep(): void {
    for (let at = 0; at < this.#changedCount; at++) {
      const vehicle = this.#changed[at]!
      this.#spare[vehicle] = this.#saved[vehicle]!
      this.#saved[vehicle] = undefined
    }
    this.#changedCount = 0
    this.#journalCount = 0
    for (let at = 0; at < this.absentCount; at++) this.#absentBefore[at] = this.absent[at]!
    this.#absentCountBefore = this.absentCount
    this.#absenceBefore = this.absence
    this.#travelBefore = this.travel
  }

  /** Takes changes back. */
  undo(): void {
    for (let at = 0; at < this.#changedCount; at++) {
      const vehicle = this.#changed[at]!
      this.#spare[vehicle] = this.routes[vehicle]!
      this.routes[vehicle] = this.#saved[vehicle]!
      this.#saved[vehicle] = undefined
      this.#publish(this.routes[vehicle]!)
    }
    this.#changedCount = 0
    while (this.#journalCount > 0) {
      const before = this.#journal[--this.#journalCount]!
      this.vehicleOf[this.#journal[--this.#journalCount]!] = before
    }
    this.absentCount = this.#absentCountBefore
    for (let at = 0; at < this.absentCount; at++) this.absent[at] = this.#absentBefore[at]!
    this.absence = this.#absenceBefore
    this.travel = this.#travelBefore
  }

  /** The route of a vehicle, to be changed. */
  change(vehicle: number): Route {
    const route = this.routes[vehicle]!
    if (this.#saved[vehicle] !== undefined) return route
    const copy = this.#spare[vehicle]!
    if (this.#isSwift) copyKnown(copy, route, this.model.hasWindows)
    else copy.copyOrder(route)
    this.#saved[vehicle] = route
    this.#changed[this.#changedCount++] = vehicle
    this.routes[vehicle] = copy
    return copy
  }

  /**
   * After the tasks of a changed route were marked and requests left it: works it out anew.
   *
   * @param markMore Asked for the request at a position or another one while what stays is impossible; it says whether there was one.
   */
  removeMarked(vehicle: number, marks: Uint8Array, markMore: (route: Route, position: number) => boolean): void {
    const route = this.change(vehicle)
    this.travel -= route.cost
    this.#drop(route, marks)
    for (let late = this.#impossibleAt(route); late > 0; late = this.#impossibleAt(route)) {
      if (!markMore(route, late)) {
        route.cost = Infinity
        break
      }
      this.#drop(route, marks)
    }
    this.travel += route.cost
  }

  /** Notes that a request is left out from now on. Its tasks are marked by the caller. */
  leaveOut(request: number): void {
    this.#note(request)
    this.vehicleOf[request] = -1
    this.absent[this.absentCount++] = request
    this.absence += this.absences[request]!
  }

  /** Inserts a request that is left out where it is cheapest in a route. The caller takes it off the list. */
  insert(request: number, vehicle: number): void {
    const { after, secondAfter } = this.insertions.locate(request, this.routes[vehicle]!)
    const { first, second } = this.model.requests
    const route = this.change(vehicle)
    this.#note(request)
    this.vehicleOf[request] = vehicle
    this.absence -= this.absences[request]!
    this.travel -= route.cost
    if (this.#isSwift) {
      insertKnown(this.model, route, first[request]!, after)
      this.#renew(route)
    } else {
      if (second[request]! >= 0) route.insert(second[request]!, secondAfter)
      route.insert(first[request]!, after)
      this.#refresh(route)
    }
    this.travel += route.cost
  }

  /** Rids sums of what rounding has left. */
  recount(): void {
    this.travel = this.routes.reduce((sum, { cost }) => sum + cost, 0)
    this.absence = 0
    for (let at = 0; at < this.absentCount; at++) this.absence += this.absences[this.absent[at]!]!
  }

  /** Whether the groups of a request let it into a route. */
  groupsAllow(request: number, vehicle: number): boolean {
    const { groupsOf, groups } = this.model.requests
    for (const at of groupsOf[request]!) {
      const { kind, requests } = groups[at]!
      for (const other of requests) {
        if (other === request) continue
        const its = this.vehicleOf[other]!
        if (its < 0) continue
        if (kind === 'one-of' || (kind === 'together') !== (its === vehicle)) return false
      }
    }
    return true
  }

  #note(request: number): void {
    if (this.#journalCount + 2 > this.#journal.length) return
    this.#journal[this.#journalCount++] = request
    this.#journal[this.#journalCount++] = this.vehicleOf[request]!
  }

  #drop(route: Route, marks: Uint8Array): void {
    if (this.#isSwift) {
      dropMarked(this.model, route, marks)
      this.#renew(route)
    } else {
      route.removeMarked(marks)
      this.#refresh(route)
    }
  }

  #impossibleAt(route: Route): number {
    return impossibleAt(route, this.model.hasWindows)
  }

  /** The route is another now. */
  #renew(route: Route): void {
    route.version = ++this.#version
    this.#publish(route)
  }

  #refresh(route: Route): void {
    route.refresh(this.model, this.#timetables, ++this.#version)
    this.#publish(route)
  }

  #publish({ vehicle, size, version, sums }: Route): void {
    this.sizes[vehicle.index] = size
    this.versions[vehicle.index] = version
    for (let at = 0; at < sums.length; at++) this.sums[vehicle.index * sums.length + at] = sums[at]!
  }
}
