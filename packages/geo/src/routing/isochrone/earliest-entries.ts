import type { RoadGraph } from '../../graph/road-graph.ts'
import { departures } from '../route/departures.ts'
import { closedEdge, partOf } from '../route/edge-part.ts'
import { IntHeap } from '../search/int-heap.ts'
import type { RoadPlace } from '../snap/road-place.ts'

/** When each edge is entered first, in milliseconds; the edges over the start as if one had come from their begin, so below 0. */
export type EarliestEntries = ReadonlyMap<number, number>

/** Every edge that is entered within a time from a place (Dijkstra 1959, stopped there). */
export function earliestEntries(graph: RoadGraph, from: RoadPlace, milliseconds: number): EarliestEntries {
  const { edges, turns } = graph
  const entries = new Map<number, number>()
  const lengths = new Map<number, number>()
  const queue = new IntHeap()
  const enter = (edge: number, at: number) => {
    if (at <= milliseconds && at < (entries.get(edge) ?? Infinity)) entries.set(edge, at)
  }
  const reach = (state: number, at: number) => {
    if (at > milliseconds || at >= (lengths.get(state) ?? Infinity)) return
    lengths.set(state, at)
    queue.push(at, state)
  }
  for (const { node, length, edge } of departures(graph, from)) {
    reach(node, length)
    enter(edge, -partOf(graph, from, edge))
  }
  while (queue.size > 0) {
    const at = queue.least
    const state = queue.pop()
    if (at > lengths.get(state)!) continue
    if (turns === undefined)
      for (let edge = edges.first[state]!; edge < edges.first[state + 1]!; edge++) {
        if (edges.weights[edge] === closedEdge) continue
        enter(edge, at)
        reach(edges.heads[edge]!, at + edges.weights[edge]!)
      }
    else
      for (let arc = turns.first[state]!; arc < turns.first[state + 1]!; arc++) {
        const next = turns.heads[arc]!
        if (edges.weights[turns.edges[next]!] === closedEdge) continue
        const begin = at + turns.costs[arc]!
        enter(turns.edges[next]!, begin)
        reach(next, begin + edges.weights[turns.edges[next]!]!)
      }
  }
  return entries
}
