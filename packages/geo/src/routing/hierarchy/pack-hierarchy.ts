import { graphErrors } from '../../graph/errors.ts'
import { depthFirstOrder } from './depth-first-order.ts'
import { noArc, type EdgeLists } from './edge-lists.ts'
import { mostArcs, type Hierarchy } from './hierarchy.ts'
import type { WeightedGraph } from '../../graph/weighted-graph.ts'

/** Two searches of half this length are added up in 31 bits. */
const longest = 2 ** 30 - 1

/** Writes a contracted graph into rows by place. `contracted` holds the nodes as they were contracted. */
export function packHierarchy(graph: WeightedGraph, lists: EdgeLists, contracted: Int32Array): Hierarchy {
  const nodes = contracted.length
  const order = depthFirstOrder(lists, contracted)
  const places = new Int32Array(nodes)
  for (let place = 0; place < nodes; place++) places[order[place]!] = place
  const first = new Int32Array(nodes + 1)
  for (let place = 0; place < nodes; place++) first[place + 1] = first[place]! + count(lists, order[place]!)
  const edges = new Int32Array(first[nodes]! * 2)
  const between = new Int32Array(first[nodes]!)
  let edge = 0
  for (let place = 0; place < nodes; place++) {
    const node = order[place]!
    for (let half = lists.first[node]!; half >= 0; half = lists.next[half]!) {
      edges[edge * 2] = places[lists.targets[half]!]!
      edges[edge * 2 + 1] = lists.weights[half >> 1]! * 4 + lists.ways[half]!
      const child = lists.children[half]!
      between[edge++] = child >= 0 ? places[lists.targets[child ^ 1]!]! : arcPlaces(graph, lists, half)
    }
  }
  checkLengths(first, edges)
  return { nodes, places, first, edges, between, arcs: { first: graph.first, heads: graph.heads } }
}

function count(lists: EdgeLists, node: number): number {
  let edges = 0
  for (let half = lists.first[node]!; half >= 0; half = lists.next[half]!) edges++
  return edges
}

/** Where the arcs of an edge stand in the rows of its ends, as a number below 0. */
function arcPlaces({ first }: WeightedGraph, { children, targets }: EdgeLists, half: number): number {
  const [down, up] = [children[half]!, children[half ^ 1]!]
  const upPlace = up === noArc ? 0 : ~up - first[targets[half ^ 1]!]!
  const downPlace = down === noArc ? 0 : ~down - first[targets[half]!]!
  if (Math.max(upPlace, downPlace) >= mostArcs)
    throw graphErrors.GEO_GRAPH_INVALID({ where: 'the arcs', reason: `a node has more than ${mostArcs}` })
  return ~(upPlace * mostArcs + downPlace)
}

/** A path up and down must not overflow: the longest way up from each place, top down. */
export function checkLengths(first: Int32Array, edges: Int32Array): void {
  const up = new Float64Array(first.length - 1)
  for (let place = 0; place < up.length; place++)
    for (let edge = first[place]!; edge < first[place + 1]!; edge++)
      up[place] = Math.max(up[place]!, (edges[edge * 2 + 1]! >> 2) + up[edges[edge * 2]!]!)
  if (up.some((length) => length > longest))
    throw graphErrors.GEO_GRAPH_INVALID({ where: 'the weights', reason: 'paths may be heavier than 1,073,741,823' })
}
