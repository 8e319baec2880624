import { metresPerDegree, radians } from '../../coordinates/sphere.ts'

/** Graphs hold places in units of 1e-7 degrees. */
export const unitsPerDegree = 1e7

/** Metres per unit around a latitude, on a map that is flat there: exact to 0.1 % within some 50 km. */
export interface LocalMap {
  readonly east: number
  readonly north: number
}

/** @param latitude in units of 1e-7 degrees */
export function localMap(latitude: number): LocalMap {
  const north = metresPerDegree / unitsPerDegree
  return { east: north * Math.cos((latitude / unitsPerDegree) * radians), north }
}

/** Degrees clockwise from north, 0 to 360, of a step east and north. */
export function bearingOf(east: number, north: number): number {
  const degrees = Math.atan2(east, north) / radians
  return degrees < 0 ? degrees + 360 : degrees
}

/** Degrees between two bearings, 0 to 180. */
export function bearingsApart(a: number, b: number): number {
  const apart = Math.abs(a - b) % 360
  return apart > 180 ? 360 - apart : apart
}
