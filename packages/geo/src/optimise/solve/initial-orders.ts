import { optimiseErrors } from '../errors.ts'
import type { Model } from '../model/model.ts'
import type { Problem } from '../problem/problem.ts'
import { Timetables } from '../schedule/timetables.ts'
import { brokenLimit } from './broken-limit.ts'

/** Which vehicle does what, in order: a plan, or only ids. Ids of shipments stand twice, first for the pickup. */
export interface InitialPlan {
  readonly routes: readonly {
    readonly vehicle: string
    readonly steps: readonly { readonly type?: string | undefined; readonly id?: string | undefined }[]
  }[]
}

/**
 * The tasks of a plan per vehicle. Of a plan that does not fit the problem any more, stops and vehicles that are gone are passed over,
 * and so are stops that do not fit where they were.
 *
 * @throws `GEO_PLAN_INVALID`
 */
export function ordersOf(problem: Problem, model: Model, plan: InitialPlan): Int32Array[] {
  const { requests, vehicles } = model
  const requestOf = new Map(requests.ids.map((id, index) => [id, index]))
  const vehicleOf = new Map(problem.vehicles.map(({ id }, index) => [id, index]))
  const visits = new Uint8Array(requests.count)
  const orders = vehicles.map(({ locked }) => [...locked])
  for (const task of orders.flat()) visits[model.tasks.request[task]!]!++
  const isLocked = visits.map((count) => Number(count > 0))
  if (!Array.isArray(plan?.routes)) throw invalid('routes', 'it is no list')
  for (const [at, route] of plan.routes.entries()) {
    const vehicle = vehicleOf.get(route?.vehicle)
    if (vehicle === undefined) continue
    for (const [index, { id, type = 'stop' }] of route.steps.entries()) {
      if (!['stop', 'pickup', 'delivery'].includes(type) || id === undefined) continue
      const request = requestOf.get(id)
      if (request === undefined || isLocked[request] === 1) continue
      const second = requests.second[request]!
      const count = visits[request]!++
      if (count > (second < 0 ? 0 : 1)) throw invalid(`routes[${at}].steps[${index}]`, `"${id}" is visited too often`)
      orders[vehicle]!.push(count === 0 ? requests.first[request]! : second)
    }
  }
  // Deliveries of shipments that are under way come after what is locked.
  for (const [vehicle, { locked }] of vehicles.entries())
    for (const task of locked) {
      const second = requests.second[model.tasks.request[task]!]!
      if (second >= 0 && !orders[vehicle]!.includes(second)) orders[vehicle]!.splice(locked.length, 0, second)
    }
  return withinGroups(model, feasible(model, orders))
}

/** Leaves out stops until each route can be done: those whose removal helps most first, found by trying from the end. */
function feasible(model: Model, orders: readonly (readonly number[])[]): Int32Array[] {
  const timetables = new Timetables(model)
  const { requests, tasks } = model
  return orders.map((order, index) => {
    const vehicle = model.vehicles[index]!
    const kept = Int32Array.from(vehicle.locked)
    let list = [...kept]
    const fits = (candidate: readonly number[]): boolean => canDo(model, timetables, index, candidate)
    if (fits(order) && isWhole(model, order)) return Int32Array.from(order)
    const seen = new Set<number>(list)
    for (const task of order) {
      if (seen.has(task)) continue
      const request = tasks.request[task]!
      const own = [requests.first[request]!, requests.second[request]!].filter((one) => one >= 0 && order.includes(one))
      if (requests.second[request]! >= 0 && own.length < 2) continue
      const wanted = new Set([...list, ...own])
      const next = order.filter((one) => wanted.has(one))
      for (const one of own) seen.add(one)
      if (fits(next)) list = next
    }
    return Int32Array.from(list)
  })
}

/**
 * What is locked must be possible, or no plan is.
 *
 * @throws `GEO_PROBLEM_INVALID`
 */
export function checkLocked(model: Model): void {
  for (const [index, { locked }] of model.vehicles.entries()) {
    if (locked.length === 0) continue
    // A shipment under way needs its delivery, too.
    const { requests, tasks } = model
    const order = [...locked]
    for (const task of locked) {
      const second = requests.second[tasks.request[task]!]!
      if (second >= 0 && !order.includes(second)) order.push(second)
    }
    const { failed } = new Timetables(model).figures(model.vehicles[index]!, Int32Array.from(order))
    const reason = failed ?? brokenLimit(model, index, order)
    if (reason !== undefined)
      throw optimiseErrors.GEO_PROBLEM_INVALID({
        where: `vehicles[${index}].locked`,
        reason: `it cannot be done: ${reason}`,
      })
  }
}

/** Leaves out what groups forbid. */
function withinGroups(model: Model, orders: readonly Int32Array[]): Int32Array[] {
  const { groups, count, first } = model.requests
  if (groups.length === 0) return [...orders]
  const vehicleOf = new Int32Array(count).fill(-1)
  for (const [vehicle, order] of orders.entries())
    for (const task of order) vehicleOf[model.tasks.request[task]!] = vehicle
  const locked = new Set(model.vehicles.flatMap((vehicle) => [...vehicle.locked]))
  for (const { kind, requests } of groups)
    for (const [at, request] of requests.entries()) {
      const vehicle = vehicleOf[request]!
      const clashes = requests.some((other, index) => {
        const its = vehicleOf[other]!
        // What is locked stays: the other one goes.
        const yields = locked.has(first[other]!) || index < at
        return (
          other !== request && its >= 0 && yields && (kind === 'one-of' || (kind === 'together') !== (its === vehicle))
        )
      })
      if (vehicle >= 0 && clashes && !locked.has(first[request]!)) vehicleOf[request] = -1
    }
  return orders.map((order) => order.filter((task) => vehicleOf[model.tasks.request[task]!]! >= 0))
}

/** Whether shipments are there with both ends, the pickup first. */
function isWhole({ requests, tasks }: Model, order: readonly number[]): boolean {
  return order.every((task, at) => {
    const request = tasks.request[task]!
    const second = requests.second[request]!
    if (second < 0) return true
    return task === second
      ? order.indexOf(requests.first[request]!) < at && order.includes(requests.first[request]!)
      : order.includes(second)
  })
}

function canDo(model: Model, timetables: Timetables, index: number, order: readonly number[]): boolean {
  const vehicle = model.vehicles[index]!
  const locked = new Set(vehicle.locked)
  if (order.some((task) => vehicle.allowed[model.tasks.request[task]!] === 0 && !locked.has(task))) return false
  if (brokenLimit(model, index, order) !== undefined) return false
  return timetables.figures(vehicle, Int32Array.from(order)).failed === undefined
}

function invalid(where: string, reason: string) {
  return optimiseErrors.GEO_PLAN_INVALID({ where, reason })
}
