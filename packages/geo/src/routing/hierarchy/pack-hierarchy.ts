import { graphErrors } from '../../graph/errors.ts'
import type { EdgeLists } from './edge-lists.ts'
import type { Hierarchy } from './hierarchy.ts'

/** Two searches of half this length are added up in 31 bits. */
const longest = 2 ** 30 - 1

/** Writes a contracted graph into rows by importance. `order` holds the nodes as they were contracted. */
export function packHierarchy(lists: EdgeLists, order: Int32Array): Hierarchy {
  const nodes = order.length
  const places = new Int32Array(nodes)
  for (let rank = 0; rank < nodes; rank++) places[order[rank]!] = nodes - 1 - rank
  const { first, edgeOfHalf } = number(lists, order)
  const edges = new Int32Array(first[nodes]! * 2)
  const children = new Int32Array(first[nodes]! * 2)
  const child = (half: number) => (half >= 0 ? edgeOfHalf[half]! : half)
  for (const node of order)
    for (let half = lists.first[node]!; half >= 0; half = lists.next[half]!) {
      const at = edgeOfHalf[half]! * 2
      edges[at] = places[lists.targets[half]!]!
      edges[at + 1] = lists.weights[half >> 1]! * 4 + lists.ways[half]!
      children[at] = child(lists.children[half]!)
      children[at + 1] = child(lists.children[half ^ 1]!)
    }
  checkLengths(first, edges)
  return { nodes, places, first, edges, children }
}

function number(lists: EdgeLists, order: Int32Array) {
  const first = new Int32Array(order.length + 1)
  const edgeOfHalf = new Int32Array(lists.edges * 2)
  let count = 0
  for (let place = 0; place < order.length; place++) {
    const node = order[order.length - 1 - place]!
    first[place] = count
    for (let half = lists.first[node]!; half >= 0; half = lists.next[half]!) edgeOfHalf[half] = count++
  }
  first[order.length] = count
  return { first, edgeOfHalf }
}

/** A path up and down must not overflow: the longest way up from each place, top down. */
function checkLengths(first: Int32Array, edges: Int32Array): void {
  const up = new Float64Array(first.length - 1)
  for (let place = 0; place < up.length; place++)
    for (let edge = first[place]!; edge < first[place + 1]!; edge++)
      up[place] = Math.max(up[place]!, (edges[edge * 2 + 1]! >> 2) + up[edges[edge * 2]!]!)
  if (up.some((length) => length > longest))
    throw graphErrors.GEO_GRAPH_INVALID({ where: 'the weights', reason: 'paths may be heavier than 1,073,741,823' })
}
