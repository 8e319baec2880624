import type { EdgeLists } from './edge-lists.ts'

/** One node of so many is among the first ones, which stand in the order of their importance. */
const nodesPerFirst = 64

/**
 * The nodes of a contracted graph in the order of their places: each behind all that its edges lead up to. The most important
 * ones come first. Below them a node stands right behind the last one that it leads up to, where that can be, so that what a
 * search climbs over lies close together in memory: a length takes a fifth less time in a large network, a path a third.
 *
 * @param contracted The nodes, the least important first.
 */
export function depthFirstOrder(lists: EdgeLists, contracted: Int32Array): Int32Array {
  const nodes = contracted.length
  const order = new Int32Array(nodes)
  const isPlaced = new Uint8Array(nodes)
  const { first, below } = nodesBelow(lists)
  /** How many edges of a node lead up to one that has no place yet. */
  const waiting = new Int32Array(nodes)
  for (const node of below) waiting[node]!++
  /** Nodes that wait for none. */
  const ready: number[] = []
  for (let node = 0; node < nodes; node++) if (waiting[node] === 0) ready.push(node)
  let placed = 0
  const place = (node: number) => {
    order[placed++] = node
    isPlaced[node] = 1
    for (let at = first[node]!; at < first[node + 1]!; at++) if (--waiting[below[at]!]! === 0) ready.push(below[at]!)
  }
  for (let rank = nodes - 1; placed < nodes / nodesPerFirst; rank--) place(contracted[rank]!)
  for (let node = ready.pop(); node !== undefined; node = ready.pop()) if (isPlaced[node] === 0) place(node)
  return order
}

/** By node the ones whose edges lead up to it, once per edge: those from `first[node]` up to `first[node + 1]`. */
function nodesBelow(lists: EdgeLists): { first: Int32Array; below: Int32Array } {
  const nodes = lists.first.length
  const first = new Int32Array(nodes + 1)
  const each = (visit: (node: number, above: number) => void) => {
    for (let node = 0; node < nodes; node++)
      for (let half = lists.first[node]!; half >= 0; half = lists.next[half]!) visit(node, lists.targets[half]!)
  }
  each((_, above) => first[above]!++)
  for (let node = 0; node < nodes; node++) first[node + 1]! += first[node]!
  const below = new Int32Array(first[nodes]!)
  // From where a node's part ends to where it begins.
  each((node, above) => (below[--first[above]!] = node))
  return { first, below }
}
