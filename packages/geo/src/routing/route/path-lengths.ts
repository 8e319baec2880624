import type { RoadGraph } from '../../graph/road-graph.ts'
import type { RoadPath } from './road-path.ts'

/** How much of the edge at a place in a path is travelled, 0 to 1. */
function travelled({ edges, from, to }: RoadPath, index: number): number {
  // Places less than a millisecond apart may lie the other way round.
  return Math.max(0, (index === edges.length - 1 ? to : 1) - (index === 0 ? from : 0))
}

/** Metres of the edge at a place in a path. */
export function metresOf({ edges, roads }: RoadGraph, path: RoadPath, index: number): number {
  return (roads.lengths[edges.roads[path.edges[index]!]! >> 1]! * travelled(path, index)) / 100
}

/** Milliseconds that the edge at a place in a path takes, without the turn into it. */
export function millisecondsOf({ edges }: RoadGraph, path: RoadPath, index: number): number {
  return edges.weights[path.edges[index]!]! * travelled(path, index)
}

/** Metres of a whole path. */
export function pathMetres(graph: RoadGraph, path: RoadPath): number {
  let metres = 0
  for (let index = 0; index < path.edges.length; index++) metres += metresOf(graph, path, index)
  return metres
}
