import type { WeightedGraph } from '../../graph/weighted-graph.ts'

/**
 * A contraction hierarchy without weights: every shortcut that any weights may need (customizable contraction hierarchies:
 * Dibbelt, Strasser, Wagner 2014). Places number the nodes from the most important one down.
 */
export interface Skeleton {
  readonly nodes: number
  /** The place of each node. */
  readonly places: Int32Array
  /** The edges of place p are those from `first[p]` up to `first[p + 1]`; they lead to more important places. */
  readonly first: Int32Array
  /** Per edge the place of its more important end, ascending within a row. */
  readonly targets: Int32Array
  /** The edges that lead to place p are `below[firstBelow[p]]` up to `below[firstBelow[p + 1]]`. */
  readonly firstBelow: Int32Array
  readonly below: Int32Array
  /** The graph that it was built of; the arrays are the graph's own. */
  readonly arcs: Pick<WeightedGraph, 'first' | 'heads'>
  /** Per arc twice its edge, and one more where it leads down. */
  readonly edgeOfArc: Int32Array
}

/** @param order the nodes, the most important first; only its quality depends on it */
export function buildSkeleton(graph: Pick<WeightedGraph, 'nodes' | 'first' | 'heads'>, order: Int32Array): Skeleton {
  const { nodes } = graph
  const places = new Int32Array(nodes)
  for (let place = 0; place < nodes; place++) places[order[place]!] = place
  const { first, targets } = eliminate(nodes, upperNeighbours(graph, places))
  return {
    nodes,
    places,
    first,
    targets,
    ...edgesBelow(nodes, targets),
    arcs: { first: graph.first, heads: graph.heads },
    edgeOfArc: edgesOfArcs(graph, places, { first, targets }),
  }
}

interface Rows {
  readonly first: Int32Array
  readonly targets: Int32Array
}

/** Per place the more important ones that an arc leads to or from; some may come twice. */
function upperNeighbours(graph: Pick<WeightedGraph, 'nodes' | 'first' | 'heads'>, places: Int32Array): Rows {
  const first = new Int32Array(graph.nodes + 1)
  eachArc(graph, places, (low) => first[low + 1]!++)
  for (let place = 0; place < graph.nodes; place++) first[place + 1]! += first[place]!
  const free = first.slice()
  const targets = new Int32Array(graph.heads.length)
  eachArc(graph, places, (low, high) => (targets[free[low]!++] = high))
  return { first, targets }
}

function eachArc(
  { nodes, first, heads }: Pick<WeightedGraph, 'nodes' | 'first' | 'heads'>,
  places: Int32Array,
  take: (low: number, high: number, arc: number) => void,
): void {
  for (let tail = 0; tail < nodes; tail++)
    for (let arc = first[tail]!; arc < first[tail + 1]!; arc++) {
      const [a, b] = [places[tail]!, places[heads[arc]!]!]
      take(Math.max(a, b), Math.min(a, b), arc)
    }
}

/**
 * From the least important place up: whoever is taken away joins its neighbours with each other. It is enough to hand them on to
 * the least important of them.
 */
function eliminate(nodes: number, upper: Rows): Rows {
  const begins = new Int32Array(nodes)
  const counts = new Int32Array(nodes)
  const lastChild = new Int32Array(nodes).fill(-1)
  const sibling = new Int32Array(nodes).fill(-1)
  const seenBy = new Int32Array(nodes).fill(-1)
  let found = new Int32Array(Math.max(64, upper.targets.length * 2))
  let end = 0
  for (let place = nodes - 1; place >= 0; place--) {
    const begin = end
    const take = (target: number): void => {
      if (target === place || seenBy[target] === place) return
      seenBy[target] = place
      if (end === found.length) found = grown(found)
      found[end++] = target
    }
    for (let at = upper.first[place]!; at < upper.first[place + 1]!; at++) take(upper.targets[at]!)
    for (let child = lastChild[place]!; child >= 0; child = sibling[child]!)
      for (let at = begins[child]!; at < begins[child]! + counts[child]!; at++) take(found[at]!)
    begins[place] = begin
    counts[place] = end - begin
    if (end === begin) continue
    found.subarray(begin, end).sort()
    const parent = found[end - 1]!
    sibling[place] = lastChild[parent]!
    lastChild[parent] = place
  }
  const first = new Int32Array(nodes + 1)
  const targets = new Int32Array(end)
  for (let place = 0; place < nodes; place++) {
    const begin = begins[place]!
    targets.set(found.subarray(begin, begin + counts[place]!), first[place])
    first[place + 1] = first[place]! + counts[place]!
  }
  return { first, targets }
}

function grown(values: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(Math.ceil(values.length * 1.5))
  larger.set(values)
  return larger
}

function edgesBelow(nodes: number, targets: Int32Array): Pick<Skeleton, 'firstBelow' | 'below'> {
  const firstBelow = new Int32Array(nodes + 1)
  for (const target of targets) firstBelow[target + 1]!++
  for (let place = 0; place < nodes; place++) firstBelow[place + 1]! += firstBelow[place]!
  const free = firstBelow.slice()
  const below = new Int32Array(targets.length)
  for (const [edge, target] of targets.entries()) below[free[target]!++] = edge
  return { firstBelow, below }
}

function edgesOfArcs(
  graph: Pick<WeightedGraph, 'nodes' | 'first' | 'heads'>,
  places: Int32Array,
  { first, targets }: Rows,
): Int32Array {
  const edges = new Int32Array(graph.heads.length)
  eachArc(graph, places, (low, high, arc) => {
    const row = targets.subarray(first[low], first[low + 1])
    const isDown = places[graph.heads[arc]!] === low
    edges[arc] = (first[low]! + placeIn(row, high)) * 2 + (isDown ? 1 : 0)
  })
  return edges
}

function placeIn(sorted: Int32Array, value: number): number {
  let low = 0
  let high = sorted.length - 1
  while (low < high) {
    const middle = (low + high) >> 1
    if (sorted[middle]! < value) low = middle + 1
    else high = middle
  }
  return low
}
