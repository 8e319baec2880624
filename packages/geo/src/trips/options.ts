import { milliseconds, type Duration } from '@exprsn/core'
import { tripErrors } from './errors.ts'

/** Options of `createTrips`. */
export interface TripsOptions {
  /** An object that stays within so many metres has stopped. More than the fixes jitter. @default 60 */
  readonly radius?: number | undefined
  /** It must stay there for so long. @default '4m' */
  readonly stopAfter?: Duration | undefined
  /** So many fixes farther away in a row end a stop. @default 2 */
  readonly leaveAfter?: number | undefined
  /** Nothing is known of a way between fixes farther apart in time: a trip ends there. @default '20m' */
  readonly longestGap?: Duration | undefined
  /** Fixes wait so long for older ones that come late; what comes later still is left out. @default 0 */
  readonly lateness?: Duration | undefined
  /** Trips shorter than so many metres are not told. @default 200 */
  readonly shortest?: number | undefined
}

/** The options with everything filled in. Durations in milliseconds. */
export interface TripRules {
  readonly radius: number
  readonly stopAfter: number
  readonly leaveAfter: number
  readonly longestGap: number
  readonly lateness: number
  readonly shortest: number
}

/** Fills in the options. @throws `GEO_TRIP_OPTION_INVALID`, `CORE_DURATION_INVALID` */
export function tripRules(options: TripsOptions): TripRules {
  const { radius = 60, stopAfter = '4m', leaveAfter = 2, longestGap = '20m', shortest = 200 } = options
  if (!(radius > 0 && radius <= 10_000)) throw invalid('radius', `${radius} is not a number of metres up to 10000`)
  if (!Number.isInteger(leaveAfter) || leaveAfter < 1)
    throw invalid('leaveAfter', `${leaveAfter} is no whole number from 1`)
  if (!(shortest >= 0 && shortest < Infinity)) throw invalid('shortest', `${shortest} is not a number of metres`)
  const lateness = milliseconds(options.lateness ?? 0)
  return {
    radius,
    lateness,
    stopAfter: milliseconds(stopAfter),
    leaveAfter,
    longestGap: milliseconds(longestGap),
    shortest,
  }
}

function invalid(option: string, reason: string) {
  return tripErrors.GEO_TRIP_OPTION_INVALID({ option, reason })
}
