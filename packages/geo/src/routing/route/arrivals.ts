import type { RoadGraph } from '../../graph/road-graph.ts'
import type { Seed } from '../hierarchy/search.ts'
import type { RoadPlace } from '../snap/road-place.ts'
import { edgesOver, partOf } from './edge-part.ts'

/** A state where a search may end, and the edge that the end lies on. */
export interface Arrival extends Seed {
  readonly edge: number
}

/** Where a search may end. Lengths are this much too long, so that none of them is negative. */
export interface Arrivals {
  readonly seeds: readonly Arrival[]
  /** Milliseconds. */
  readonly ahead: number
}

/** Where a search ends at `to`: a state stands for the whole of its edge, of which the rest is not travelled. */
export function arrivals(graph: RoadGraph, to: RoadPlace): Arrivals {
  const { turns, edges } = graph
  const over = edgesOver(to)
  if (turns === undefined)
    return {
      seeds: over.map((edge) => ({ node: edges.tails[edge]!, length: partOf(graph, to, edge), edge })),
      ahead: 0,
    }
  const ahead = over.reduce((most, edge) => Math.max(most, edges.weights[edge]! - partOf(graph, to, edge)), 0)
  const seeds: Arrival[] = []
  for (const edge of over) {
    const length = ahead - (edges.weights[edge]! - partOf(graph, to, edge))
    seeds.push({ node: edge, length, edge })
    for (let copy = turns.firstCopy[edge]!; copy < turns.firstCopy[edge + 1]!; copy++)
      seeds.push({ node: copy, length, edge })
  }
  return { seeds, ahead }
}
