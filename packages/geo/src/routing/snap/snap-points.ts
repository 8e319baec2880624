import type { RoadGraph } from '../../graph/road-graph.ts'
import type { RoadPlace } from './road-place.ts'
import type { Snapper, SnapRules } from './snapper.ts'
import type { Position } from '../../coordinates/position.ts'

/** A checked point of a request. */
export interface PointToSnap {
  readonly position: Position
  readonly rules: SnapRules
}

/**
 * Finds all points of a request on the roads. Of islands (car parks, roads behind gates) nothing leads to the rest of the
 * network: unless all points are nearest to one and the same island, each is found on the largest connected part. A point that
 * has only an island in its radius stays there, and a point without a road is undefined.
 */
export function snapPoints(
  graph: RoadGraph,
  snapper: Snapper,
  points: readonly PointToSnap[],
): (RoadPlace | undefined)[] {
  const nearest = points.map(({ position, rules }) => snapper.nearest(position, rules))
  const component = commonComponent(graph, nearest) ?? 0
  return nearest.map((place, index) => {
    if (place === undefined) return undefined
    if (componentsOf(graph, place).every((one) => one === component)) return place
    const { position, rules } = points[index]!
    return snapper.nearest(position, { ...rules, component }) ?? place
  })
}

/** The component that every place lies in; the largest of them, undefined when there is none. */
function commonComponent(graph: RoadGraph, places: readonly (RoadPlace | undefined)[]): number | undefined {
  let common: readonly number[] | undefined
  for (const place of places) {
    if (place === undefined) continue
    const components = componentsOf(graph, place).filter((component) => component >= 0)
    common = common === undefined ? components : common.filter((component) => components.includes(component))
    if (common.length === 0) return undefined
  }
  return common === undefined || common.length === 0 ? undefined : Math.min(...common)
}

function componentsOf({ edges }: RoadGraph, { forward, backward }: RoadPlace): number[] {
  const components: number[] = []
  if (forward >= 0) components.push(edges.components[forward]!)
  if (backward >= 0) components.push(edges.components[backward]!)
  return components
}
