import type { LaidOut } from '../build/lay-out.ts'
import type { TurnRules } from '../profile/road-profile.ts'
import { restrictionKind } from './restriction-kind.ts'
import type { Restriction } from './restriction.ts'

/** What became of the restrictions. */
export interface ForbiddenSequences {
  /** Edges that may not be travelled one right after the other. */
  readonly sequences: readonly (readonly number[])[]
  /** Restrictions that bind. */
  readonly applied: number
  /** Ids of restrictions that would bind, but whose members are no path of the graph, or several. */
  readonly unusable: readonly number[]
}

/** Which roads restrictions speak about. */
export interface RestrictedRoads {
  readonly laidOut: LaidOut
  /** The roads of a way, for ways that are members of restrictions. */
  readonly roadsOf: ReadonlyMap<number, readonly number[]>
  /** The node of the graph for the id of a node. */
  readonly nodeOf: (id: number) => number
}

/** Paths over via ways longer than this are not looked for: no restriction is that long. */
const longestVia = 50

/**
 * Turns restrictions into sequences of edges.
 *
 * A mandatory restriction (`only_*`) forbids everything else from the moment when its first via way was entered; over a node,
 * from the `from` way on.
 */
export function forbiddenSequences(
  restrictions: readonly Restriction[],
  roads: RestrictedRoads,
  { turns, at }: { readonly turns: TurnRules; readonly at: string | undefined },
): ForbiddenSequences {
  const sequences: (readonly number[])[] = []
  const unusable: number[] = []
  let applied = 0
  for (const restriction of restrictions) {
    const kind = restrictionKind(turns, restriction.tags, at)
    if (kind === undefined) continue
    const paths = pathsOf(restriction, roads)
    if (paths.length === 0) unusable.push(restriction.id)
    else {
      applied++
      sequences.push(...(kind === 'no' ? paths : paths.flatMap((path) => othersThan(path, paths, roads.laidOut))))
    }
  }
  return { sequences, applied, unusable }
}

/** Every path of a restriction: one for each pair of its `from` and `to` ways, as a rule one. */
function pathsOf(restriction: Restriction, roads: RestrictedRoads): number[][] {
  const { from, to, viaNode, viaWays, tags } = restriction
  const isUTurn = [...tags.values()].some((value) => value.startsWith('no_u_turn') || value.startsWith('only_u_turn'))
  return from.flatMap((start) =>
    to.flatMap((end) => {
      const paths =
        viaNode === undefined
          ? overWays([start, ...viaWays, end], roads)
          : overNode(start, roads.nodeOf(viaNode), end, roads)
      const { edges } = roads.laidOut
      const turning = paths.filter(
        ([first, second]) => second === undefined || edges.roads[first!]! >> 1 === edges.roads[second]! >> 1,
      )
      if (isUTurn && viaNode !== undefined && start === end && turning.length > 0) return turning
      // A way that goes on beyond the junction leaves open which of its halves is meant.
      return paths.length === 1 ? paths : []
    }),
  )
}

function overNode(start: number, node: number, end: number, { laidOut, roadsOf }: RestrictedRoads): number[][] {
  const { edges } = laidOut
  const arriving = edgesOfWay(start, laidOut, roadsOf).filter((edge) => edges.heads[edge] === node)
  const leaving = edgesOfWay(end, laidOut, roadsOf).filter((edge) => edges.tails[edge] === node)
  return arriving.flatMap((first) => leaving.map((second) => [first, second]))
}

function overWays(ways: readonly number[], roads: RestrictedRoads): number[][] {
  const found = walkWays(ways, roads)
  const [start, ...rest] = ways
  const end = rest.pop()!
  // Via ways are not always listed in the order in which they are gone.
  return found.length > 0 || rest.length < 2 ? found : walkWays([start!, ...rest.toReversed(), end], roads)
}

/** The ways from the last edge of the first way, over all edges on each of the ways between, to the first edge of the last. */
function walkWays(ways: readonly number[], { laidOut, roadsOf }: RestrictedRoads): number[][] {
  const { edges } = laidOut
  const edgesByStage = ways.map((way) => edgesOfWay(way, laidOut, roadsOf))
  const found: number[][] = []
  const extend = (path: number[], stage: number): void => {
    const last = path.at(-1)!
    const node = edges.heads[last]!
    if (path.length > longestVia || path.slice(0, -1).some((edge) => edges.heads[edge] === node)) return
    for (const next of [stage, stage + 1])
      for (const edge of edgesByStage[next] ?? []) {
        // On the first way only its last edge counts.
        if (edges.tails[edge] !== node || next === 0 || isTurn(edges.roads, last, edge)) continue
        if (next === ways.length - 1) found.push([...path, edge])
        else extend([...path, edge], next)
      }
  }
  for (const edge of edgesByStage[0]!) extend([edge], 0)
  return found
}

function isTurn(roads: Int32Array, a: number, b: number): boolean {
  return a !== b && roads[a]! >> 1 === roads[b]! >> 1
}

function edgesOfWay(way: number, { roads }: LaidOut, roadsOf: RestrictedRoads['roadsOf']): number[] {
  return (roadsOf.get(way) ?? [])
    .flatMap((road) => [roads.forward[road]!, roads.backward[road]!])
    .filter((edge) => edge >= 0)
}

/** For a mandatory path: what leaves it after its first edge (over a node) or its first via way. */
function othersThan(path: readonly number[], paths: readonly (readonly number[])[], { edges }: LaidOut): number[][] {
  const sequences: number[][] = []
  for (let length = path.length === 2 ? 1 : 2; length < path.length; length++) {
    const begin = path.slice(0, length)
    const node = edges.heads[path[length - 1]!]!
    // With several `to` ways each of them will do.
    const wanted = new Set(
      paths.filter((other) => begin.every((edge, at) => other[at] === edge)).map((other) => other[length]),
    )
    for (let edge = edges.first[node]!; edge < edges.first[node + 1]!; edge++)
      if (!wanted.has(edge)) sequences.push([...begin, edge])
  }
  return sequences
}
