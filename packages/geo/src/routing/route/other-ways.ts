import type { RoadGraph } from '../../graph/road-graph.ts'
import { millisecondsOf } from './path-lengths.ts'
import type { RoadPath } from './road-path.ts'

/** How much of an alternative's time may be spent on edges of one way that is told already. */
const mostShared = 0.7

/**
 * Chooses ways that are worth telling beside the fastest: none goes over an edge twice or turns round on the road, and each
 * differs from all others in three tenths of its time or more (Abraham, Delling, Goldberg, Werneck 2013, limited sharing).
 */
export function otherWays(
  graph: RoadGraph,
  fastest: RoadPath,
  { others, count }: { readonly others: Iterable<RoadPath>; readonly count: number },
): RoadPath[] {
  const chosen = [fastest]
  for (const path of others) {
    if (chosen.length > count) break
    if (isSimple(graph, path) && chosen.every((other) => shared(graph, path, other) <= mostShared)) chosen.push(path)
  }
  return chosen.slice(1)
}

function isSimple({ edges }: RoadGraph, path: RoadPath): boolean {
  const roads = path.edges.map((edge) => edges.roads[edge]! >> 1)
  return new Set(roads).size === roads.length
}

/** The share of a path's time on edges that the other has, too. */
function shared(graph: RoadGraph, path: RoadPath, other: RoadPath): number {
  const edges = new Set(other.edges)
  let common = 0
  for (const [index, edge] of path.edges.entries()) if (edges.has(edge)) common += millisecondsOf(graph, path, index)
  return path.duration === 0 ? 1 : common / path.duration
}
