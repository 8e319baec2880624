import { graphErrors } from './errors.ts'

/** The heaviest arc or path that fits: two bits of 31 are left for directions. As milliseconds it is 6.2 days. */
export const heaviest = 2 ** 29 - 1

/** A directed graph in rows: the arcs of node n are those from `first[n]` up to `first[n + 1]`, by head. */
export interface WeightedGraph {
  readonly nodes: number
  readonly first: Int32Array
  readonly heads: Int32Array
  /** Whole numbers, for instance milliseconds or decimetres. */
  readonly weights: Int32Array
  /** Per arc its place in the lists the graph was made of. */
  readonly origins: Int32Array
}

/** Arcs as three lists of one length. */
export interface ArcLists {
  readonly tails: ArrayLike<number>
  readonly heads: ArrayLike<number>
  readonly weights: ArrayLike<number>
}

/**
 * Sorts arcs into rows. Of several arcs between the same two nodes the lightest is kept; arcs from a node to itself are
 * left out, for no shortest path takes one.
 *
 * @throws `GEO_GRAPH_INVALID` naming the arc
 * @example
 * ```ts
 * import { weightedGraph } from '@exprsn/geo/graph'
 *
 * const graph = weightedGraph(3, { tails: [0, 1], heads: [1, 2], weights: [500, 700] })
 * graph.heads[graph.first[1]!] // 2
 * ```
 */
export function weightedGraph(nodes: number, { tails, heads, weights }: ArcLists): WeightedGraph {
  checkCount(nodes, { tails, heads, weights })
  for (let arc = 0; arc < tails.length; arc++) {
    checkNode(tails[arc]!, nodes, arc)
    checkNode(heads[arc]!, nodes, arc)
    checkWeight(weights[arc]!, arc)
  }
  const order = byTailAndHead(nodes, { tails, heads, weights })
  return inRows(nodes, order, { tails, heads, weights })
}

/** Sorted by counting, first by head, then by tail: each pass keeps the order of the one before. */
function byTailAndHead(nodes: number, { tails, heads }: ArcLists): Int32Array {
  const order = new Int32Array(tails.length)
  for (let arc = 0; arc < order.length; arc++) order[arc] = arc
  return sortedBy(tails, nodes, sortedBy(heads, nodes, order))
}

function sortedBy(keys: ArrayLike<number>, nodes: number, order: Int32Array): Int32Array {
  const places = new Int32Array(nodes + 1)
  for (const arc of order) places[keys[arc]! + 1]!++
  for (let node = 0; node < nodes; node++) places[node + 1]! += places[node]!
  const sorted = new Int32Array(order.length)
  for (const arc of order) sorted[places[keys[arc]!]!++] = arc
  return sorted
}

function inRows(nodes: number, order: Int32Array, { tails, heads, weights }: ArcLists): WeightedGraph {
  const first = new Int32Array(nodes + 1)
  let kept = 0
  for (const arc of order) {
    if (tails[arc] === heads[arc]) continue
    const last = kept > 0 ? order[kept - 1]! : -1
    if (last < 0 || tails[last] !== tails[arc] || heads[last] !== heads[arc]) {
      first[tails[arc]! + 1]!++
      order[kept++] = arc
    } else if (weights[arc]! < weights[last]!) order[kept - 1] = arc
  }
  for (let node = 0; node < nodes; node++) first[node + 1]! += first[node]!
  const origins = order.slice(0, kept)
  return {
    nodes,
    first,
    heads: origins.map((arc) => heads[arc]!),
    weights: origins.map((arc) => weights[arc]!),
    origins,
  }
}

function checkCount(nodes: number, { tails, heads, weights }: ArcLists): void {
  if (!Number.isInteger(nodes) || nodes < 0 || nodes > heaviest)
    throw graphErrors.GEO_GRAPH_INVALID({ where: 'nodes', reason: `${nodes} is no count` })
  if (tails.length !== heads.length || tails.length !== weights.length)
    throw graphErrors.GEO_GRAPH_INVALID({ where: 'the arc lists', reason: 'they differ in length' })
}

function checkNode(node: number, nodes: number, arc: number): void {
  if (!Number.isInteger(node) || node < 0 || node >= nodes)
    throw graphErrors.GEO_GRAPH_INVALID({ where: `arc ${arc}`, reason: `there is no node ${node}` })
}

function checkWeight(weight: number, arc: number): void {
  if (!Number.isInteger(weight) || weight < 0 || weight > heaviest)
    throw graphErrors.GEO_GRAPH_INVALID({ where: `arc ${arc}`, reason: `its weight is ${weight}` })
}
