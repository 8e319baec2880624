import type { RoadGraph } from '../../graph/road-graph.ts'
import { bearingOf, localMap } from '../snap/local-map.ts'

/** Metres of a road that are looked at: the first ones of a junction say little. */
const reach = 12

/** Degrees clockwise from north in which an edge leaves its first node. */
export function bearingAtBegin(graph: RoadGraph, edge: number): number {
  return bearingFrom(graph, graph.edges.roads[edge]!)
}

/** Degrees clockwise from north in which an edge comes to its last node. */
export function bearingAtEnd(graph: RoadGraph, edge: number): number {
  return (bearingFrom(graph, graph.edges.roads[edge]! ^ 1) + 180) % 360
}

function bearingFrom({ roads: { points, firstPoint } }: RoadGraph, directed: number): number {
  const road = directed >> 1
  const backward = (directed & 1) === 1
  const step = backward ? -1 : 1
  const first = backward ? firstPoint[road + 1]! - 1 : firstPoint[road]!
  const last = backward ? firstPoint[road]! : firstPoint[road + 1]! - 1
  const { east, north } = localMap(points[first * 2 + 1]!)
  let [dx, dy] = [0, 0]
  for (let point = first + step; ; point += step) {
    dx = (points[point * 2]! - points[first * 2]!) * east
    dy = (points[point * 2 + 1]! - points[first * 2 + 1]!) * north
    if (point === last || Math.hypot(dx, dy) >= reach) return bearingOf(dx, dy)
  }
}
