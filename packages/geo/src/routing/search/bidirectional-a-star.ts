import type { WeightedGraph } from '../../graph/weighted-graph.ts'
import { SearchLabels, type PathFinder } from './a-star.ts'
import type { Bound } from './bound.ts'

/**
 * A* from both ends (Ikeda and others 1994): both sides use the average of the two bounds, so that they agree on what an arc
 * weighs, and stop when what lies ahead of both cannot better the best meeting.
 *
 * @example
 * ```ts
 * import { weightedGraph } from '@exprsn/geo/graph'
 * import { createBidirectionalAStar } from '@exprsn/geo/routing'
 *
 * const graph = weightedGraph(3, { tails: [0, 1], heads: [1, 2], weights: [500, 700] })
 * createBidirectionalAStar(graph, () => 0).path(0, 2) // { length: 1200, arcs: [0, 1] }
 * ```
 */
export function createBidirectionalAStar(graph: WeightedGraph, bound: Bound): PathFinder {
  const back = backwards(graph)
  const ahead = new SearchLabels(graph.nodes)
  const behind = new SearchLabels(graph.nodes)
  return {
    path(source, target) {
      // Everything is doubled, for the average to be a whole number.
      const lean = (node: number) => bound(node, target) - bound(source, node)
      const sides = [
        { labels: ahead, other: behind, rows: graph, arcs: undefined, sign: 1 },
        { labels: behind, other: ahead, rows: back, arcs: back.arcs, sign: -1 },
      ] as const
      for (const { labels } of sides) labels.clear()
      ahead.reach(source, { length: 0, arc: -1, before: -1, key: lean(source) })
      behind.reach(target, { length: 0, arc: -1, before: -1, key: -lean(target) })
      let best = source === target ? 0 : Infinity
      let meeting = source === target ? source : -1
      while (ahead.queue.size > 0 && behind.queue.size > 0) {
        if (ahead.queue.least + behind.queue.least >= best * 2) break
        const { labels, other, rows, arcs, sign } = sides[ahead.queue.size <= behind.queue.size ? 0 : 1]
        const node = labels.settle()
        if (node < 0) continue
        for (let at = rows.first[node]!; at < rows.first[node + 1]!; at++) {
          const next = rows.heads[at]!
          const length = labels.lengths[node]! + rows.weights[at]!
          if (length >= labels.lengths[next]!) continue
          labels.reach(next, { length, arc: arcs?.[at] ?? at, before: node, key: length * 2 + sign * lean(next) })
          if (!other.isReached(next) || length + other.lengths[next]! >= best) continue
          best = length + other.lengths[next]!
          meeting = next
        }
      }
      if (meeting < 0) return undefined
      return { length: best, arcs: [...ahead.arcsTo(meeting).reverse(), ...behind.arcsTo(meeting)] }
    },
  }
}

/** The graph with its arcs turned round, and per arc its place in the graph's lists. */
function backwards({ nodes, first, heads, weights }: WeightedGraph) {
  const turned = new Int32Array(nodes + 1)
  for (const head of heads) turned[head + 1]!++
  for (let node = 0; node < nodes; node++) turned[node + 1]! += turned[node]!
  const next = turned.slice()
  const [tails, ownWeights, arcs] = [0, 1, 2].map(() => new Int32Array(heads.length)) as [
    Int32Array,
    Int32Array,
    Int32Array,
  ]
  for (let tail = 0; tail < nodes; tail++)
    for (let arc = first[tail]!; arc < first[tail + 1]!; arc++) {
      const at = next[heads[arc]!]!++
      tails[at] = tail
      ownWeights[at] = weights[arc]!
      arcs[at] = arc
    }
  return { first: turned, heads: tails, weights: ownWeights, arcs }
}
