import { metresBetween } from '../../coordinates/sphere.ts'
import type { RoadGraph } from '../../graph/road-graph.ts'
import { unitsPerDegree } from '../snap/local-map.ts'

/**
 * At least as much as the shortest path between two nodes never is: a whole number, never negative, that no arc lowers by more
 * than it weighs.
 */
export type Bound = (from: number, to: number) => number

/**
 * The milliseconds that the straight line takes at the greatest speed of the graph, between nodes of a graph without turns.
 *
 * @example
 * ```ts
 * import { buildGraph, profiles, stateGraph } from '@exprsn/geo/graph'
 * import { readOsm } from '@exprsn/geo/osm'
 * import { createAStar, straightLineBound } from '@exprsn/geo/routing'
 *
 * const line = { type: 'LineString', coordinates: [[9.52, 47.14], [9.53, 47.14]] }
 * const roads = readOsm(new TextEncoder().encode(JSON.stringify(line)), { tags: { highway: 'footway' } })
 * const graph = await buildGraph(roads, { profile: profiles.foot })
 * createAStar(stateGraph(graph), straightLineBound(graph)).path(0, 1)?.arcs.length // 1
 * ```
 */
export function straightLineBound({ nodes, edges, roads }: RoadGraph): Bound {
  let slowness = Infinity
  const at = (node: number) =>
    [nodes.longitudes[node]! / unitsPerDegree, nodes.latitudes[node]! / unitsPerDegree] as const
  for (let edge = 0; edge < edges.heads.length; edge++) {
    const straight = metresBetween(...at(edges.tails[edge]!), ...at(edges.heads[edge]!))
    const metres = Math.max(straight, roads.lengths[edges.roads[edge]! >> 1]! / 100)
    if (metres > 0) slowness = Math.min(slowness, edges.weights[edge]! / metres)
  }
  if (slowness === Infinity) return () => 0
  // A little less, for sums of doubles are not exact.
  const perMetre = slowness * (1 - 1e-9)
  return (from, to) => Math.floor(metresBetween(...at(from), ...at(to)) * perMetre)
}
