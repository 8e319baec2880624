import { strongComponents } from '../components.ts'
import type { RoadEdges } from '../road-graph.ts'

type Edges = Pick<RoadEdges, 'first' | 'tails' | 'heads' | 'weights'>

/**
 * Which edges lie in areas that may not be passed through: those whose roads may not, and the open ones that belong to the
 * network only over such roads, as the streets behind the gate of an estate do. Without the latter nobody would get to them.
 * What belongs together is found without rules for turns; the network is the part whose edges take the longest.
 */
export function noThroughAreas(edges: Edges, isNoThrough: (edge: number) => boolean): Uint8Array {
  const closed = Uint8Array.from(edges.heads, (_, edge) => (isNoThrough(edge) ? 1 : 0))
  if (!closed.includes(1)) return closed
  const all = strongComponents(edges).components
  const open = strongComponents(withoutEdges(edges, closed)).components
  const networks = largestParts(edges, { closed, all, open })
  return closed.map((isClosed, edge) => {
    const [tail, head] = [edges.tails[edge]!, edges.heads[edge]!]
    if (isClosed === 1 || all[tail] !== all[head]) return isClosed
    return open[tail] === open[head] && networks.get(all[tail]!) === open[tail] ? 0 : 1
  })
}

function withoutEdges({ first, heads }: Edges, left: Uint8Array): Pick<Edges, 'first' | 'heads'> {
  const firstKept = new Int32Array(first.length)
  for (let node = 0; node + 1 < first.length; node++) {
    firstKept[node + 1] = firstKept[node]!
    for (let edge = first[node]!; edge < first[node + 1]!; edge++) firstKept[node + 1]! += 1 - left[edge]!
  }
  return { first: firstKept, heads: heads.filter((_, edge) => left[edge] === 0) }
}

interface Parts {
  readonly closed: Uint8Array
  /** Components of nodes over all edges, and over the open ones. */
  readonly all: Int32Array
  readonly open: Int32Array
}

/** Per component over all edges the one over open edges whose edges take the longest. */
function largestParts({ tails, heads, weights }: Edges, { closed, all, open }: Parts): Map<number, number> {
  const sizes = new Float64Array(tails.length === 0 ? 0 : open.reduce((most, one) => Math.max(most, one), 0) + 1)
  tails.forEach((tail, edge) => {
    if (closed[edge] === 0 && open[tail] === open[heads[edge]!]) sizes[open[tail]!]! += weights[edge]!
  })
  const largest = new Map<number, number>()
  open.forEach((part, node) => {
    const before = largest.get(all[node]!)
    if (sizes[part]! > 0 && (before === undefined || sizes[part]! > sizes[before]!)) largest.set(all[node]!, part)
  })
  return largest
}
