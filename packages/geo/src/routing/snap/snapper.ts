import type { Position } from '../../coordinates/position.ts'
import type { RoadGraph, Roads } from '../../graph/road-graph.ts'
import { bearingOf, bearingsApart, localMap, unitsPerDegree } from './local-map.ts'
import type { RoadPlace } from './road-place.ts'
import { segmentCells, type SegmentCells } from './segment-cells.ts'
import { SegmentGrid, type SegmentHit } from './segment-grid.ts'

/** Which places will do. */
export interface SnapRules {
  /** Metres. */
  readonly radius: number
  /** Degrees clockwise from north in which the road must be used, give or take `tolerance` degrees. */
  readonly bearing?: number | undefined
  readonly tolerance?: number | undefined
  /** Only edges of this strongly connected component. */
  readonly component?: number | undefined
}

/** Finds the places on roads that positions stand for. */
export class Snapper {
  readonly #graph: RoadGraph
  readonly #grid: SegmentGrid

  constructor(graph: RoadGraph, cells: SegmentCells = segmentCells(graph.roads)) {
    this.#graph = graph
    this.#grid = new SegmentGrid(graph.roads.points, cells)
  }

  /** The nearest place, undefined where there is no road. */
  nearest([longitude, latitude]: Position, rules: SnapRules): RoadPlace | undefined {
    const { roads } = this.#graph
    const x = longitude * unitsPerDegree
    const y = latitude * unitsPerDegree
    const hit = this.#grid.nearest(x, y, rules.radius, (point) => {
      const { forward, backward } = this.#edgesAt(point, roadAt(roads, point), rules)
      return forward >= 0 || backward >= 0
    })
    return hit === undefined ? undefined : this.#place(hit, rules)
  }

  /** The nearest place on every road in the radius, nearest first. */
  within([longitude, latitude]: Position, rules: SnapRules): RoadPlace[] {
    const hits = new Map<number, SegmentHit>()
    this.#grid.within(longitude * unitsPerDegree, latitude * unitsPerDegree, rules.radius, (hit) => {
      const road = roadAt(this.#graph.roads, hit.point)
      const before = hits.get(road)
      if (before === undefined || hit.distance < before.distance) hits.set(road, hit)
    })
    return [...hits.values()]
      .map((hit) => this.#place(hit, rules))
      .filter(({ forward, backward }) => forward >= 0 || backward >= 0)
      .sort((a, b) => a.distance - b.distance)
  }

  #place(hit: SegmentHit, rules: SnapRules): RoadPlace {
    const { roads } = this.#graph
    const { points } = roads
    const at = hit.point * 2
    const x = points[at]! + hit.share * (points[at + 2]! - points[at]!)
    const y = points[at + 1]! + hit.share * (points[at + 3]! - points[at + 1]!)
    const road = roadAt(roads, hit.point)
    return {
      road,
      share: shareOfRoad(roads, road, hit),
      point: hit.point,
      position: [Math.round(x) / unitsPerDegree, Math.round(y) / unitsPerDegree],
      distance: hit.distance,
      ...this.#edgesAt(hit.point, road, rules),
    }
  }

  #edgesAt(point: number, road: number, { bearing, tolerance = 45, component }: SnapRules) {
    const { roads, edges } = this.#graph
    let forward = roads.forward[road]!
    let backward = roads.backward[road]!
    if (component !== undefined) {
      if (forward >= 0 && edges.components[forward] !== component) forward = -1
      if (backward >= 0 && edges.components[backward] !== component) backward = -1
    }
    if (bearing !== undefined) {
      const ahead = bearingOfSegment(roads, point)
      if (bearingsApart(ahead, bearing) > tolerance) forward = -1
      if (bearingsApart(ahead + 180, bearing) > tolerance) backward = -1
    }
    return { forward, backward }
  }
}

/** The road that a point belongs to. */
function roadAt({ firstPoint }: Roads, point: number): number {
  let low = 0
  let high = firstPoint.length - 2
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if (firstPoint[middle]! <= point) low = middle
    else high = middle - 1
  }
  return low
}

/** Degrees clockwise from north of the segment that begins at a point. */
export function bearingOfSegment({ points }: Roads, point: number): number {
  const { east, north } = localMap(points[point * 2 + 1]!)
  const dx = points[point * 2 + 2]! - points[point * 2]!
  const dy = points[point * 2 + 3]! - points[point * 2 + 1]!
  return bearingOf(dx * east, dy * north)
}

function shareOfRoad({ firstPoint, points }: Roads, road: number, hit: SegmentHit): number {
  const { east, north } = localMap(points[hit.point * 2 + 1]!)
  let before = 0
  let all = 0
  for (let point = firstPoint[road]!; point + 1 < firstPoint[road + 1]!; point++) {
    const length = Math.hypot(
      (points[point * 2 + 2]! - points[point * 2]!) * east,
      (points[point * 2 + 3]! - points[point * 2 + 1]!) * north,
    )
    all += length
    if (point < hit.point) before += length
    else if (point === hit.point) before += length * hit.share
  }
  return all === 0 ? 0 : Math.min(1, before / all)
}
