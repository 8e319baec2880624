import { strongComponents } from '../../graph/components.ts'
import { bySize } from '../../graph/build/edge-components.ts'
import type { RoadGraph } from '../../graph/road-graph.ts'
import { tooSmallRoads } from '../../graph/road-limits.ts'
import { closedEdge } from '../route/edge-part.ts'
import { invalid } from '../port/check-request.ts'
import { avoidedRoads } from './avoided-roads.ts'
import type { RoadConditions } from './road-conditions.ts'
import { RoadEdge } from './road-edge.ts'

/**
 * A graph as it is under conditions. It shares all lists with the original but those that change: weights, and what is found
 * near a position.
 *
 * @throws `GEO_POSITION_INVALID`, `GEO_ROUTE_INVALID`
 */
export function conditionedGraph(graph: RoadGraph, conditions: RoadConditions): RoadGraph {
  const weights = conditionedWeights(graph, conditions)
  const { edges, roads } = graph
  if (!weights.includes(closedEdge)) return { ...graph, edges: { ...edges, weights } }
  const usable = (edge: number): number => (edge >= 0 && weights[edge] !== closedEdge ? edge : -1)
  return {
    ...graph,
    edges: { ...edges, weights, components: componentsOf({ ...edges, weights }) },
    roads: { ...roads, forward: roads.forward.map(usable), backward: roads.backward.map(usable) },
  }
}

function conditionedWeights(graph: RoadGraph, { avoid = [], speed, vehicle }: RoadConditions): Int32Array {
  const { edges, roads, limits } = graph
  const weights = edges.weights.slice()
  const close = (closed: readonly number[]): void => {
    for (const road of closed)
      for (const edge of [roads.forward[road]!, roads.backward[road]!]) if (edge >= 0) weights[edge] = closedEdge
  }
  if (speed !== undefined) {
    const edge = new RoadEdge(graph)
    for (edge.index = 0; edge.index < weights.length; edge.index++)
      weights[edge.index] = weightAt(speed(edge), edge.index, weights[edge.index]!, roads.lengths[roadOf(graph, edge)]!)
  }
  if (avoid.length > 0) close(avoidedRoads(roads, avoid))
  if (vehicle !== undefined) {
    if (limits === undefined) throw invalid('vehicle', 'the graph was built for a profile without `vehicle`')
    close(tooSmallRoads(limits, vehicle))
  }
  return weights
}

function roadOf({ edges }: RoadGraph, { index }: RoadEdge): number {
  return edges.roads[index]! >> 1
}

function weightAt(speed: number | undefined, edge: number, usual: number, centimetres: number): number {
  if (speed === undefined) return usual
  if (typeof speed !== 'number' || !(speed >= 0)) throw invalid(`speed of edge ${edge}`, 'it is no number from 0')
  if (speed === 0) return closedEdge
  return Math.min(closedEdge - 1, Math.round((centimetres * 36) / speed))
}

/** Of what was one component only what still hangs together is one; rules for turns are left out of account. */
function componentsOf({ first, tails, heads, weights, components }: RoadGraph['edges']): Int32Array {
  const firstOpen = new Int32Array(first.length)
  for (let node = 0; node + 1 < first.length; node++) {
    firstOpen[node + 1] = firstOpen[node]!
    for (let edge = first[node]!; edge < first[node + 1]!; edge++)
      if (weights[edge] !== closedEdge) firstOpen[node + 1]!++
  }
  const parts = strongComponents({ first: firstOpen, heads: heads.filter((_, edge) => weights[edge] !== closedEdge) })
  const known = new Map<number, number>()
  const found = components.map((component, edge) => {
    const part = parts.components[tails[edge]!]!
    if (component < 0 || weights[edge] === closedEdge || part !== parts.components[heads[edge]!]) return -1
    const key = component * parts.count + part
    if (!known.has(key)) known.set(key, known.size)
    return known.get(key)!
  })
  return bySize(found, known.size)
}
