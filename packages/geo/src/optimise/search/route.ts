import type { Model, VehicleModel } from '../model/model.ts'
import type { Timetables } from '../schedule/timetables.ts'
import { departure, latestArrival } from './depart.ts'

/**
 * A vehicle's tasks in order, and what is known about each position, so that an insertion is judged without walking the route.
 * Position 0 is the start, `size + 1` the end.
 */
export class Route {
  readonly vehicle: VehicleModel
  size = 0
  /** Arcs and all other costs; 0 while it is empty. */
  cost = 0
  /** Sums over the route, where limits ask for them. */
  driving = 0
  distance = 0
  handling = 0
  /** The same tasks in the same order have the same number. */
  version = 0
  /** At positions 1 to `size`. */
  tasks = new Int32Array(16)
  places = new Int32Array(16)
  /** From position i to i + 1: costs and, where stops have windows, seconds. */
  legs = new Float64Array(16)
  times = new Float64Array(16)
  /** Earliest. */
  departs = new Float64Array(16)
  /** Latest arrival and departure with which the rest can be done. */
  arriveBy = new Float64Array(16)
  departBy = new Float64Array(16)
  /** Per position and dimension: on board when leaving it, and the most of that up to there and from there on. */
  loads = new Float64Array()
  before = new Float64Array()
  after = new Float64Array()
  /** Per dimension, where all goods go one way. */
  readonly sums: Float64Array

  constructor(vehicle: VehicleModel, dimensions: number) {
    this.vehicle = vehicle
    this.sums = new Float64Array(dimensions)
  }

  /** Takes over the order of another route. */
  copyOrder(other: Route): void {
    this.reserve(other.size)
    this.size = other.size
    for (let at = 1; at <= other.size; at++) this.tasks[at] = other.tasks[at]!
    this.version = other.version
    this.cost = other.cost
  }

  /** Makes room for so many tasks. What is known about positions is kept. */
  reserve(size: number): void {
    if (this.tasks.length >= size + 2) return
    const room = 2 * (size + 2)
    const ints = (from: Int32Array): Int32Array<ArrayBuffer> => {
      const to = new Int32Array(room)
      to.set(from)
      return to
    }
    const floats = (from: Float64Array): Float64Array<ArrayBuffer> => {
      const to = new Float64Array(room)
      to.set(from)
      return to
    }
    this.tasks = ints(this.tasks)
    this.places = ints(this.places)
    this.legs = floats(this.legs)
    this.times = floats(this.times)
    this.departs = floats(this.departs)
    this.arriveBy = floats(this.arriveBy)
    this.departBy = floats(this.departBy)
  }

  /** Puts a task between position `after` and the next one. */
  insert(task: number, after: number): void {
    this.reserve(this.size + 1)
    this.tasks.copyWithin(after + 2, after + 1, this.size + 1)
    this.tasks[after + 1] = task
    this.size++
  }

  /** Keeps the tasks that are not marked. */
  removeMarked(marks: Uint8Array): void {
    const { tasks } = this
    let kept = 0
    for (let at = 1; at <= this.size; at++) if (marks[tasks[at]!] === 0) tasks[++kept] = tasks[at]!
    this.size = kept
  }

  /** Works out everything anew. */
  refresh(model: Model, timetables: Timetables, version: number): void {
    this.version = version
    const { vehicle, size, tasks, places, legs } = this
    const taskPlace = model.tasks.place
    places[0] = vehicle.start
    for (let at = 1; at <= size; at++) places[at] = taskPlace[tasks[at]!]!
    places[size + 1] = vehicle.end
    const { arcs } = vehicle
    const width = model.places
    let sum = 0
    for (let at = 0; at <= size; at++) {
      const leg = arcs[places[at]! * width + places[at + 1]!]!
      legs[at] = leg
      sum += leg
    }
    if (size === 0) {
      sum = 0
      legs[0] = 0
    }
    this.cost = size === 0 ? 0 : sum + vehicle.fixed
    if (model.hasWindows) this.#refreshTimes(model)
    if (vehicle.hasPlainLimits) this.#refreshSums(model)
    if (model.dimensions > 0) this.#refreshLoads(model)
    if (vehicle.needsTimetable && size > 0) this.cost = timetables.cost(vehicle, tasks, size)
  }

  #refreshSums({ places: width, tasks: { service } }: Model): void {
    const { vehicle, size, tasks, places } = this
    const { durations, distances, speed } = vehicle
    this.driving = 0
    this.distance = 0
    this.handling = 0
    for (let at = 0; at <= size && size > 0; at++) {
      const cell = places[at]! * width + places[at + 1]!
      this.driving += durations[cell]!
      this.distance += distances[cell]!
      if (at > 0) this.handling += service[tasks[at]!]! / speed
    }
  }

  #refreshTimes(model: Model): void {
    const { vehicle, size, tasks, places, times, departs, arriveBy, departBy } = this
    const { durations, speed } = vehicle
    const width = model.places
    const { service, setup } = model.tasks
    for (let at = 0; at <= size; at++) times[at] = durations[places[at]! * width + places[at + 1]!]!
    departs[0] = vehicle.opens
    for (let at = 1; at <= size; at++) {
      const task = tasks[at]!
      const handling = (places[at] === places[at - 1] ? service[task]! : service[task]! + setup[task]!) / speed
      const arrival = departs[at - 1]! + times[at - 1]!
      departs[at] = departure(model.tasks, task, arrival, handling)
    }
    arriveBy[size + 1] = vehicle.closes
    departBy[size + 1] = vehicle.closes
    for (let at = size; at >= 1; at--) {
      const task = tasks[at]!
      const handling = (places[at] === places[at - 1] ? service[task]! : service[task]! + setup[task]!) / speed
      const by = arriveBy[at + 1]! - times[at]!
      departBy[at] = by
      arriveBy[at] = latestArrival(model.tasks, task, by, handling)
    }
    departBy[0] = arriveBy[1]! - times[0]!
  }

  #refreshLoads(model: Model): void {
    const { size, tasks, sums } = this
    const { deliver, pickUp, carry } = model.tasks
    const { dimensions } = model
    if (model.hasSimpleLoads) {
      for (let at = 0; at < dimensions; at++) {
        let sum = 0
        for (let position = 1; position <= size; position++) {
          const cell = tasks[position]! * dimensions + at
          sum += deliver[cell]! + pickUp[cell]!
        }
        sums[at] = sum
      }
      return
    }
    const cells = (size + 2) * dimensions
    if (this.loads.length < cells) {
      this.loads = new Float64Array(2 * cells)
      this.before = new Float64Array(2 * cells)
      this.after = new Float64Array(2 * cells)
    }
    const { loads, before, after } = this
    for (let at = 0; at < dimensions; at++) {
      let load = 0
      for (let position = 1; position <= size; position++) load += deliver[tasks[position]! * dimensions + at]!
      loads[at] = load
      before[at] = load
      for (let position = 1; position <= size; position++) {
        const cell = tasks[position]! * dimensions + at
        load += pickUp[cell]! + carry[cell]! - deliver[cell]!
        const here = position * dimensions + at
        loads[here] = load
        before[here] = Math.max(before[here - dimensions]!, load)
      }
      after[size * dimensions + at] = load
      for (let position = size - 1; position >= 0; position--) {
        const here = position * dimensions + at
        after[here] = Math.max(after[here + dimensions]!, loads[here]!)
      }
    }
  }
}
