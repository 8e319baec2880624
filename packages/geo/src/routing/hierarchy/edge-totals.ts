import type { Hierarchy } from './hierarchy.ts'
import { downwards, upwards } from './side.ts'

/**
 * Adds up a second value of the arcs, such as their length where the weight is time, over what each edge stands for: at
 * `edge * 2` upwards, at `edge * 2 + 1` downwards.
 *
 * @param values Per arc of the graph.
 */
export function edgeTotals({ edges, children }: Hierarchy, values: ArrayLike<number>): Int32Array {
  const totals = new Int32Array(edges.length)
  const upOf = (edge: number) => totals[edge * 2]!
  const downOf = (edge: number) => totals[edge * 2 + 1]!
  // The edges of a place between stand in a row behind: from the last edge on, the children are always done.
  for (let edge = edges.length / 2 - 1; edge >= 0; edge--) {
    const ways = edges[edge * 2 + 1]! & 3
    const low = children[edge * 2]!
    const high = children[edge * 2 + 1]!
    if ((ways & upwards) !== 0) totals[edge * 2] = low < 0 ? values[~high]! : downOf(low) + upOf(high)
    if ((ways & downwards) !== 0) totals[edge * 2 + 1] = low < 0 ? values[~low]! : downOf(high) + upOf(low)
  }
  return totals
}
