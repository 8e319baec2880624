import { fenceErrors } from '../errors.ts'
import type { FenceFeature } from '../feature.ts'
import { followGreatCircles } from './geodesic.ts'
import { readLine, type Line } from './line.ts'
import { readRing } from './ring.ts'

/** How the line between two points of a border runs. */
export type EdgeType = 'planar' | 'geodesic'

/** The parts of a fence: each an area between rings, or lines with a reach. */
export interface FencePart {
  /** Undefined for an area; else how far in metres it reaches from its lines. */
  readonly metres: number | undefined
  readonly lines: readonly Line[]
}

/** Beyond this a "circle" would reach round the earth. */
const largestRadius = 5_000_000

/** Reads the shape of a feature. @throws `GEO_FENCE_INVALID`, `GEO_POSITION_INVALID` */
export function readShape(feature: FenceFeature, where: string, edges: EdgeType): readonly FencePart[] {
  const { geometry, properties } = feature
  const at = `${where}.geometry.coordinates`
  switch (geometry?.type) {
    case 'Polygon':
      return [polygon(geometry.coordinates, at, edges)]
    case 'MultiPolygon': {
      if (!Array.isArray(geometry.coordinates) || geometry.coordinates.length === 0)
        throw invalid(at, 'it has no polygons')
      return geometry.coordinates.map((rings, index) => polygon(rings, `${at}[${index}]`, edges))
    }
    case 'Point': {
      const metres = reach(properties?.radius, `${where}.properties.radius`)
      const [x, y] = readLine([geometry.coordinates], at)
      return [{ metres, lines: [[x!, y!, x!, y!]] }]
    }
    case 'LineString': {
      const metres = reach(properties?.width, `${where}.properties.width`) / 2
      const line = readLine(geometry.coordinates, at)
      if (line.length < 4) throw invalid(at, `it has ${line.length / 2} positions; a line has two or more`)
      return [{ metres, lines: [edges === 'geodesic' ? followGreatCircles(line) : line] }]
    }
    default:
      throw invalid(`${where}.geometry`, `its type is ${JSON.stringify((geometry as { type?: unknown } | null)?.type)}`)
  }
}

function polygon(rings: unknown, where: string, edges: EdgeType): FencePart {
  if (!Array.isArray(rings) || rings.length === 0) throw invalid(where, 'it has no rings')
  const lines = rings.map((ring: unknown, index) => readRing(ring, `${where}[${index}]`))
  const aligned = lines.map((line) => alignWith(lines[0]!, line))
  return { metres: undefined, lines: edges === 'geodesic' ? aligned.map(followGreatCircles) : aligned }
}

/** A hole belongs to the same turn of the earth as the ring around it. */
function alignWith(outer: Line, line: Line): Line {
  const turns = Math.round((middle(outer) - middle(line)) / 360)
  return turns === 0 ? line : line.map((value, index) => (index % 2 === 0 ? value + turns * 360 : value))
}

function middle(line: Line): number {
  let [low, high] = [Infinity, -Infinity]
  for (let at = 0; at < line.length; at += 2) {
    low = Math.min(low, line[at]!)
    high = Math.max(high, line[at]!)
  }
  return (low + high) / 2
}

function reach(value: unknown, where: string): number {
  if (typeof value !== 'number' || !Number.isFinite(value) || value <= 0 || value > largestRadius)
    throw invalid(where, `${String(value)} is not a number of metres above 0 and up to ${largestRadius}`)
  return value
}

function invalid(where: string, reason: string) {
  return fenceErrors.GEO_FENCE_INVALID({ where, reason })
}
