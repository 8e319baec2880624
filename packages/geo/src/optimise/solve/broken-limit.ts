import type { Model } from '../model/model.ts'
import type { Constraint } from '../plan/plan.ts'

/** Which constraint that needs no timetable an order breaks. */
export function brokenLimit(model: Model, index: number, order: readonly number[]): Constraint | undefined {
  const { maxStops, backhauls, reload } = model.vehicles[index]!
  const { phase } = model.tasks
  if (order.length > maxStops) return 'max-stops'
  const firstPickup = order.findIndex((task) => phase[task] === 2)
  if (backhauls && firstPickup >= 0 && order.slice(firstPickup).some((task) => phase[task] === 0)) return 'backhauls'
  return reload === undefined && !loadsFit(model, index, order) ? 'capacity' : undefined
}

function loadsFit(model: Model, index: number, order: readonly number[]): boolean {
  const { dimensions, tasks } = model
  const { capacity } = model.vehicles[index]!
  for (let at = 0; at < dimensions; at++) {
    let load = order.reduce((sum, task) => sum + tasks.deliver[task * dimensions + at]!, 0)
    if (load > capacity[at]!) return false
    for (const task of order) {
      const cell = task * dimensions + at
      load += tasks.pickUp[cell]! + tasks.carry[cell]! - tasks.deliver[cell]!
      if (load > capacity[at]!) return false
    }
  }
  return true
}
