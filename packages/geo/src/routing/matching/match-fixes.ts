import { metresBetween } from '../../coordinates/sphere.ts'
import type { Position } from '../../coordinates/position.ts'
import type { RoadGraph } from '../../graph/road-graph.ts'
import { edgesOver, shareOf } from '../route/edge-part.ts'
import type { RoadPlace } from '../snap/road-place.ts'
import type { Snapper } from '../snap/snapper.ts'
import type { RoadTable } from '../table/road-table.ts'

/** Where a fix may have been: one edge in one direction. */
interface Candidate {
  /** Where the vehicle is taken to be: where it was before, if it only seems to have moved back. */
  place: RoadPlace
  readonly edge: number
  /** How unlikely the best way to here is, as a negative logarithm, and the candidate that it came over. */
  cost: number
  before: Candidate | undefined
}

/** A fix and the place that it was given. */
export interface MatchedFix {
  readonly fix: number
  readonly place: RoadPlace
}

interface MatchOptions {
  /** Metres. */
  readonly accuracy: number
  readonly radius: number
  readonly signal: AbortSignal | undefined
}

const mostCandidates = 8
/** Metres by which a way between fixes typically differs from the straight line. */
const detour = 20

/**
 * The likeliest places of fixes, part by part: a hidden Markov model over the edges around each fix (Newson and Krumm 2009).
 * What is far from its fix is unlikely, and so is a way between two that is much longer than the straight line.
 */
export function matchFixes(
  { graph, snapper, table }: { readonly graph: RoadGraph; readonly snapper: Snapper; readonly table: RoadTable },
  fixes: readonly Position[],
  { accuracy, radius, signal }: MatchOptions,
): MatchedFix[][] {
  const parts: MatchedFix[][] = []
  let chain: { readonly fix: number; readonly candidates: Candidate[] }[] = []
  const close = () => {
    if (chain.length > 0) parts.push(likeliest(chain))
    chain = []
  }
  for (const [fix, position] of fixes.entries()) {
    signal?.throwIfAborted()
    const candidates = candidatesAt(snapper, position, { accuracy, radius })
    if (candidates.length === 0) continue
    const last = chain.at(-1)
    if (last !== undefined) {
      const straight = metresBetween(...fixes[last.fix]!, ...position)
      const reachable = link({ graph, table }, last.candidates, candidates, { straight, accuracy })
      if (!reachable) close()
    }
    chain.push({ fix, candidates: candidates.filter(({ cost }) => cost < Infinity) })
  }
  close()
  return parts
}

function candidatesAt(
  snapper: Snapper,
  position: Position,
  { accuracy, radius }: { readonly accuracy: number; readonly radius: number },
): Candidate[] {
  return snapper
    .within(position, { radius })
    .slice(0, mostCandidates)
    .flatMap((place) =>
      edgesOver(place).map((edge) => ({
        place: edge === place.forward ? { ...place, backward: -1 } : { ...place, forward: -1 },
        edge,
        cost: 0.5 * (place.distance / accuracy) ** 2,
        before: undefined,
      })),
    )
}

interface Step {
  /** Metres between the fixes. */
  readonly straight: number
  readonly accuracy: number
}

/** Adds the cheapest way from any candidate before to each; whether there is one to any. Without, the costs stay as they are. */
function link(
  { graph, table }: { readonly graph: RoadGraph; readonly table: RoadTable },
  before: readonly Candidate[],
  candidates: readonly Candidate[],
  { straight, accuracy }: Step,
): boolean {
  const { distances } = table.between(
    before.map(({ place }) => place),
    candidates.map(({ place }) => place),
  )
  // Beyond this a vehicle would have had to drive around while the fixes say that it hardly moved.
  const longest = straight * 4 + accuracy * 50
  const linked = candidates.map((candidate, column) => {
    let best: { readonly cost: number; readonly from: Candidate; readonly stayed: boolean } | undefined
    for (const [row, from] of before.entries()) {
      const stayed = stays(graph, from, candidate, accuracy)
      const metres = stayed ? 0 : distances[row * candidates.length + column]!
      if (!(metres <= longest)) continue
      const cost = from.cost + Math.abs(metres - straight) / detour
      if (best === undefined || cost < best.cost) best = { cost, from, stayed }
    }
    return best
  })
  if (linked.every((best) => best === undefined)) return false
  for (const [column, candidate] of candidates.entries()) {
    candidate.cost += linked[column]?.cost ?? Infinity
    candidate.before = linked[column]?.from
    if (linked[column]?.stayed === true)
      candidate.place = { ...linked[column].from.place, distance: candidate.place.distance }
  }
  return true
}

/** Whether a fix only seems to lie behind the one before, on the same edge: a vehicle that stands jitters. */
function stays(graph: RoadGraph, from: Candidate, to: Candidate, accuracy: number): boolean {
  if (from.edge !== to.edge) return false
  const metres = graph.roads.lengths[graph.edges.roads[to.edge]! >> 1]! / 100
  const back = (shareOf(graph, from.place, to.edge) - shareOf(graph, to.place, to.edge)) * metres
  return back > 0 && back <= accuracy * 4
}

function likeliest(
  chain: readonly { readonly fix: number; readonly candidates: readonly Candidate[] }[],
): MatchedFix[] {
  let at = chain.at(-1)!.candidates.reduce((best, one) => (one.cost < best.cost ? one : best))
  const places: MatchedFix[] = []
  for (const { fix } of chain.toReversed()) {
    places.unshift({ fix, place: at.place })
    if (at.before !== undefined) at = at.before
  }
  return places
}
