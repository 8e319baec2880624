import type { Amounts } from '../problem/problem.ts'
import type { Subject } from './check-route.ts'
import type { ProblemIndex, Visit } from './problem-index.ts'
import { tolerance, type Report } from './violation.ts'

/** Goods fit on board from trip to trip, the steps tell the right loads, and deliveries come first where they must. */
export function checkLoads({ visits }: ProblemIndex, { vehicle, route }: Subject, report: Report): void {
  const { steps } = route
  const found = steps.map(({ type, id }) => visits.get(`${type}/${id ?? ''}`))
  const dimensions = Math.max(0, ...found.map((visit) => (visit === undefined ? 0 : widthOf(visit))))
  const capacity = (at: number): number => (vehicle.capacity === undefined ? Infinity : (vehicle.capacity[at] ?? 0))
  const load = Array.from({ length: dimensions }, () => 0)
  for (const [at, step] of steps.entries()) {
    const visit = found[at]
    if (step.type === 'start' || step.type === 'reload') {
      const next = steps.findIndex(({ type }, index) => index > at && type === 'reload')
      const trip = found.slice(at + 1, next < 0 ? undefined : next)
      for (let dimension = 0; dimension < dimensions; dimension++)
        load[dimension] = trip.reduce((sum, own) => sum + amount(own?.deliver, dimension), 0)
      if (step.type === 'reload' && hasOpenShipment(found, at))
        report('reload', 'It unloads what is on its way elsewhere.')
    }
    for (let dimension = 0; dimension < dimensions; dimension++) {
      load[dimension]! +=
        amount(visit?.pickUp, dimension) + amount(visit?.change, dimension) - amount(visit?.deliver, dimension)
      if (load[dimension]! > capacity(dimension) + tolerance)
        report('capacity', `It carries ${load[dimension]} of ${capacity(dimension)}.`, step.id)
      if (Math.abs(load[dimension]! - amount(step.load, dimension)) > tolerance)
        report('load', `On board are ${load[dimension]}, not ${amount(step.load, dimension)}.`, step.id)
    }
  }
  if (vehicle.backhauls !== true) return
  const isSome = (amounts: Amounts | undefined): boolean => amounts?.some((value) => value > 0) ?? false
  const firstPickup = found.findIndex((visit) => isSome(visit?.pickUp))
  if (
    firstPickup >= 0 &&
    found.slice(firstPickup + 1).some((visit) => isSome(visit?.deliver) && !isSome(visit?.pickUp))
  )
    report('backhauls', 'It delivers after it has picked up.')
}

function hasOpenShipment(found: readonly (Visit | undefined)[], at: number): boolean {
  const before = found.slice(0, at).flatMap((visit) => (visit?.type === 'pickup' ? [visit.id] : []))
  return before.some((id) => found.slice(at).some((visit) => visit?.type === 'delivery' && visit.id === id))
}

function widthOf({ deliver, pickUp, change }: Visit): number {
  return Math.max(deliver.length, pickUp.length, change.length)
}

function amount(amounts: Amounts | undefined, at: number): number {
  return amounts?.[at] ?? 0
}
