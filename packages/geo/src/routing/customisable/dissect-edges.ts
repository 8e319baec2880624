import type { RoadEdges } from '../../graph/road-graph.ts'
import { adjacencyOf } from './adjacency.ts'
import { Bisection, type Layout } from './bisection.ts'

/**
 * Orders the edges of a graph in which one moves from edge to edge: those that lead from one part of the network to another
 * part it, whatever the rules for turns (Buchhold, Wagner, Zeitz, Zündorf 2020).
 *
 * @returns the edges, the most important first
 */
export function dissectEdges(
  { first, tails, heads }: Pick<RoadEdges, 'first' | 'tails' | 'heads'>,
  layout: Layout,
): Int32Array {
  const nodes = first.length - 1
  const adjacency = adjacencyOf(nodes, tails, heads)
  const bisection = new Bisection(adjacency, layout)
  const order = new Int32Array(heads.length)
  const isOrdered = new Uint8Array(heads.length)
  let ordered = 0
  const dissect = (cell: Int32Array): void => {
    const half = cell.length < 2 ? 0 : bisection.part(cell)
    for (const node of cell) {
      const side = bisection.sides[node]
      for (let edge = first[node]!; edge < first[node + 1]!; edge++) {
        // What leads out of the cell has its place already; what leads back to its node gets it last.
        if (isOrdered[edge] === 1 || (cell.length > 1 && bisection.sides[heads[edge]!] === side)) continue
        isOrdered[edge] = 1
        order[ordered++] = edge
      }
      for (let link = adjacency.first[node]!; link < adjacency.first[node + 1]!; link++)
        if (bisection.isCut[link] === 0 && bisection.sides[adjacency.heads[link]!] !== side) {
          bisection.isCut[link] = 1
          bisection.isCut[adjacency.reverse[link]!] = 1
        }
    }
    if (cell.length < 2) return
    dissect(cell.subarray(0, half))
    dissect(cell.subarray(half))
  }
  if (nodes > 0) dissect(Int32Array.from({ length: nodes }, (_, node) => node))
  return order
}
