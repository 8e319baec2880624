import type { WeightedGraph } from '../../graph/weighted-graph.ts'
import type { Bound } from './bound.ts'
import { IntHeap } from './int-heap.ts'

/** A shortest path. */
export interface ShortestPath {
  readonly length: number
  /** In order, as places in the graph's lists. */
  readonly arcs: readonly number[]
}

/** Finds shortest paths without preparation; one search at a time, its memory is kept between them. */
export interface PathFinder {
  /** Undefined where no path leads. */
  path(source: number, target: number): ShortestPath | undefined
}

/**
 * A* (Hart, Nilsson, Raphael 1968): Dijkstra's search, drawn towards the target by a lower bound of what remains. With the
 * bound 0 it is Dijkstra's search, stopped at the target.
 *
 * @example
 * ```ts
 * import { weightedGraph } from '@exprsn/geo/graph'
 * import { createAStar } from '@exprsn/geo/routing'
 *
 * const graph = weightedGraph(3, { tails: [0, 1], heads: [1, 2], weights: [500, 700] })
 * createAStar(graph, () => 0).path(0, 2) // { length: 1200, arcs: [0, 1] }
 * ```
 */
export function createAStar(graph: WeightedGraph, bound: Bound): PathFinder {
  const labels = new SearchLabels(graph.nodes)
  return {
    path(source, target) {
      labels.clear()
      labels.reach(source, { length: 0, arc: -1, before: -1, key: bound(source, target) })
      while (labels.queue.size > 0) {
        const node = labels.settle()
        if (node < 0) continue
        if (node === target) return { length: labels.lengths[node]!, arcs: labels.arcsTo(node).reverse() }
        for (let arc = graph.first[node]!; arc < graph.first[node + 1]!; arc++) {
          const head = graph.heads[arc]!
          const length = labels.lengths[node]! + graph.weights[arc]!
          if (length < labels.lengths[head]!)
            labels.reach(head, { length, arc, before: node, key: length + bound(head, target) })
        }
      }
      return undefined
    },
  }
}

interface Label {
  readonly length: number
  readonly arc: number
  readonly before: number
  readonly key: number
}

const unreached = 2 ** 31 - 1

/** What a search knows of nodes. */
export class SearchLabels {
  readonly lengths: Int32Array
  readonly queue = new IntHeap()
  readonly #arcs: Int32Array
  readonly #before: Int32Array
  readonly #settled: Uint8Array
  readonly #touched: number[] = []

  constructor(nodes: number) {
    this.lengths = new Int32Array(nodes).fill(unreached)
    this.#arcs = new Int32Array(nodes)
    this.#before = new Int32Array(nodes)
    this.#settled = new Uint8Array(nodes)
  }

  clear(): void {
    for (const node of this.#touched) {
      this.lengths[node] = unreached
      this.#settled[node] = 0
    }
    this.#touched.length = 0
    this.queue.clear()
  }

  reach(node: number, { length, arc, before, key }: Label): void {
    if (this.lengths[node] === unreached) this.#touched.push(node)
    this.lengths[node] = length
    this.#arcs[node] = arc
    this.#before[node] = before
    this.queue.push(key, node)
  }

  /** Takes the node with the least key; -1 when it was settled before. */
  settle(): number {
    const node = this.queue.pop()
    if (this.#settled[node] === 1) return -1
    this.#settled[node] = 1
    return node
  }

  isReached(node: number): boolean {
    return this.lengths[node] !== unreached
  }

  /** The arcs that lead to a node, the last one first. */
  arcsTo(node: number): number[] {
    const arcs: number[] = []
    for (let at = node; this.#arcs[at]! >= 0; at = this.#before[at]!) arcs.push(this.#arcs[at]!)
    return arcs
  }
}
