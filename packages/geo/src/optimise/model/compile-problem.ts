import type { Problem, Vehicle } from '../problem/problem.ts'
import { travelOf, type Travel } from '../problem/travel.ts'
import { hoursOfService } from '../schedule/hours-of-service.ts'
import { steepest } from '../schedule/timetables.ts'
import { compileTasks, type CompiledTasks } from './compile-tasks.ts'
import type { Model, TaskTable, VehicleModel } from './model.ts'
import { transposed } from './transposed.ts'
import { objectiveWeights, ranksVehiclesFirst, type ObjectiveWeights } from './objective-weights.ts'

/** Turns a checked problem, whose router has been asked, into numbers. */
export function compileProblem(problem: Problem): Model {
  const travel = travelOf(problem)
  const work = compileTasks(problem, travel)
  const dutyScale = meanDuty(problem, travel, work)
  const weights = objectiveWeights(problem, boundsOf(problem, travel, work, dutyScale))
  const isOpen = problem.vehicles.some(({ start, end }) => start === undefined || end === undefined)
  const places = travel.count + (isOpen ? 1 : 0)
  const arrays = new Arrays(places)
  const kinds = new Map<string, number>()
  const vehicles = problem.vehicles.map((vehicle, index): VehicleModel => {
    const { id: _, locked: __, ...rest } = vehicle
    const kind = JSON.stringify(vehicle.locked?.length ? [rest, index] : rest)
    if (!kinds.has(kind)) kinds.set(kind, kinds.size)
    return compileVehicle(vehicle, {
      index,
      kind: kinds.get(kind)!,
      ...{ problem, travel, work, weights, arrays, dutyScale },
    })
  })
  const { tasks, requests, dimensions } = work
  for (let request = 0; request < requests.count; request++) {
    const { isRequired, priority } = work.wishes[request]!
    requests.absence[request] = isRequired
      ? Math.max(weights.unassigned, weights.cost, 1e-9) * (1 + priority)
      : work.wishes[request]!.prize * Math.max(weights.cost, weights.distance, weights.driving, weights.duty, 1e-9)
  }
  const hasPairs = requests.second.some((task) => task >= 0)
  const hasWindows =
    tasks.windowOpens.length > 0 || vehicles.some(({ opens, closes }) => closes < Infinity || opens > 0)
  const hasSimpleLoads =
    !hasPairs && (tasks.deliver.every((amount) => amount === 0) || tasks.pickUp.every((amount) => amount === 0))
  return {
    ...{ dimensions, places, tasks, requests, vehicles, hasPairs, hasWindows, hasSimpleLoads, speeds: problem.speeds },
    nearness: vehicles[0]?.arcs ?? new Float64Array(),
    nearnessInto: vehicles[0]?.arcsInto ?? new Float64Array(),
    hasGroups: requests.groups.length > 0,
    isMixed: vehicles.some(({ kind }) => kind !== vehicles[0]!.kind),
    shape: !hasSimpleLoads || !vehicles.every(asksForRoomOnly) ? 'mixed' : shapeOf(tasks, hasWindows),
  }
}

function asksForRoomOnly({ needsTimetable, hasPlainLimits, backhauls, maxStops }: VehicleModel): boolean {
  return !needsTimetable && !hasPlainLimits && !backhauls && maxStops === Infinity
}

function shapeOf({ windowFirst, setup }: TaskTable, hasWindows: boolean): Model['shape'] {
  if (!hasWindows) return 'plain'
  const isTimed = setup.every((time, task) => time === 0 && windowFirst[task + 1]! - windowFirst[task]! <= 1)
  return isTimed ? 'timed' : 'mixed'
}

interface VehicleContext {
  readonly index: number
  readonly kind: number
  readonly problem: Problem
  readonly travel: Travel
  readonly work: CompiledTasks
  readonly weights: ObjectiveWeights
  readonly arrays: Arrays
  readonly dutyScale: number
}

function compileVehicle(vehicle: Vehicle, context: VehicleContext): VehicleModel {
  const { travel, work, weights, arrays, problem } = context
  const { perMetre = travel.hasDurations ? 0 : 1, perDutySecond = 0, fixed = 0 } = vehicle.costs ?? {}
  const usesTime = travel.hasDurations && vehicle.costs?.perMetre === undefined && perDutySecond === 0
  const { perSecond = usesTime ? 1 : 0 } = vehicle.costs ?? {}
  const matrix = travel.matrices.get(vehicle.profile)!
  const { speed = 1 } = vehicle
  const fastest = Math.max(1, ...(problem.speeds?.factors.map(({ factor }) => factor) ?? []))
  const durations = arrays.scaled(matrix.durations, 1 / (speed * fastest))
  const distances = arrays.scaled(matrix.distances, 1)
  const metreWeight = weights.cost * perMetre + weights.distance
  const secondWeight = weights.cost * perSecond + weights.driving
  const arcs = arrays.mixed(distances, metreWeight, durations, secondWeight)
  const dutyWeight = weights.cost * perDutySecond + weights.duty
  const hours = typeof vehicle.hours === 'string' ? hoursOfService[vehicle.hours] : vehicle.hours
  const [opens, closes] = vehicle.window ?? [work.earliest, Infinity]
  const { maxDuty = Infinity, maxDriving = Infinity, maxDistance = Infinity, maxStops = Infinity } = vehicle
  const hasOtherCosts =
    dutyWeight > 0 ||
    weights.makespan > 0 ||
    weights.balance > 0 ||
    vehicle.reload !== undefined ||
    // With traffic, only the timetable tells the seconds at the wheel.
    problem.speeds !== undefined
  const needsClock = hours !== undefined || (vehicle.breaks?.length ?? 0) > 0 || hasOtherCosts
  const isLimited = Math.min(maxDuty, maxDriving, maxDistance) < Infinity
  // Where nobody ever waits, sums tell whether limits are kept; shipments, which have two positions, are left to timetables.
  const { tasks } = work
  const isPlain =
    tasks.windowOpens.length === 0 && tasks.setup.every((time) => time === 0) && (problem.shipments ?? []).length === 0
  const nowhere = travel.count
  return {
    ...{ index: context.index, kind: context.kind },
    start: vehicle.start === undefined ? nowhere : travel.indexOf(vehicle.start),
    end: vehicle.end === undefined ? nowhere : travel.indexOf(vehicle.end),
    capacity: Float64Array.from({ length: work.dimensions }, (_, at) =>
      vehicle.capacity === undefined ? Infinity : (vehicle.capacity[at] ?? 0),
    ),
    ...{ opens, closes },
    arcs,
    arcsInto: arrays.transposed(arcs),
    // Where vehicles matter most the search lowers their number by itself, and routes are compared by what they cost.
    fixed: weights.cost * fixed + (ranksVehiclesFirst(problem) ? 0 : weights.vehicles),
    perMetre: metreWeight,
    perSecond: secondWeight,
    perDutySecond: dutyWeight,
    makespanScale: context.dutyScale,
    makespanWeight: weights.makespan,
    balanceWeight: weights.balance,
    costs: { fixed, perMetre, perSecond, perDutySecond },
    ...{ durations, distances, speed },
    durationsInto: arrays.transposed(durations),
    allowed: allowedOf(vehicle, work),
    ...{ maxDuty, maxDriving, maxDistance, maxStops },
    breaks: vehicle.breaks ?? [],
    hours,
    hoursSoFar: vehicle.hoursSoFar ?? {},
    reload: vehicle.reload && {
      places: Int32Array.from(
        vehicle.reload.places ?? (vehicle.start === undefined ? [] : [vehicle.start]),
        travel.indexOf,
      ),
      duration: vehicle.reload.duration ?? 0,
      maxTrips: vehicle.reload.maxTrips ?? Infinity,
    },
    backhauls: vehicle.backhauls ?? false,
    locked: lockedTasks(vehicle, work),
    hasPlainLimits: isLimited && isPlain && !needsClock,
    needsTimetable: needsClock || (isLimited && !isPlain),
    hasOtherCosts,
  }
}

/** Per request whether the vehicle has the skills and, with nothing else on board, the room. */
function allowedOf(vehicle: Vehicle, work: CompiledTasks): Uint8Array {
  const skills = new Set(vehicle.skills)
  return Uint8Array.from(work.wishes, (wish) => (wish.skills.every((skill) => skills.has(skill)) ? 1 : 0))
}

function lockedTasks({ locked = [] }: Vehicle, { requests }: CompiledTasks): Int32Array {
  const indexOf = new Map(requests.ids.map((id, index) => [id, index]))
  const begun = new Set<string>()
  return Int32Array.from(locked, (id) => {
    const request = indexOf.get(id)!
    const isSecond = begun.has(id)
    begun.add(id)
    return isSecond ? requests.second[request]! : requests.first[request]!
  })
}

/** Tables for all vehicles that need the same, with the place that lies nowhere. */
class Arrays {
  readonly #places: number
  readonly #made = new Map<ArrayLike<number>, Map<string, Float64Array>>()

  constructor(places: number) {
    this.#places = places
  }

  scaled(cells: Float64Array, factor: number): Float64Array {
    return this.#make(cells, `${factor}`, () => {
      const size = this.#places
      if (factor === 1 && cells.length === size * size) return cells
      const given = Math.sqrt(cells.length)
      const table = new Float64Array(size * size)
      for (let from = 0; from < given; from++)
        for (let to = 0; to < given; to++) table[from * size + to] = cells[from * given + to]! * factor
      return table
    })
  }

  mixed(metres: Float64Array, perMetre: number, seconds: Float64Array, perSecond: number): Float64Array {
    if (perMetre === 1 && perSecond === 0) return metres
    if (perSecond === 1 && perMetre === 0) return seconds
    // A way that there is not stays one that costs infinitely much.
    return this.#make(metres, `${perMetre} ${perSecond}`, () =>
      seconds.map((time, at) =>
        time === Infinity || metres[at] === Infinity ? Infinity : metres[at]! * perMetre + time * perSecond,
      ),
    )
  }

  transposed(table: Float64Array): Float64Array {
    return this.#make(table, 'transposed', () => transposed(table, this.#places))
  }

  #make(source: Float64Array, key: string, make: () => Float64Array): Float64Array {
    const made = this.#made.get(source) ?? new Map<string, Float64Array>()
    this.#made.set(source, made)
    const table = made.get(key) ?? make()
    made.set(key, table)
    return table
  }
}

/** Bounds for weighing: no plan is worse than a way there and back to each stop from the place farthest away. */
function boundsOf(problem: Problem, travel: Travel, { tasks, wishes }: CompiledTasks, dutyScale: number) {
  const farthest = (cells: Float64Array): number => {
    let most = 0
    for (let cell = 0; cell < cells.length; cell++) {
      const value = cells[cell]!
      if (value < Infinity && value > most) most = value
    }
    return most
  }
  const legs = 2 * (tasks.count + problem.vehicles.length)
  const [seconds, metres] = [...travel.matrices.values()].reduce<[number, number]>(
    ([time, length], { durations, distances }) => [
      Math.max(time, farthest(durations) * legs),
      Math.max(length, distances === durations ? farthest(durations) * legs : farthest(distances) * legs),
    ],
    [0, 0],
  )
  const duty = seconds + tasks.service.reduce((sum, time) => sum + time, 0) + 1
  const rates = problem.vehicles.map(({ costs = {} }) => costs)
  const most = (values: readonly number[]): number => Math.max(0, ...values)
  const cost =
    rates.reduce((sum, { fixed = 0 }) => sum + fixed, 0) +
    seconds * most(rates.map(({ perSecond = 1 }) => perSecond)) +
    metres * most(rates.map(({ perMetre = 1 }) => perMetre)) +
    duty * most(rates.map(({ perDutySecond = 0 }) => perDutySecond)) +
    wishes.reduce((sum, { prize, isRequired }) => sum + (isRequired ? 0 : prize), 0)
  const fine = (bound: number) => ({ most: bound, step: bound / 1e5 })
  return {
    unassigned: { most: wishes.reduce((sum, { priority }) => sum + 1 + priority, 0), step: 1 },
    vehicles: { most: problem.vehicles.length, step: 1 },
    cost: fine(cost + 1),
    distance: fine(metres + 1),
    driving: fine(seconds + 1),
    duty: fine(duty),
    makespan: fine(steepest * duty),
    balance: fine(duty * Math.max(1, duty / dutyScale)),
  }
}

/** What a vehicle would be busy with if all did the same, roughly. */
function meanDuty(problem: Problem, travel: Travel, { tasks }: CompiledTasks): number {
  const durations = travel.matrices.values().next().value?.durations ?? new Float64Array()
  let [sum, count] = [0, 0]
  for (let cell = 0; cell < durations.length; cell++) {
    const value = durations[cell]!
    if (value === Infinity) continue
    sum += value
    count++
  }
  const travelTime = (sum / Math.max(1, count)) * Math.max(1, tasks.count) * 0.5
  const service = tasks.service.reduce((total, time) => total + time, 0)
  return Math.max(1, (travelTime + service) / Math.max(1, problem.vehicles.length))
}
