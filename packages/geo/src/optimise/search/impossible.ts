import { rounding } from './depart.ts'
import type { Route } from './route.ts'

/**
 * The position of a task without which a route may be possible again; 0 where the route is possible as it is. Taking tasks out never
 * makes the rest late where no detour is a short cut and nothing has to be set up; elsewhere it may.
 */
export function impossibleAt(route: Route, hasWindows: boolean): number {
  const { size, cost, legs, times, departs, vehicle } = route
  if (size === 0) return 0
  if (hasWindows) {
    const departed = departs[size]!
    if (departed === Infinity || departed + times[size]! > vehicle.closes + rounding) return firstLate(route)
  }
  if (cost === Infinity) {
    for (let at = 0; at <= size; at++) if (legs[at] === Infinity) return Math.max(1, at)
    return size
  }
  return vehicle.hasPlainLimits && !keepsSums(route) ? size : 0
}

function firstLate({ size, departs }: Route): number {
  for (let at = 1; at <= size; at++) if (departs[at] === Infinity) return at
  return size
}

function keepsSums({ vehicle, driving, distance, handling }: Route): boolean {
  const { maxDriving, maxDistance, maxDuty } = vehicle
  return (
    driving <= maxDriving + rounding && distance <= maxDistance + rounding && driving + handling <= maxDuty + rounding
  )
}
