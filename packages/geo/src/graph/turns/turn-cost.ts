import type { LaidOut } from '../build/lay-out.ts'
import type { TurnRules } from '../profile/road-profile.ts'

/** Milliseconds from one edge into the next; -1 where one may not turn round. */
export type TurnCost = (from: number, to: number) => number

/** What of a graph decides about the cost of turns. */
export type TurnSurroundings = Pick<LaidOut, 'roads' | 'edges' | 'delays' | 'degrees'>

/**
 * What turns cost. To turn round is possible only where no other edge leads on; a change of direction costs only where more
 * than two roads meet, for elsewhere it is a bend.
 */
export function turnCosts({ roads, edges, delays, degrees }: TurnSurroundings, rules: TurnRules): TurnCost {
  const uTurn = Math.round(rules.uTurn * 1_000)
  const costs = rules.angles.map(({ seconds }) => Math.round(seconds * 1_000))
  const arrivals = Float64Array.from(edges.roads, (place) => bearing(roads, place, 'last'))
  const departures = Float64Array.from(edges.roads, (place) => bearing(roads, place, 'first'))
  const hasOtherExit = (node: number, back: number): boolean =>
    edges.first[node + 1]! - edges.first[node]! > 1 || edges.first[node] !== back
  return (from, to) => {
    const node = edges.heads[from]!
    if (from !== to && edges.roads[from]! >> 1 === edges.roads[to]! >> 1) return hasOtherExit(node, to) ? -1 : uTurn
    if (degrees[node]! < 3) return delays[node]!
    const angle = Math.abs(((departures[to]! - arrivals[from]! + 540) % 360) - 180)
    return delays[node]! + costs[rules.angles.findIndex(({ upTo }) => angle <= upTo)]!
  }
}

/** Degrees clockwise from north along the first or the last line of an edge, on a map flattened there. */
function bearing({ firstPoint, points }: LaidOut['roads'], place: number, which: 'first' | 'last'): number {
  const road = place >> 1
  const isForward = place % 2 === 0
  const begin = firstPoint[road]!
  const end = firstPoint[road + 1]! - 1
  const atBegin = isForward === (which === 'first')
  const [a, b] = atBegin ? [begin, begin + 1] : [end - 1, end]
  const [from, to] = isForward ? [a, b] : [b, a]
  return bearingBetween(points[from * 2]!, points[from * 2 + 1]!, points[to * 2]!, points[to * 2 + 1]!)
}

/** Degrees clockwise from north, between places in units of 1e-7 degrees. */
function bearingBetween(ax: number, ay: number, bx: number, by: number): number {
  const scale = Math.cos(((ay + by) / 2e7) * (Math.PI / 180))
  return (Math.atan2((bx - ax) * scale, by - ay) * 180) / Math.PI
}
