import { roadClasses, roadFlags } from '../../graph/road-class.ts'
import type { RoadGraph } from '../../graph/road-graph.ts'
import { bearingAtBegin, bearingAtEnd } from './edge-bearings.ts'
import type { Maneuver } from './instruction.ts'

const ferry = roadClasses.indexOf('ferry')

/** What to do between two edges of a way, undefined where it leads on by itself. */
export function maneuverAt(graph: RoadGraph, before: number, after: number): Maneuver | undefined {
  const { roads, edges } = graph
  const [from, to] = [edges.roads[before]! >> 1, edges.roads[after]! >> 1]
  if (roads.classes[to] === ferry && roads.classes[from] !== ferry) return 'ferry'
  if (edges.roads[before] === (edges.roads[after]! ^ 1)) return 'turn-round'
  const angle = angleBetween(graph, before, after)
  const others = branches(graph, before, after).map((edge) => angleBetween(graph, before, edge))
  const renamed = roads.names[from] !== roads.names[to]
  const ramp = (roads.flags[to]! & roadFlags.link) !== 0 && (roads.flags[from]! & roadFlags.link) === 0
  if (ramp && others.length > 0) return others.every((other) => other < angle) ? 'ramp-right' : 'ramp-left'
  if (others.length === 0) return renamed && roads.names[to] !== 0 ? 'continue' : undefined
  const kind = maneuverOf(angle)
  const rival = others.some((other) => Math.abs(other) < 40)
  if (kind === 'straight') {
    if (rival) return others.some((other) => Math.abs(other) < 40 && other < angle) ? 'slight-right' : 'slight-left'
    return renamed && roads.names[to] !== 0 ? 'continue' : undefined
  }
  const bendOnly = kind.startsWith('slight') && !renamed && !rival
  return bendOnly ? undefined : kind
}

/** Whether an edge is part of a roundabout. */
export function isRoundabout({ roads, edges }: RoadGraph, edge: number): boolean {
  return (roads.flags[edges.roads[edge]! >> 1]! & roadFlags.roundabout) !== 0
}

/** The edges other than the one taken that lead on from where an edge ends. */
export function branches({ edges }: RoadGraph, before: number, taken: number): number[] {
  const node = edges.heads[before]!
  const found: number[] = []
  for (let edge = edges.first[node]!; edge < edges.first[node + 1]!; edge++)
    if (edge !== taken && edges.roads[edge] !== (edges.roads[before]! ^ 1)) found.push(edge)
  return found
}

/** Degrees that one turns, to the right above 0, from -180 to 180. */
function angleBetween(graph: RoadGraph, before: number, after: number): number {
  const angle = bearingAtBegin(graph, after) - bearingAtEnd(graph, before)
  return ((angle + 540) % 360) - 180
}

function maneuverOf(angle: number): Maneuver {
  const size = Math.abs(angle)
  if (size < 20) return 'straight'
  const side = angle > 0 ? 'right' : 'left'
  if (size < 45) return `slight-${side}`
  return size < 130 ? side : `sharp-${side}`
}
