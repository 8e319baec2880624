import { weightedGraph, textTable, type RoadGraph } from '@exprsn/geo/graph'
import type { City } from './city.ts'

/** A city as a graph of roads, each drawn straight, for a profile without rules for turns. */
export function roadGraphOf(city: City): RoadGraph {
  const { nodes, corners } = city
  const graph = weightedGraph(nodes, city)
  const tails = new Int32Array(graph.heads.length)
  for (let node = 0; node < nodes; node++) tails.fill(node, graph.first[node]!, graph.first[node + 1]!)
  const roads: number[] = []
  const roadOf = new Int32Array(tails.length)
  const placeOf = (tail: number, head: number): number => {
    let edge = graph.first[tail]!
    while (graph.heads[edge] !== head) edge++
    return edge
  }
  for (let edge = 0; edge < tails.length; edge++)
    if (tails[edge]! < graph.heads[edge]!) {
      roadOf[edge] = roads.push(edge) * 2 - 2
      roadOf[placeOf(graph.heads[edge]!, tails[edge]!)] = roadOf[edge]! + 1
    }
  const ends = roads.flatMap((edge) => [tails[edge]!, graph.heads[edge]!])
  return {
    profile: 'city',
    attribution: 'the shared data',
    nodes: {
      longitudes: Int32Array.from({ length: nodes }, (_, node) => corners[node * 2]!),
      latitudes: Int32Array.from({ length: nodes }, (_, node) => corners[node * 2 + 1]!),
    },
    roads: {
      firstPoint: Int32Array.from({ length: roads.length + 1 }, (_, road) => road * 2),
      points: Int32Array.from(ends.flatMap((node) => [corners[node * 2]!, corners[node * 2 + 1]!])),
      lengths: Int32Array.from(roads, (edge) => graph.weights[edge]! * 100),
      names: new Int32Array(roads.length),
      references: new Int32Array(roads.length),
      classes: new Uint8Array(roads.length),
      flags: new Uint8Array(roads.length),
      forward: Int32Array.from(roads),
      backward: Int32Array.from(roads, (edge) => placeOf(graph.heads[edge]!, tails[edge]!)),
    },
    edges: {
      first: graph.first,
      tails,
      heads: graph.heads,
      weights: graph.weights,
      roads: roadOf,
      components: new Int32Array(tails.length),
    },
    turns: undefined,
    texts: textTable(['']),
  }
}
