import type { RoadGraph } from '../../graph/road-graph.ts'
import { heaviest } from '../../graph/weighted-graph.ts'
import type { RoadPlace } from '../snap/road-place.ts'

/** The edges over a place, at most two. */
export function edgesOver({ forward, backward }: RoadPlace): number[] {
  if (forward < 0) return backward < 0 ? [] : [backward]
  return backward < 0 ? [forward] : [forward, backward]
}

/** Weighs an edge that may not be used under the conditions of a network; no other is as heavy. */
export const closedEdge = heaviest

/** How much of an edge's length lies before the place, 0 to 1. */
export function shareOf({ edges }: RoadGraph, { share }: RoadPlace, edge: number): number {
  return (edges.roads[edge]! & 1) === 0 ? share : 1 - share
}

/** Milliseconds from the edge's begin to the place, a whole number. */
export function partOf(graph: RoadGraph, place: RoadPlace, edge: number): number {
  return Math.round(graph.edges.weights[edge]! * shareOf(graph, place, edge))
}
