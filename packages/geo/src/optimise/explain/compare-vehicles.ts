import type { Model } from '../model/model.ts'
import type { Constraint } from '../plan/plan.ts'
import { Timetables } from '../schedule/timetables.ts'
import { brokenLimit } from '../solve/broken-limit.ts'

/** What a vehicle would cost more with a request, or what forbids it. */
export type Attempt = { readonly cost: number } | { readonly blockedBy: Constraint }

/** Orders whose failure is looked into where none can be done. */
const mostExamined = 60

/** Tries requests in other vehicles than theirs, at each position: plain and slow, since people ask for few. */
export class VehicleComparison {
  readonly #model: Model
  readonly #orders: readonly Int32Array[]
  readonly #timetables: Timetables
  readonly #costs = new Map<number, number>()

  constructor(model: Model, orders: readonly Int32Array[]) {
    this.#model = model
    this.#orders = orders
    this.#timetables = new Timetables(model)
  }

  /** What a vehicle costs less without a request; undefined where the rest cannot be done then. */
  saving(vehicle: number, request: number): number | undefined {
    const rest = this.#orders[vehicle]!.filter((task) => this.#model.tasks.request[task] !== request)
    const cost = this.#money(vehicle, rest)
    return cost === Infinity ? undefined : this.#costNow(vehicle) - cost
  }

  /** The cheapest way to serve a request with a vehicle that does not yet. */
  attempt(vehicle: number, request: number): Attempt {
    const { allowed } = this.#model.vehicles[vehicle]!
    if (allowed[request] === 0) return { blockedBy: 'skills' }
    if (!this.#groupsAllow(vehicle, request)) return { blockedBy: 'group' }
    let best: Int32Array | undefined
    let least = Infinity
    const failed: Int32Array[] = []
    const broken = new Map<Constraint, number>()
    for (const order of this.#candidates(vehicle, request)) {
      const limit = brokenLimit(this.#model, vehicle, [...order])
      if (limit !== undefined) broken.set(limit, (broken.get(limit) ?? 0) + 1)
      else {
        const cost = this.#weighed(vehicle, order)
        if (cost < least) [least, best] = [cost, order]
        else if (cost === Infinity && failed.length < mostExamined) failed.push(order)
      }
    }
    if (best !== undefined) return { cost: this.#money(vehicle, best) - this.#costNow(vehicle) }
    const own = this.#model.vehicles[vehicle]!
    for (const order of failed) {
      const constraint = this.#timetables.figures(own, order).failed ?? 'windows'
      broken.set(constraint, (broken.get(constraint) ?? 0) + 1)
    }
    const [mostly] = [...broken].toSorted(([, a], [, b]) => b - a)
    return { blockedBy: mostly?.[0] ?? 'locked' }
  }

  #costNow(vehicle: number): number {
    const known = this.#costs.get(vehicle)
    if (known !== undefined) return known
    const cost = this.#money(vehicle, this.#orders[vehicle]!)
    this.#costs.set(vehicle, cost)
    return cost
  }

  /** What plans call cost. */
  #money(vehicle: number, order: Int32Array): number {
    if (order.length === 0) return 0
    const own = this.#model.vehicles[vehicle]!
    const { failed, begin, finish, driving, distance } = this.#timetables.figures(own, order)
    if (failed !== undefined) return Infinity
    const { fixed, perMetre, perSecond, perDutySecond } = own.costs
    return fixed + perMetre * distance + perSecond * driving + perDutySecond * (finish - begin)
  }

  /** What the search minimises. */
  #weighed(vehicle: number, order: Int32Array): number {
    const shifted = new Int32Array(order.length + 1)
    shifted.set(order, 1)
    return this.#timetables.cost(this.#model.vehicles[vehicle]!, shifted, order.length)
  }

  *#candidates(vehicle: number, request: number): Generator<Int32Array> {
    const order = [...this.#orders[vehicle]!]
    const { first, second } = this.#model.requests
    const from = this.#model.vehicles[vehicle]!.locked.length
    const isPair = second[request]! >= 0
    for (let at = from; at <= order.length; at++) {
      const one = order.toSpliced(at, 0, first[request]!)
      if (!isPair) yield Int32Array.from(one)
      else
        for (let behind = at + 1; behind <= one.length; behind++)
          yield Int32Array.from(one.toSpliced(behind, 0, second[request]!))
    }
  }

  #groupsAllow(vehicle: number, request: number): boolean {
    const { groups, groupsOf } = this.#model.requests
    return groupsOf[request]!.every((at) => {
      const { kind, requests } = groups[at]!
      return requests.every((other) => {
        if (other === request) return true
        const its = this.#orders.findIndex((order) => order.some((task) => this.#model.tasks.request[task] === other))
        if (its < 0) return true
        return kind === 'together' ? its === vehicle : kind === 'apart' ? its !== vehicle : true
      })
    })
  }
}
