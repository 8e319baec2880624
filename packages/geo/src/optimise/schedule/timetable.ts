import type { Model, VehicleModel } from '../model/model.ts'
import type { Constraint } from '../plan/plan.ts'
import { departure, rounding } from '../search/depart.ts'
import type { Activity } from './activity.ts'
import { DriverHours, moment } from './driver-hours.ts'
import { TrafficHours } from './traffic.ts'

/** When a vehicle begins, and before which of its tasks it loads again where (−1: it does not). */
export interface Course {
  readonly begin: number
  readonly reloadBefore: Int32Array | undefined
}

/**
 * Drives a route through time, the earliest possible: waits for windows, takes breaks as late as they are due or while waiting, and
 * breaks and rests under hours of service when driving has to be interrupted. Figures of the last run are in its fields.
 */
export class Timetable {
  finish = 0
  driving = 0
  distance = 0
  work = 0
  waited = 0
  /** By how much the begin may move while nothing ends later. */
  slack = Infinity
  readonly #model: Model
  readonly #traffic: TrafficHours
  readonly #hours = new DriverHours()
  #vehicle!: VehicleModel
  #record: Activity[] | undefined
  #time = 0
  #begin = 0
  #isPending = new Uint8Array()
  #pending = 0

  constructor(model: Model) {
    this.#model = model
    this.#traffic = new TrafficHours(model.speeds)
  }

  /**
   * @param tasks From place `from` on.
   * @returns The first constraint that does not hold. With a record the run goes on all the same.
   */
  run(
    vehicle: VehicleModel,
    { tasks, from, size }: { readonly tasks: Int32Array; readonly from: number; readonly size: number },
    { begin, reloadBefore }: Course,
    record?: Activity[],
  ): Constraint | undefined {
    this.#prepare(vehicle, begin, record)
    const { place: taskPlace, service, setup } = this.#model.tasks
    let failed: Constraint | undefined
    const fail = (constraint: Constraint | undefined): boolean => {
      failed ??= constraint
      return failed !== undefined && record === undefined
    }
    let place = vehicle.start
    record?.push({ type: 'start', index: -1, place, arrival: begin, begin, end: begin })
    for (let at = 0; at < size; at++) {
      const reload = reloadBefore?.[at] ?? -1
      if (reload >= 0) {
        const handling = vehicle.reload!.duration / vehicle.speed
        if (fail(this.#travel(place, reload)) || fail(this.#handle(-1, handling, reload))) return failed
        place = reload
      }
      const task = tasks[from + at]!
      const to = taskPlace[task]!
      if (fail(this.#travel(place, to))) return failed
      const handling = (place === to ? service[task]! : service[task]! + setup[task]!) / vehicle.speed
      if (fail(this.#handle(task, handling, to))) return failed
      place = to
    }
    if (fail(this.#travel(place, vehicle.end))) return failed
    this.finish = this.#time
    record?.push({
      type: 'end',
      index: -1,
      place: vehicle.end,
      arrival: this.#time,
      begin: this.#time,
      end: this.#time,
    })
    fail(this.#judge())
    return failed
  }

  #prepare(vehicle: VehicleModel, begin: number, record: Activity[] | undefined): void {
    this.#vehicle = vehicle
    this.#record = record
    this.#time = begin
    this.#begin = begin
    this.driving = 0
    this.distance = 0
    this.work = 0
    this.waited = 0
    this.slack = Infinity
    const { breaks, hours, hoursSoFar } = vehicle
    if (this.#isPending.length < breaks.length) this.#isPending = new Uint8Array(breaks.length)
    this.#pending = 0
    for (let at = 0; at < breaks.length; at++) {
      const isDue = opensOf(breaks[at]!) >= begin
      this.#isPending[at] = Number(isDue)
      if (isDue) this.#pending++
    }
    if (hours !== undefined) this.#hours.start(hours, hoursSoFar, begin)
  }

  #judge(): Constraint | undefined {
    const { closes, maxDuty, maxDriving, maxDistance, hours, hoursSoFar } = this.#vehicle
    const tolerance = 1e-7
    if (this.finish > closes + rounding) return 'shift'
    if (this.driving > maxDriving + tolerance) return 'max-driving'
    if (this.distance > maxDistance + tolerance) return 'max-distance'
    // Waiting that a later begin saves is not counted.
    if (this.finish - this.#begin - Math.min(this.slack, this.waited) > maxDuty + tolerance) return 'max-duty'
    if (hours === undefined) return undefined
    const { totalDriving = Infinity, totalDuty = Infinity, week = Infinity } = hours
    const isOver =
      this.driving + (hoursSoFar.totalDriving ?? 0) > totalDriving + tolerance ||
      this.driving + this.work + (hoursSoFar.totalDuty ?? 0) > totalDuty + tolerance ||
      this.finish - this.#begin > week + tolerance
    return isOver ? 'hours' : undefined
  }

  #travel(from: number, to: number): Constraint | undefined {
    const { durations, distances, closes } = this.#vehicle
    const cell = from * this.#model.places + to
    let rest = durations[cell]!
    if (rest === Infinity || distances[cell] === Infinity) return 'unreachable'
    this.distance += distances[cell]!
    for (let pauses = 0; rest > 0;) {
      const limit = this.#drivingLimit()
      if (limit <= moment) {
        if (++pauses > 200) return 'hours'
        const failed = this.#pause(-1)
        if (failed !== undefined) return failed
        continue
      }
      const { slowness, until } = this.#traffic.at(this.#time)
      const whole = rest * slowness
      const seconds = Math.min(whole, limit, until)
      rest = seconds === whole ? 0 : rest - seconds / slowness
      this.#time += seconds
      this.driving += seconds
      if (this.#vehicle.hours !== undefined) this.#hours.drove(seconds, this.#time)
      if (this.#time > closes + rounding && this.#record === undefined) return 'shift'
    }
    return undefined
  }

  /** Seconds until driving must be interrupted. */
  #drivingLimit(): number {
    let limit = Infinity
    if (this.#pending > 0) limit = this.#deadline() - this.#time
    return this.#vehicle.hours === undefined ? limit : Math.min(limit, this.#hours.drivingLeft(this.#time))
  }

  /** Interrupts driving as is due now. */
  #pause(place: number): Constraint | undefined {
    if (this.#pending > 0 && this.#deadline() - this.#time <= moment)
      return this.#takeBreaks(this.#time + 2 * moment, place)
    if (this.#vehicle.hours === undefined) return 'breaks'
    if (this.#hours.isDayOver(this.#time)) return this.#rest(place)
    return this.#stand('break', -1, this.#hours.breakLength, place)
  }

  #rest(place: number): Constraint | undefined {
    const late = this.#takeBreaks(this.#time + this.#hours.restLength, place)
    if (late !== undefined) return late
    return this.#stand('rest', -1, this.#hours.restLength, place)
  }

  #stand(type: 'break' | 'rest', index: number, length: number, place: number): Constraint | undefined {
    if (type === 'break' && index < 0) {
      const late = this.#takeBreaks(this.#time + length, place)
      if (late !== undefined || !this.#hours.hasDrivenSinceBreak) return late
    }
    const begin = this.#time
    this.#time += length
    this.#record?.push({ type, index, place, arrival: begin, begin, end: this.#time })
    this.#recover()
    return this.#time > this.#vehicle.closes + rounding ? 'shift' : undefined
  }

  #recover(): void {
    if (this.#vehicle.hours !== undefined) this.#hours.recover(this.#time)
  }

  /** When the first break must have begun. */
  #deadline(): number {
    const { breaks } = this.#vehicle
    let deadline = Infinity
    for (let at = 0; at < breaks.length; at++)
      if (this.#isPending[at] === 1) deadline = Math.min(deadline, closesOf(breaks[at]!))
    return deadline
  }

  /** Takes the breaks that could not begin any more at `until`. */
  #takeBreaks(until: number, place: number): Constraint | undefined {
    const { breaks } = this.#vehicle
    while (this.#pending > 0) {
      const deadline = this.#deadline()
      if (deadline >= until) return undefined
      const at = breaks.findIndex((pause, index) => this.#isPending[index] === 1 && closesOf(pause) === deadline)
      const { windows, duration } = breaks[at]!
      const window = windows.find(([, closes]) => closes >= this.#time - moment)
      if (window === undefined) return 'breaks'
      const wait = Math.max(0, window[0] - this.#time)
      this.#takeBreak(at, this.#time + wait, place)
      until = Math.max(until, until + wait + duration)
      if (this.#time > this.#vehicle.closes + rounding) return 'shift'
    }
    return undefined
  }

  #takeBreak(at: number, begin: number, place: number): void {
    const arrival = this.#time
    this.waited += Math.max(0, begin - arrival)
    this.slack = Math.min(this.slack, this.waited)
    this.#time = Math.max(arrival, begin) + this.#vehicle.breaks[at]!.duration
    this.#isPending[at] = 0
    this.#pending--
    this.#record?.push({ type: 'break', index: at, place, arrival, begin: Math.max(arrival, begin), end: this.#time })
    this.#recover()
  }

  /** Handles a task, or loads again (task −1). */
  #handle(task: number, handling: number, place: number): Constraint | undefined {
    const late = this.#breaksBefore(task, handling, place)
    if (late !== undefined) return late
    if (this.#vehicle.hours !== undefined && !this.#hours.fitsDay(this.#beginOf(task), handling)) {
      const failed = this.#rest(place) ?? this.#breaksBefore(task, handling, place)
      if (failed !== undefined) return failed
      if (!this.#hours.fitsDay(this.#beginOf(task), handling)) return 'hours'
    }
    const arrival = this.#time
    const begin = this.#beginOf(task)
    if (begin === Infinity) {
      if (this.#record === undefined) return 'windows'
      this.#finishTask(task, place, { arrival, begin: arrival, handling })
      return 'windows'
    }
    this.#finishTask(task, place, { arrival, begin, handling })
    return undefined
  }

  #finishTask(
    task: number,
    place: number,
    { arrival, begin, handling }: { readonly arrival: number; readonly begin: number; readonly handling: number },
  ): void {
    const wait = begin - arrival
    this.waited += wait
    if (task >= 0) this.slack = Math.min(this.slack, this.waited + closeAfter(this.#model, task, begin) - begin)
    this.#time = begin
    this.#recover()
    this.#time = begin + handling
    this.work += handling
    if (this.#vehicle.hours !== undefined) this.#hours.handled(handling, this.#time)
    const type = task < 0 ? 'reload' : 'task'
    this.#record?.push({ type, index: task, place, arrival, begin, end: this.#time })
  }

  #beginOf(task: number): number {
    return task < 0 ? this.#time : departure(this.#model.tasks, task, this.#time, 0)
  }

  /** Takes breaks while waiting for a window, and those that handling would make too late. */
  #breaksBefore(task: number, handling: number, place: number): Constraint | undefined {
    if (this.#pending === 0) return undefined
    const { breaks } = this.#vehicle
    for (let at = 0; at < breaks.length; at++) {
      if (this.#isPending[at] === 0) continue
      const { windows, duration } = breaks[at]!
      const window = windows.find(([, closes]) => closes >= this.#time)
      const begin = Math.max(this.#time, window?.[0] ?? Infinity)
      const service = this.#beginOf(task)
      if (service < Infinity && begin + duration <= service) this.#takeBreak(at, begin, place)
    }
    const begin = this.#beginOf(task)
    return this.#takeBreaks((begin === Infinity ? this.#time : begin) + handling, place)
  }
}

function opensOf({ windows }: { readonly windows: readonly (readonly [number, number])[] }): number {
  return windows.reduce((first, [opens]) => Math.min(first, opens), Infinity)
}

function closesOf({ windows }: { readonly windows: readonly (readonly [number, number])[] }): number {
  return windows.reduce((last, [, closes]) => Math.max(last, closes), -Infinity)
}

/** When the window in which a task begins closes. */
function closeAfter({ tasks }: Model, task: number, begin: number): number {
  const last = tasks.windowFirst[task + 1]!
  for (let window = tasks.windowFirst[task]!; window < last; window++)
    if (tasks.windowCloses[window]! + rounding >= begin) return tasks.windowCloses[window]!
  return Infinity
}
