import { featureId } from '../../fence/feature-id.ts'
import type { FenceFeature } from '../../fence/feature.ts'
import type { Line } from '../../fence/shape/line.ts'
import { readShape, type FencePart } from '../../fence/shape/read-shape.ts'

/** A fence as the statements take it. */
export interface FenceRow {
  readonly id: string
  /** The whole feature as JSON, to be given back as it came. */
  readonly feature: string
  /** Geometries as GeoJSON; over the antimeridian longitudes go on beyond 180 degrees. */
  readonly parts: readonly object[]
  /** Metres around the parts; 0 for areas. */
  readonly reach: number
}

/** @throws `GEO_FENCE_INVALID`, `GEO_POSITION_INVALID` */
export function fenceRow(feature: FenceFeature, where: string): FenceRow {
  const id = featureId(feature, where)
  const parts = readShape(feature, where, 'planar')
  return { id, feature: JSON.stringify(feature), parts: parts.map(geoJsonOf), reach: parts[0]!.metres ?? 0 }
}

function geoJsonOf({ metres, lines }: FencePart): object {
  const rings = lines.map(pairs)
  if (metres === undefined) return { type: 'Polygon', coordinates: rings }
  const [line] = rings
  const isPoint = line!.length === 2 && line![0]![0] === line![1]![0] && line![0]![1] === line![1]![1]
  return isPoint ? { type: 'Point', coordinates: line![0]! } : { type: 'LineString', coordinates: line! }
}

function pairs(line: Line): readonly (readonly [number, number])[] {
  return Array.from({ length: line.length / 2 }, (_, at) => [line[2 * at]!, line[2 * at + 1]!] as const)
}
