import type { RoadGraph } from './road-graph.ts'
import { weightedGraph, type WeightedGraph } from './weighted-graph.ts'

/**
 * The graph that a search runs on: its nodes are the states. Without turns an arc is an edge, and `origins` holds edges; with
 * turns an arc leads to a state, weighs the turn and the whole of the edge that it leads to, and `origins` holds arcs of `turns`.
 *
 * @example
 * ```ts no-run
 * import { stateGraph, type RoadGraph } from '@exprsn/geo/graph'
 *
 * declare const roads: RoadGraph
 * const { first, heads, weights } = stateGraph(roads)
 * for (let arc = first[0]!; arc < first[1]!; arc++) console.log(`to ${heads[arc]} in ${weights[arc]} ms`)
 * ```
 */
export function stateGraph({ nodes, edges, turns }: RoadGraph): WeightedGraph {
  if (turns === undefined)
    return weightedGraph(nodes.longitudes.length, { tails: edges.tails, heads: edges.heads, weights: edges.weights })
  const tails = new Int32Array(turns.heads.length)
  const weights = new Int32Array(turns.heads.length)
  for (let state = 0; state < turns.edges.length; state++)
    for (let arc = turns.first[state]!; arc < turns.first[state + 1]!; arc++) {
      tails[arc] = state
      weights[arc] = turns.costs[arc]! + edges.weights[turns.edges[turns.heads[arc]!]!]!
    }
  return weightedGraph(turns.edges.length, { tails, heads: turns.heads, weights })
}
