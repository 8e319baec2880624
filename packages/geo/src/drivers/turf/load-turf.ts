import type { FenceGeometry } from '../../fence/feature.ts'
import { turfErrors } from './errors.ts'

/** A shape without circles and corridors. */
export type AreaGeometry = Extract<FenceGeometry, { type: 'Polygon' | 'MultiPolygon' }>

/** What of Turf is used. */
export interface TurfModule {
  circle(
    centre: unknown,
    radius: number,
    options: { readonly steps: number; readonly units: 'meters' },
  ): { readonly geometry: AreaGeometry }
  buffer(
    geometry: unknown,
    radius: number,
    options: { readonly units: 'meters' },
  ): { readonly geometry: AreaGeometry } | undefined
}

/** The optional peer. Throws `GEO_TURF_MISSING` when it is not installed. */
export async function loadTurf(importTurf?: () => Promise<unknown>): Promise<TurfModule> {
  try {
    return (importTurf === undefined ? await import('@turf/turf') : await importTurf()) as unknown as TurfModule
  } catch (error) {
    throw turfErrors.GEO_TURF_MISSING({ reason: (error as Error).message }, { cause: error })
  }
}
