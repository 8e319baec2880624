import type { RoadGraph } from '../../graph/road-graph.ts'
import type { Seed } from '../hierarchy/search.ts'
import type { RoadPlace } from '../snap/road-place.ts'
import { closedEdge, edgesOver, partOf } from './edge-part.ts'

/** A state where a search begins, the edge that the route starts on, and the one it was led on to already. */
export interface Departure extends Seed {
  readonly edge: number
  readonly next?: { readonly edge: number; readonly cost: number } | undefined
}

/**
 * Where a search begins that starts at `from`. A state stands for the whole of its edge: where the end lies behind the start
 * on the same edge, the search must not meet there before it has left the edge, so it begins one turn later.
 */
export function departures(graph: RoadGraph, from: RoadPlace, to?: RoadPlace): Departure[] {
  const { turns, edges } = graph
  const found: Departure[] = []
  for (const edge of edgesOver(from)) {
    const length = edges.weights[edge]! - partOf(graph, from, edge)
    if (turns === undefined) found.push({ node: edges.heads[edge]!, length, edge })
    else if (to === undefined || !liesBehind(graph, { from, to, edge })) found.push({ node: edge, length, edge })
    else
      for (let arc = turns.first[edge]!; arc < turns.first[edge + 1]!; arc++) {
        const node = turns.heads[arc]!
        const next = { edge: turns.edges[node]!, cost: turns.costs[arc]! }
        if (edges.weights[next.edge] === closedEdge) continue
        found.push({ node, length: length + next.cost + edges.weights[next.edge]!, edge, next })
      }
  }
  return found
}

function liesBehind(graph: RoadGraph, { from, to, edge }: { from: RoadPlace; to: RoadPlace; edge: number }): boolean {
  return edgesOver(to).includes(edge) && partOf(graph, to, edge) < partOf(graph, from, edge)
}
