import type { Model } from '../model/model.ts'
import type { Neighbours } from './neighbours.ts'
import type { RandomStream } from './random-stream.ts'
import type { Route } from './route.ts'
import type { State } from './state.ts'
import { averageRemoved, longestString, splitGrowth, splitShare } from './string-removal.ts'

/**
 * Removes strings of neighbouring tasks from routes that lie near each other: the ruin of SISR (Christiaens & Vanden Berghe,
 * "Slack Induction by String Removals for Vehicle Routing Problems", Transportation Science 54(2), 2020, section 4.1).
 */
export class Ruin {
  readonly #model: Model
  readonly #neighbours: Neighbours
  readonly #random: RandomStream
  readonly #marks: Uint8Array
  readonly #isRuined: Uint8Array
  readonly #ruined: Int32Array

  constructor(model: Model, neighbours: Neighbours, random: RandomStream) {
    this.#model = model
    this.#neighbours = neighbours
    this.#random = random
    this.#marks = new Uint8Array(model.tasks.count)
    this.#isRuined = new Uint8Array(model.vehicles.length)
    this.#ruined = new Int32Array(model.vehicles.length)
  }

  /** What is removed is left out and stands at the end of `state.absent`. */
  run(state: State): void {
    const { tasks } = this.#model
    const random = this.#random
    if (tasks.count === 0) return
    let used = 0
    for (const size of state.sizes) if (size > 0) used++
    const served = tasks.count - state.absentCount
    const mean = used === 0 ? 0 : served / used
    const limit = Math.max(1, Math.min(longestString, mean))
    const strings = Math.floor(random.fraction() * ((4 * averageRemoved) / (1 + limit) - 1) + 1)
    const seed = random.below(tasks.count)
    const { width, tasks: near } = this.#neighbours
    let ruined = 0
    for (let rank = -1; rank < width && ruined < strings; rank++) {
      const task = rank < 0 ? seed : near[seed * width + rank]!
      const vehicle = state.vehicleOf[tasks.request[task]!]!
      if (vehicle < 0 || this.#isRuined[vehicle] === 1 || this.#marks[task] === 1) continue
      if (!this.#removeString(state, { task, vehicle, limit })) continue
      this.#isRuined[vehicle] = 1
      this.#ruined[ruined++] = vehicle
    }
    for (let at = 0; at < ruined; at++) {
      const vehicle = this.#ruined[at]!
      this.#isRuined[vehicle] = 0
      this.#remove(state, vehicle)
    }
    if (this.#model.hasGroups) this.#removeCompanions(state)
    this.#clearMarks(state)
  }

  /** Removes all that a vehicle does apart from what is locked. */
  removeAll(state: State, vehicle: number): void {
    const { size, tasks, vehicle: its } = state.routes[vehicle]!
    for (let at = its.locked.length + 1; at <= size; at++) this.#mark(state, tasks[at]!)
    this.#remove(state, vehicle)
    this.#clearMarks(state)
  }

  /** Removes what is marked, and what cannot be served without it. */
  #remove(state: State, vehicle: number): void {
    state.removeMarked(vehicle, this.#marks, (route, position) => this.#markOne(state, route, position))
  }

  /** The request at a position or, where that has to stay, the last one that has not. */
  #markOne(state: State, { size, tasks, vehicle: { locked } }: Route, position: number): boolean {
    const fromLast = Array.from({ length: size - locked.length }, (_, back) => size - back)
    return [position, ...fromLast].some((at) => {
      if (at <= locked.length) return false
      this.#mark(state, tasks[at]!)
      return this.#marks[tasks[at]!] === 1
    })
  }

  #removeString(
    state: State,
    { task, vehicle, limit }: { readonly task: number; readonly vehicle: number; readonly limit: number },
  ): boolean {
    const random = this.#random
    const route = state.routes[vehicle]!
    const { locked } = route.vehicle
    const position = route.tasks.indexOf(task, 1)
    if (position <= locked.length) return false
    const free = route.size - locked.length
    const most = Math.min(free, limit)
    const length = Math.floor(random.fraction() * most + 1)
    let kept = 0
    if (length > 1 && length < free && random.fraction() < splitShare) {
      kept = 1
      while (length + kept < free && random.fraction() >= splitGrowth) kept++
    }
    const span = length + kept
    const first = Math.max(locked.length + 1, position - span + 1)
    const last = Math.min(position, route.size - span + 1)
    const begin = first + random.below(last - first + 1)
    const gap = kept === 0 ? 0 : 1 + random.below(length - 1)
    for (let at = 0; at < span; at++) {
      if (kept > 0 && at >= gap && at < gap + kept) continue
      this.#mark(state, route.tasks[begin + at]!)
    }
    return true
  }

  /** Requests that may only be where another one is leave with it, or they could never move. */
  #removeCompanions(state: State): void {
    const { groupsOf, groups, first } = this.#model.requests
    for (let at = 0; at < state.absentCount; at++) {
      const request = state.absent[at]!
      for (const group of groupsOf[request]!) {
        if (groups[group]!.kind !== 'together') continue
        for (const other of groups[group]!.requests) {
          const vehicle = state.vehicleOf[other]!
          if (vehicle < 0 || state.routes[vehicle]!.vehicle.locked.includes(first[other]!)) continue
          this.#mark(state, first[other]!)
          this.#remove(state, vehicle)
        }
      }
    }
  }

  #mark(state: State, task: number): void {
    const { request: requestOf } = this.#model.tasks
    const { first, second } = this.#model.requests
    const request = requestOf[task]!
    if (state.vehicleOf[request]! < 0) return
    // A shipment whose pickup is locked is under way: its delivery stays on that vehicle.
    if (second[request]! >= 0 && this.#isLocked(state, request)) return
    this.#marks[first[request]!] = 1
    if (second[request]! >= 0) this.#marks[second[request]!] = 1
    state.leaveOut(request)
  }

  #isLocked(state: State, request: number): boolean {
    const { locked } = state.routes[state.vehicleOf[request]!]!.vehicle
    return locked.length > 0 && locked.includes(this.#model.requests.first[request]!)
  }

  #clearMarks(state: State): void {
    const { first, second } = this.#model.requests
    for (let at = 0; at < state.absentCount; at++) {
      const request = state.absent[at]!
      this.#marks[first[request]!] = 0
      if (second[request]! >= 0) this.#marks[second[request]!] = 0
    }
  }
}
