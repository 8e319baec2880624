import { adjacencyOf, type Adjacency } from './adjacency.ts'
import { Bisection, type Layout } from './bisection.ts'

/**
 * Orders nodes so that few of them come first which part the network, then the same within the parts (nested dissection,
 * George 1973): the order of a customisable contraction hierarchy, which depends on what is joined, not on weights.
 *
 * @returns the nodes, the most important first
 */
export function dissectNodes(
  nodes: number,
  { tails, heads }: { readonly tails: ArrayLike<number>; readonly heads: ArrayLike<number> },
  layout: Layout,
): Int32Array {
  const adjacency = adjacencyOf(nodes, tails, heads)
  const bisection = new Bisection(adjacency, layout)
  const order = new Int32Array(nodes)
  let ordered = 0
  const dissect = (cell: Int32Array): void => {
    if (cell.length < 2) {
      if (cell.length === 1) order[ordered++] = cell[0]!
      return
    }
    const half = bisection.part(cell)
    const parts = [cell.subarray(0, half), cell.subarray(half)] as const
    const borders = parts.map((part) => part.filter((node) => isAtBorder(adjacency, bisection, node)))
    const smaller = borders[0]!.length <= borders[1]!.length ? 0 : 1
    for (const node of borders[smaller]!) {
      order[ordered++] = node
      leaveOut(adjacency, bisection, node)
    }
    const separator = new Set(borders[smaller])
    const rest = parts[smaller].filter((node) => !separator.has(node))
    dissect(rest)
    dissect(parts[1 - smaller]!)
  }
  dissect(Int32Array.from({ length: nodes }, (_, node) => node))
  return order
}

function isAtBorder({ first, heads }: Adjacency, { isCut, sides }: Bisection, node: number): boolean {
  for (let link = first[node]!; link < first[node + 1]!; link++)
    if (isCut[link] === 0 && sides[heads[link]!] !== sides[node]) return true
  return false
}

function leaveOut({ first, reverse }: Adjacency, { isCut }: Bisection, node: number): void {
  for (let link = first[node]!; link < first[node + 1]!; link++) {
    isCut[link] = 1
    isCut[reverse[link]!] = 1
  }
}
