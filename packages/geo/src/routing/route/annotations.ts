import type { Position } from '../../coordinates/position.ts'
import { metresBetween } from '../../coordinates/sphere.ts'
import type { RoadGraph } from '../../graph/road-graph.ts'
import { textAt } from '../../graph/text-table.ts'
import type { RouteAnnotations } from '../port/route-request.ts'
import { metresOf, millisecondsOf } from './path-lengths.ts'
import type { RoadPath } from './road-path.ts'

interface Drawn {
  readonly geometry: readonly Position[]
  /** Per edge the place in the geometry where it begins. */
  readonly starts: Int32Array
}

/** Spreads length and duration of each edge over the points that it is drawn with. */
export function annotate(graph: RoadGraph, path: RoadPath, { geometry, starts }: Drawn): RouteAnnotations {
  const distances: number[] = []
  const durations: number[] = []
  const names: string[] = []
  let owed = 0
  for (let index = 0; index < path.edges.length; index++) {
    const first = starts[index]!
    const last = starts[index + 1] ?? geometry.length - 1
    const metres = metresOf(graph, path, index)
    const seconds = millisecondsOf(graph, path, index) / 1_000
    const name = textAt(graph.texts, graph.roads.names[graph.edges.roads[path.edges[index]!]! >> 1]!)
    owed += path.turnCosts[index]! / 1_000
    if (first === last) {
      owed += seconds
      continue
    }
    const drawn = lengthsBetween(geometry, first, last)
    const all = drawn.reduce((sum, length) => sum + length, 0)
    for (const [at, length] of drawn.entries()) {
      const share = all === 0 ? 1 / drawn.length : length / all
      distances.push(metres * share)
      durations.push(seconds * share + (at === 0 ? owed : 0))
      names.push(name)
    }
    owed = 0
  }
  while (distances.length < geometry.length - 1 - starts[0]!) {
    distances.push(0)
    durations.push(0)
    names.push('')
  }
  if (owed > 0) durations[durations.length - 1]! += owed
  return { distances, durations, names }
}

function lengthsBetween(geometry: readonly Position[], first: number, last: number): number[] {
  return Array.from({ length: last - first }, (_, at) =>
    metresBetween(...geometry[first + at]!, ...geometry[first + at + 1]!),
  )
}
