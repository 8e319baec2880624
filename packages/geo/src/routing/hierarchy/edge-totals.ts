import { arcBits, mostArcs, type Hierarchy } from './hierarchy.ts'
import { downwards, upwards } from './side.ts'
import { edgeTo } from './unpack.ts'

/** Per edge, by the way that it is taken. */
export interface EdgeTotals {
  readonly up: Int32Array
  readonly down: Int32Array
}

/**
 * Adds up a second value of the arcs, such as their length where the weight is time, over what each edge stands for.
 *
 * @param values Per arc of the graph.
 */
export function edgeTotals(hierarchy: Hierarchy, values: ArrayLike<number>): EdgeTotals {
  const { nodes, places, first, edges, between, arcs } = hierarchy
  const nodeAt = new Int32Array(nodes)
  for (let node = 0; node < nodes; node++) nodeAt[places[node]!] = node
  const [up, down] = [new Int32Array(between.length), new Int32Array(between.length)]
  const upTo = (place: number, target: number) => up[edgeTo(hierarchy, place, target, upwards)]!
  const downFrom = (place: number, target: number) => down[edgeTo(hierarchy, place, target, downwards)]!
  // The places between come behind in the order: from the last place on, what an edge stands for is always done.
  for (let place = nodes - 1; place >= 0; place--)
    for (let edge = first[place]!; edge < first[place + 1]!; edge++) {
      const target = edges[edge * 2]!
      const ways = edges[edge * 2 + 1]!
      const middle = between[edge]!
      if ((ways & upwards) !== 0)
        up[edge] =
          middle < 0
            ? values[arcs.first[nodeAt[place]!]! + (~middle >> arcBits)]!
            : downFrom(middle, place) + upTo(middle, target)
      if ((ways & downwards) !== 0)
        down[edge] =
          middle < 0
            ? values[arcs.first[nodeAt[target]!]! + (~middle & (mostArcs - 1))]!
            : downFrom(middle, target) + upTo(middle, place)
    }
  return { up, down }
}
