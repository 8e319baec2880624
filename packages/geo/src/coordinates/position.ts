import { coordinateErrors } from './errors.ts'

/** Longitude and latitude in degrees (WGS 84), as in GeoJSON. */
export type Position = readonly [longitude: number, latitude: number]

/**
 * Takes a position from outside. Further members, such as an altitude, are left out.
 *
 * @param where Names the place in an error, such as `features[3].coordinates[0][7]`.
 * @throws `GEO_POSITION_INVALID`
 * @example
 * ```ts
 * import { checkPosition } from '@exprsn/geo/coordinates'
 *
 * checkPosition([9.52, 47.14], 'stop 3') // [9.52, 47.14]
 * ```
 */
export function checkPosition(value: unknown, where: string): Position {
  if (!Array.isArray(value) || value.length < 2) throw invalid(where, 'it is not a list of two numbers')
  const longitude: unknown = value[0]
  const latitude: unknown = value[1]
  if (typeof longitude !== 'number' || typeof latitude !== 'number') throw invalid(where, 'it is not two numbers')
  const reason = problemOf(longitude, latitude)
  if (reason !== undefined) throw invalid(where, reason)
  return [longitude, latitude]
}

/** Whether {@link checkPosition} would take it as it is. */
export function isPosition(value: unknown): value is Position {
  if (!Array.isArray(value)) return false
  const longitude: unknown = value[0]
  const latitude: unknown = value[1]
  if (typeof longitude !== 'number' || typeof latitude !== 'number') return false
  // Neither holds for NaN.
  return longitude >= -180 && longitude <= 180 && latitude >= -90 && latitude <= 90
}

/** Why two numbers are no position, undefined when they are one. */
export function problemOf(longitude: number, latitude: number): string | undefined {
  if (!Number.isFinite(longitude)) return `the longitude is ${longitude}`
  if (!Number.isFinite(latitude)) return `the latitude is ${latitude}`
  if (latitude < -90 || latitude > 90) {
    const swapped = Math.abs(longitude) <= 90 && Math.abs(latitude) <= 180
    return `the latitude is ${latitude}${swapped ? '; are the two swapped?' : ''}`
  }
  if (longitude < -180 || longitude > 180) return `the longitude is ${longitude}`
  return undefined
}

function invalid(where: string, reason: string) {
  return coordinateErrors.GEO_POSITION_INVALID({ where, reason })
}
