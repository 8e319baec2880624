import type { Model, VehicleModel } from '../model/model.ts'
import type { Constraint } from '../plan/plan.ts'
import { splitTrips } from './split-trips.ts'
import type { Activity } from './activity.ts'
import { Timetable, type Course } from './timetable.ts'

/** What a route comes to. */
export interface RouteFigures {
  readonly begin: number
  readonly finish: number
  readonly driving: number
  readonly distance: number
  readonly activities: readonly Activity[]
  /** The first constraint that does not hold. */
  readonly failed: Constraint | undefined
}

/** Costs of routes that only their timetable tells. */
export class Timetables {
  readonly #model: Model
  readonly #timetable: Timetable
  #tasks = new Int32Array(64)

  constructor(model: Model) {
    this.#model = model
    this.#timetable = new Timetable(model)
  }

  /** Of the tasks at positions 1 to `size`; Infinity where they cannot be done. */
  cost(vehicle: VehicleModel, tasks: Int32Array, size: number): number {
    return this.#costOf(vehicle, tasks, { from: 1, size })
  }

  /** The same with one task more, after a position. */
  costWith(vehicle: VehicleModel, tasks: Int32Array, size: number, task: number, after: number): number {
    const own = this.#room(size + 1)
    for (let at = 1; at <= after; at++) own[at - 1] = tasks[at]!
    own[after] = task
    for (let at = after + 1; at <= size; at++) own[at] = tasks[at]!
    return this.#costOf(vehicle, own, { from: 0, size: size + 1 })
  }

  /** The same with a pickup and its delivery more. */
  costWithPair(
    vehicle: VehicleModel,
    tasks: Int32Array,
    size: number,
    pair: { readonly pickup: number; readonly delivery: number; readonly after: number; readonly behind: number },
  ): number {
    const own = this.#room(size + 2)
    let count = 0
    for (let at = 0; at <= size; at++) {
      if (at > 0) own[count++] = tasks[at]!
      if (at === pair.after) own[count++] = pair.pickup
      if (at === pair.behind) own[count++] = pair.delivery
    }
    return this.#costOf(vehicle, own, { from: 0, size: size + 2 })
  }

  /** The whole timetable, also of a route that cannot be done. */
  figures(vehicle: VehicleModel, tasks: Int32Array): RouteFigures {
    const order = { tasks, from: 0, size: tasks.length }
    const course = this.#course(vehicle, order)
    const activities: Activity[] = []
    const failed = this.#timetable.run(
      vehicle,
      order,
      course ?? { begin: vehicle.opens, reloadBefore: undefined },
      activities,
    )
    const { finish, driving, distance } = this.#timetable
    const isLong = finish - activities[0]!.begin > vehicle.maxDuty + 1e-6
    return {
      begin: activities[0]!.begin,
      ...{ finish, driving, distance, activities },
      failed: course === undefined ? 'capacity' : (failed ?? (isLong ? 'max-duty' : undefined)),
    }
  }

  #costOf(vehicle: VehicleModel, tasks: Int32Array, range: { readonly from: number; readonly size: number }): number {
    const order = { tasks, ...range }
    let reloadBefore: Int32Array | undefined
    if (vehicle.reload !== undefined) {
      reloadBefore = splitTrips(this.#model, vehicle, order)
      if (reloadBefore === undefined) return Infinity
    }
    const timetable = this.#timetable
    if (timetable.run(vehicle, order, { begin: vehicle.opens, reloadBefore }) !== undefined) return Infinity
    const way =
      this.#model.speeds === undefined
        ? this.#arcs(vehicle, order, reloadBefore)
        : vehicle.perMetre * timetable.distance + vehicle.perSecond * timetable.driving
    let cost = vehicle.fixed + way
    const { perDutySecond, makespanWeight, balanceWeight, maxDuty } = vehicle
    let duty = timetable.finish - vehicle.opens
    if (perDutySecond === 0 && makespanWeight === 0 && balanceWeight === 0 && duty <= maxDuty) return cost
    const shift = Math.min(timetable.slack, timetable.waited)
    if (shift > 0) duty = Math.min(duty, this.#dutyFrom(vehicle, order, { begin: vehicle.opens + shift, reloadBefore }))
    // A later begin may move breaks, and so not be possible after all.
    if (duty > maxDuty + 1e-6) return Infinity
    cost += vehicle.perDutySecond * duty
    const scale = vehicle.makespanScale
    const ratio = duty / scale
    return cost + vehicle.makespanWeight * scale * steep(ratio) + vehicle.balanceWeight * duty * ratio
  }

  #dutyFrom(
    vehicle: VehicleModel,
    order: { readonly tasks: Int32Array; readonly from: number; readonly size: number },
    course: Course,
  ): number {
    const { finish } = this.#timetable
    const isFine = this.#timetable.run(vehicle, order, course) === undefined && this.#timetable.finish <= finish + 1e-6
    return isFine ? this.#timetable.finish - course.begin : Infinity
  }

  #arcs(
    { arcs, start, end }: VehicleModel,
    { tasks, from, size }: { readonly tasks: Int32Array; readonly from: number; readonly size: number },
    reloadBefore: Int32Array | undefined,
  ): number {
    const { places, tasks: table } = this.#model
    let [sum, place] = [0, start]
    for (let at = 0; at < size; at++) {
      const reload = reloadBefore?.[at] ?? -1
      if (reload >= 0) {
        sum += arcs[place * places + reload]!
        place = reload
      }
      const next = table.place[tasks[from + at]!]!
      sum += arcs[place * places + next]!
      place = next
    }
    return sum + arcs[place * places + end]!
  }

  /** The course with the latest begin that costs nothing. */
  #course(
    vehicle: VehicleModel,
    order: { readonly tasks: Int32Array; readonly from: number; readonly size: number },
  ): Course | undefined {
    const reloadBefore = vehicle.reload && splitTrips(this.#model, vehicle, order)
    if (vehicle.reload !== undefined && reloadBefore === undefined) return undefined
    const early: Course = { begin: vehicle.opens, reloadBefore }
    const failed = this.#timetable.run(vehicle, order, early)
    const { slack, waited, finish } = this.#timetable
    const shift = Math.min(slack, waited)
    if (failed !== undefined || !(shift > 0)) return early
    const late = { begin: vehicle.opens + shift, reloadBefore }
    const isFine = this.#timetable.run(vehicle, order, late) === undefined && this.#timetable.finish <= finish + 1e-6
    return isFine ? late : early
  }

  #room(size: number): Int32Array {
    if (this.#tasks.length < size) this.#tasks = new Int32Array(2 * size)
    return this.#tasks
  }
}

/** Grows so fast that the longest duty decides, and from half as much again as the mean on straight, so that nothing outweighs it. */
function steep(ratio: number): number {
  return ratio <= 1.5 ? ratio ** 8 : 1.5 ** 8 + 8 * 1.5 ** 7 * (ratio - 1.5)
}

/** A duty's part of the makespan, as the search sees it, is at most so many times the duty. */
export const steepest = 8 * 1.5 ** 7
