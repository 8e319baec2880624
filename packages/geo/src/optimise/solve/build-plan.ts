import type { Model, VehicleModel } from '../model/model.ts'
import { objectiveLevels } from '../model/objective-weights.ts'
import type { Plan, PlanRoute, PlanStatistics, PlanStep } from '../plan/plan.ts'
import type { ObjectiveName, Place, Problem } from '../problem/problem.ts'
import { positionsOf } from '../problem/travel.ts'
import type { Activity } from '../schedule/activity.ts'
import { Timetables } from '../schedule/timetables.ts'
import type { Orders } from '../search/state.ts'
import { unassignedOf } from './unassigned.ts'

/** Turns orders into the plan that users see. */
export function buildPlan(
  problem: Problem,
  resolved: Problem,
  {
    model,
    orders,
    statistics,
    timeLeft,
  }: {
    readonly model: Model
    readonly orders: Orders
    readonly statistics: PlanStatistics
    /** Milliseconds to look for reasons. @default always enough */
    readonly timeLeft?: (() => number) | undefined
  },
): Plan {
  const timetables = new Timetables(model)
  const placeOf = placeNames(problem, resolved)
  const routes = orders.routes.flatMap((tasks, index): PlanRoute[] => {
    if (tasks.length === 0) return []
    const vehicle = model.vehicles[index]!
    const { begin, finish, driving, distance, activities } = timetables.figures(vehicle, tasks)
    const duty = finish - begin
    const { fixed, perMetre, perSecond, perDutySecond } = vehicle.costs
    return [
      {
        vehicle: problem.vehicles[index]!.id,
        steps: stepsOf(problem, { model, vehicle, activities, placeOf }),
        cost: fixed + perMetre * distance + perSecond * driving + perDutySecond * duty,
        ...{ distance, driving, duty },
      },
    ]
  })
  const unassigned = unassignedOf(resolved, model, orders.routes, timeLeft)
  const cost = routes.reduce((sum, route) => sum + route.cost, 0)
  const values = objectiveValues(
    problem,
    routes,
    unassigned.map(({ stop }) => stop),
  )
  const objectives = objectiveLevels(problem).flatMap((level) =>
    level.map(({ minimise }) => ({ name: minimise, value: values[minimise] })),
  )
  return { routes, unassigned, cost, objectives, statistics }
}

function stepsOf(
  problem: Problem,
  context: {
    readonly model: Model
    readonly vehicle: VehicleModel
    readonly activities: readonly Activity[]
    readonly placeOf: (activity: Activity) => Place | undefined
  },
): PlanStep[] {
  const { model, vehicle, activities, placeOf } = context
  const { tasks, requests, dimensions } = model
  const load = new Float64Array(dimensions)
  const add = (cells: Float64Array, task: number, factor: number): void => {
    for (let at = 0; at < dimensions; at++) load[at]! += factor * cells[task * dimensions + at]!
  }
  const loadForTrip = (from: number): void => {
    for (let at = from; at < activities.length && activities[at]!.type !== 'reload'; at++)
      if (activities[at]!.type === 'task') add(tasks.deliver, activities[at]!.index, 1)
  }
  return activities.map((activity, at): PlanStep => {
    const { type, index, arrival, begin, end } = activity
    const place = placeOf(activity)
    const step = { ...(place === undefined ? {} : { place }), arrival, begin, end }
    if (type === 'task') {
      const request = tasks.request[index]!
      add(tasks.deliver, index, -1)
      add(tasks.pickUp, index, 1)
      add(tasks.carry, index, 1)
      const second = requests.second[request]!
      const kind = second < 0 ? 'stop' : second === index ? 'delivery' : 'pickup'
      return { type: kind, id: requests.ids[request]!, ...step, load: [...load] }
    }
    if (type === 'start' || type === 'reload') {
      load.fill(0)
      loadForTrip(at + 1)
    }
    const name = type === 'break' && index >= 0 ? { id: vehicle.breaks[index]!.id } : {}
    return { type, ...name, ...step, load: [...load] }
  })
}

/** What a place of the model is called in the problem. */
function placeNames(problem: Problem, resolved: Problem): (activity: Activity) => Place | undefined {
  const names = new Map<number, Place>()
  const note = (place: Place | undefined, other: Place | undefined): void => {
    if (place !== undefined && typeof other === 'number') names.set(other, place)
  }
  for (const [at, vehicle] of problem.vehicles.entries()) {
    const other = resolved.vehicles[at]!
    note(vehicle.start, other.start)
    note(vehicle.end, other.end)
    for (const [index, place] of (vehicle.reload?.places ?? []).entries()) note(place, other.reload!.places![index])
  }
  for (const [at, { place }] of (problem.stops ?? []).entries()) note(place, resolved.stops![at]!.place)
  for (const [at, { pickup, delivery }] of (problem.shipments ?? []).entries()) {
    note(pickup.place, resolved.shipments![at]!.pickup.place)
    note(delivery.place, resolved.shipments![at]!.delivery.place)
  }
  if (names.size === 0) {
    // Straight lines: rows are the different positions in order.
    for (const [row, position] of positionsOf(resolved).entries()) names.set(row, position)
  }
  return ({ place }) => names.get(place)
}

function objectiveValues(
  problem: Problem,
  routes: readonly PlanRoute[],
  unassigned: readonly string[],
): Record<ObjectiveName, number> {
  const sum = (value: (route: PlanRoute) => number): number => routes.reduce((total, route) => total + value(route), 0)
  const left = new Set(unassigned)
  const wishes = [...(problem.stops ?? []), ...(problem.shipments ?? [])].filter(({ id }) => left.has(id))
  const duty = sum((route) => route.duty)
  const mean = duty / Math.max(1, routes.length)
  return {
    unassigned: wishes.reduce((total, { prize, priority = 0 }) => total + (prize === undefined ? 1 + priority : 0), 0),
    vehicles: routes.length,
    cost: sum(({ cost }) => cost) + wishes.reduce((total, { prize = 0 }) => total + prize, 0),
    distance: sum(({ distance }) => distance),
    driving: sum(({ driving }) => driving),
    duty,
    makespan: routes.reduce((most, route) => Math.max(most, route.duty), 0),
    balance: mean === 0 ? 0 : sum((route) => route.duty ** 2) / mean,
  }
}
