import type { Position } from '../../coordinates/position.ts'
import type { RoadGraph, Roads } from '../../graph/road-graph.ts'
import { shareOf } from '../route/edge-part.ts'
import { localMap, unitsPerDegree } from '../snap/local-map.ts'
import type { RoadPlace } from '../snap/road-place.ts'
import type { EarliestEntries } from './earliest-entries.ts'

/** A piece of a road between two shares of its length. */
interface Piece {
  readonly begin: number
  readonly end: number
}

/** The lines that are reached in a time; where both directions reach the same piece, it comes once. */
export function reachedPieces(
  graph: RoadGraph,
  entries: EarliestEntries,
  { from, milliseconds }: { readonly from: RoadPlace; readonly milliseconds: number },
): Position[][] {
  const byRoad = new Map<number, Piece[]>()
  for (const [edge, entry] of entries) {
    if (entry > milliseconds) continue
    const weight = graph.edges.weights[edge]!
    const far = weight === 0 ? 1 : Math.min(1, (milliseconds - entry) / weight)
    // What lies behind the start on its own edge is not reached by leaving it.
    const near = entry < 0 || (entry === 0 && isOver(from, edge)) ? shareOf(graph, from, edge) : 0
    const directed = graph.edges.roads[edge]!
    const piece = (directed & 1) === 0 ? { begin: near, end: far } : { begin: 1 - far, end: 1 - near }
    const pieces = byRoad.get(directed >> 1)
    if (pieces === undefined) byRoad.set(directed >> 1, [piece])
    else pieces.push(piece)
  }
  return [...byRoad].flatMap(([road, pieces]) => joined(pieces).map((piece) => cut(graph.roads, road, piece)))
}

function isOver({ forward, backward }: RoadPlace, edge: number): boolean {
  return edge === forward || edge === backward
}

function joined(pieces: Piece[]): Piece[] {
  pieces.sort((a, b) => a.begin - b.begin)
  const whole: Piece[] = []
  for (const piece of pieces) {
    const before = whole.at(-1)
    if (before === undefined || piece.begin > before.end) whole.push(piece)
    else whole[whole.length - 1] = { begin: before.begin, end: Math.max(before.end, piece.end) }
  }
  return whole
}

/** The points of a road between two shares of its length. */
function cut({ points, firstPoint }: Roads, road: number, { begin, end }: Piece): Position[] {
  const first = firstPoint[road]!
  const last = firstPoint[road + 1]! - 1
  const { east, north } = localMap(points[first * 2 + 1]!)
  const at: number[] = [0]
  for (let point = first; point < last; point++) {
    const dx = (points[point * 2 + 2]! - points[point * 2]!) * east
    const dy = (points[point * 2 + 3]! - points[point * 2 + 1]!) * north
    at.push(at.at(-1)! + Math.hypot(dx, dy))
  }
  const all = at.at(-1)!
  const placeAt = (length: number): Position => {
    const after = Math.max(
      1,
      at.findIndex((one) => one >= length),
    )
    const share = at[after] === at[after - 1] ? 0 : (length - at[after - 1]!) / (at[after]! - at[after - 1]!)
    const point = first + after - 1
    const x = points[point * 2]! + share * (points[point * 2 + 2]! - points[point * 2]!)
    const y = points[point * 2 + 1]! + share * (points[point * 2 + 3]! - points[point * 2 + 1]!)
    return [Math.round(x) / unitsPerDegree, Math.round(y) / unitsPerDegree]
  }
  const between = at.flatMap((length, index): Position[] =>
    length > begin * all && length < end * all
      ? [[points[(first + index) * 2]! / unitsPerDegree, points[(first + index) * 2 + 1]! / unitsPerDegree]]
      : [],
  )
  return [placeAt(begin * all), ...between, placeAt(Math.min(end * all, all))]
}
