import type { Hierarchy } from './hierarchy.ts'
import type { downwards, upwards } from './side.ts'

/** The edges of a hierarchy that lead one way, by the place in whose row they stand. */
export interface EdgesOfWay {
  /** The edges of place p are those from `first[p]` up to `first[p + 1]`. */
  readonly first: Int32Array
  /** As in a hierarchy. */
  readonly edges: Int32Array
  /** Per edge a second value; undefined where none was given. */
  readonly totals: Int32Array | undefined
}

/** Lists the edges of a way; where all of them lead that way, the lists are the hierarchy's own. */
export function edgesOfWay(
  { nodes, first, edges }: Hierarchy,
  way: typeof upwards | typeof downwards,
  totals: Int32Array | undefined,
): EdgesOfWay {
  let count = 0
  for (let at = 1; at < edges.length; at += 2) if ((edges[at]! & way) !== 0) count++
  if (count * 2 === edges.length) return { first, edges, totals }
  const own = {
    first: new Int32Array(nodes + 1),
    edges: new Int32Array(count * 2),
    totals: totals === undefined ? undefined : new Int32Array(count),
  }
  let end = 0
  for (let place = 0; place < nodes; place++) {
    for (let edge = first[place]!; edge < first[place + 1]!; edge++) {
      if ((edges[edge * 2 + 1]! & way) === 0) continue
      own.edges[end * 2] = edges[edge * 2]!
      own.edges[end * 2 + 1] = edges[edge * 2 + 1]!
      if (totals !== undefined) own.totals![end] = totals[edge]!
      end++
    }
    own.first[place + 1] = end
  }
  return own
}
