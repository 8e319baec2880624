import type { WeightedGraph } from '../../graph/weighted-graph.ts'
import { IntHeap } from './int-heap.ts'

/** Lengths of the shortest paths from one node, and the arc each arrives by. */
export interface ShortestPathTree {
  /** Per node, -1 where no path leads. */
  readonly lengths: Int32Array
  /** Per node, -1 at the source and where no path leads. */
  readonly arcs: Int32Array
}

/**
 * From one node to all others (Dijkstra 1959): what the hierarchy is tested against.
 *
 * @example
 * ```ts
 * import { weightedGraph } from '@exprsn/geo/graph'
 * import { dijkstra } from '@exprsn/geo/routing'
 *
 * const graph = weightedGraph(3, { tails: [0, 1], heads: [1, 2], weights: [500, 700] })
 * console.log(dijkstra(graph, 0).lengths) // Int32Array(3) [0, 500, 1200]
 * ```
 */
export function dijkstra({ nodes, first, heads, weights }: WeightedGraph, source: number): ShortestPathTree {
  const lengths = new Int32Array(nodes).fill(-1)
  const arcs = new Int32Array(nodes).fill(-1)
  const settled = new Uint8Array(nodes)
  const queue = new IntHeap()
  lengths[source] = 0
  queue.push(0, source)
  while (queue.size > 0) {
    const node = queue.pop()
    if (settled[node] === 1) continue
    settled[node] = 1
    for (let arc = first[node]!; arc < first[node + 1]!; arc++) {
      const head = heads[arc]!
      const length = lengths[node]! + weights[arc]!
      if (lengths[head] !== -1 && lengths[head]! <= length) continue
      lengths[head] = length
      arcs[head] = arc
      queue.push(length, head)
    }
  }
  return { lengths, arcs }
}
