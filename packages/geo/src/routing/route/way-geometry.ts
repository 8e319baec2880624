import type { Position } from '../../coordinates/position.ts'
import type { RoadGraph } from '../../graph/road-graph.ts'
import { unitsPerDegree } from '../snap/local-map.ts'
import type { RoadPlace } from '../snap/road-place.ts'
import type { RoadPath } from './road-path.ts'

/**
 * Appends the points of a path and returns, per edge, the place in the geometry at which the edge begins. Points that are
 * equal to the one before are left out, but a geometry has at least two.
 */
export function appendGeometry(
  { roads, edges }: RoadGraph,
  path: RoadPath,
  { from, to, geometry }: { readonly from: RoadPlace; readonly to: RoadPlace; readonly geometry: Position[] },
): Int32Array {
  const { points, firstPoint } = roads
  const starts = new Int32Array(path.edges.length)
  append(geometry, from.position)
  for (let index = 0; index < path.edges.length; index++) {
    const directed = edges.roads[path.edges[index]!]!
    const road = directed >> 1
    const forward = (directed & 1) === 0
    const isFirst = index === 0
    const isLast = index === path.edges.length - 1
    starts[index] = geometry.length - 1
    const low = firstPoint[road]!
    const high = firstPoint[road + 1]! - 1
    if (forward) {
      const last = isLast ? to.point : high
      for (let point = isFirst ? from.point + 1 : low; point <= last; point++) appendPoint(geometry, points, point)
    } else {
      const last = isLast ? to.point + 1 : low
      for (let point = isFirst ? from.point : high; point >= last; point--) appendPoint(geometry, points, point)
    }
  }
  append(geometry, to.position)
  if (geometry.length < 2) geometry.push(to.position)
  return starts
}

function append(geometry: Position[], position: Position): void {
  const before = geometry.at(-1)
  if (before === undefined || before[0] !== position[0] || before[1] !== position[1]) geometry.push(position)
}

function appendPoint(geometry: Position[], points: Int32Array, point: number): void {
  const x = points[point * 2]! / unitsPerDegree
  const y = points[point * 2 + 1]! / unitsPerDegree
  const before = geometry[geometry.length - 1]!
  if (before[0] !== x || before[1] !== y) geometry.push([x, y])
}
