/**
 * Geometry beside the hot paths, through the optional peer `@turf/turf`.
 *
 * @packageDocumentation
 */
import type { FenceFeature } from '../fence/feature.ts'
import type { TurfModule } from './turf/load-turf.ts'
import { loadTurf } from './turf/load-turf.ts'

export { turfErrors } from './turf/errors.ts'
export type { AreaGeometry, TurfModule } from './turf/load-turf.ts'

/** Options of {@link fenceAreas}. */
export interface FenceAreasOptions {
  /** Corners of a circle. @default 64 */
  readonly steps?: number | undefined
  /** The host's own copy of the package. @default loaded on first use */
  readonly turf?: TurfModule | undefined
}

/**
 * Fences as polygons, for maps that draw no circles and corridors: circles get corners, corridors are widened. Good to look
 * at; the fences themselves compare with the exact shapes.
 *
 * @throws `GEO_TURF_MISSING`
 * @example
 * ```ts
 * import { fenceAreas } from '@exprsn/geo/drivers/turf'
 *
 * const [depot] = await fenceAreas([
 *   { type: 'Feature', id: 'depot', geometry: { type: 'Point', coordinates: [9.52, 47.14] }, properties: { radius: 200 } },
 * ])
 * console.log(depot?.geometry.type) // 'Polygon'
 * ```
 */
export async function fenceAreas(
  features: readonly FenceFeature[],
  options: FenceAreasOptions = {},
): Promise<readonly FenceFeature[]> {
  const turf = options.turf ?? (await loadTurf())
  return features.map((feature) => {
    const { geometry, properties } = feature
    if (geometry.type === 'Point') {
      const steps = options.steps ?? 64
      const area = turf.circle(geometry.coordinates, properties?.radius ?? 0, { steps, units: 'meters' })
      return { ...feature, geometry: area.geometry }
    }
    if (geometry.type === 'LineString') {
      const area = turf.buffer(geometry, (properties?.width ?? 0) / 2, { units: 'meters' })
      return area === undefined ? feature : { ...feature, geometry: area.geometry }
    }
    return feature
  })
}
