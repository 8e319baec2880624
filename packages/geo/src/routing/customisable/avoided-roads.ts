import { checkPosition, type Position } from '../../coordinates/position.ts'
import type { Roads } from '../../graph/road-graph.ts'
import { invalid } from '../port/check-request.ts'
import { unitsPerDegree } from '../snap/local-map.ts'
import type { AvoidedArea } from './road-conditions.ts'

/** From one corner of an area's border to the next, in units of 1e-7 degrees. */
interface Side {
  readonly ax: number
  readonly ay: number
  readonly bx: number
  readonly by: number
}

interface Area {
  readonly sides: readonly Side[]
  readonly left: number
  readonly right: number
  readonly bottom: number
  readonly top: number
}

/**
 * The roads that touch an area.
 *
 * @throws `GEO_POSITION_INVALID`, `GEO_ROUTE_INVALID`, naming the place
 */
export function avoidedRoads({ firstPoint, points }: Roads, areas: readonly AvoidedArea[]): number[] {
  const found: number[] = []
  const read = areas.map((area, index) => areaOf(area, `avoid[${index}]`))
  for (let road = 0; road + 1 < firstPoint.length; road++) {
    const shape = points.subarray(firstPoint[road]! * 2, firstPoint[road + 1]! * 2)
    if (read.some((area) => isNear(shape, area) && touches(shape, area))) found.push(road)
  }
  return found
}

function areaOf(area: AvoidedArea, where: string): Area {
  const polygons = area?.type === 'Polygon' ? [area.coordinates] : area?.type === 'MultiPolygon' && area.coordinates
  if (!Array.isArray(polygons)) throw invalid(where, 'it is no Polygon or MultiPolygon')
  const sides = (polygons as readonly (readonly (readonly Position[])[])[]).flatMap((rings, polygon) =>
    rings.flatMap((ring, at) => {
      const path = area.type === 'Polygon' ? `[${at}]` : `[${polygon}][${at}]`
      return sidesOf(ring, `${where}.coordinates${path}`)
    }),
  )
  const span = (values: readonly number[]) => values.reduce(([a, b], v) => [Math.min(a!, v), Math.max(b!, v)], ends)
  const [left, right] = span(sides.map(({ ax }) => ax))
  const [bottom, top] = span(sides.map(({ ay }) => ay))
  return { sides, left: left!, right: right!, bottom: bottom!, top: top! }
}

const ends: readonly number[] = [Infinity, -Infinity]

function sidesOf(ring: readonly Position[], where: string): Side[] {
  if (!Array.isArray(ring) || ring.length < 4) throw invalid(where, 'a ring needs four positions')
  const corners = ring.map((position, at) => checkPosition(position, `${where}[${at}]`))
  return corners.slice(1).map(([x, y], at) => {
    const [beforeX, beforeY] = corners[at]!
    return {
      ax: beforeX * unitsPerDegree,
      ay: beforeY * unitsPerDegree,
      bx: x * unitsPerDegree,
      by: y * unitsPerDegree,
    }
  })
}

function isNear(shape: Int32Array, { left, right, bottom, top }: Area): boolean {
  let [west, east, south, north] = [Infinity, -Infinity, Infinity, -Infinity]
  for (let at = 0; at < shape.length; at += 2) {
    west = Math.min(west, shape[at]!)
    east = Math.max(east, shape[at]!)
    south = Math.min(south, shape[at + 1]!)
    north = Math.max(north, shape[at + 1]!)
  }
  return west <= right && east >= left && south <= top && north >= bottom
}

function touches(shape: Int32Array, { sides }: Area): boolean {
  if (isInside(shape[0]!, shape[1]!, sides)) return true
  for (let at = 2; at < shape.length; at += 2) {
    const line = { ax: shape[at - 2]!, ay: shape[at - 1]!, bx: shape[at]!, by: shape[at + 1]! }
    if (sides.some((side) => cross(line, side))) return true
  }
  return false
}

function isInside(x: number, y: number, sides: readonly Side[]): boolean {
  let inside = false
  for (const { ax, ay, bx, by } of sides)
    if (ay > y !== by > y && x < ax + ((y - ay) / (by - ay)) * (bx - ax)) inside = !inside
  return inside
}

function cross(line: Side, side: Side): boolean {
  return (
    turn(line, side.ax, side.ay) * turn(line, side.bx, side.by) <= 0 &&
    turn(side, line.ax, line.ay) * turn(side, line.bx, line.by) <= 0 &&
    overlap(line.ax, line.bx, side.ax, side.bx) &&
    overlap(line.ay, line.by, side.ay, side.by)
  )
}

/** Which side of a line a place is on: above 0 left, below 0 right. */
function turn({ ax, ay, bx, by }: Side, x: number, y: number): number {
  return Math.sign((bx - ax) * (y - ay) - (by - ay) * (x - ax))
}

function overlap(a: number, b: number, c: number, d: number): boolean {
  return Math.max(Math.min(a, b), Math.min(c, d)) <= Math.min(Math.max(a, b), Math.max(c, d))
}
