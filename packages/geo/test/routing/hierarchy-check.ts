import { randomBelow } from '@exprsn/core'
import { SeededRandom } from '@exprsn/core/testing'
import { weightedGraph, type WeightedGraph } from '@exprsn/geo/graph'
import type { buildHierarchy, createMatrix, createSearch } from '@exprsn/geo/routing'
import { dijkstra } from '@exprsn/geo/routing'

/** What is checked: the real ones, or ones with a planted bug. */
export interface HierarchyEngine {
  readonly buildHierarchy: typeof buildHierarchy
  readonly createSearch: typeof createSearch
  readonly createMatrix: typeof createMatrix
}

/** Compares an engine with Dijkstra on a random town: lengths, paths, tables, several starts. The first difference, or undefined. */
export function differenceFromDijkstra(seed: number, engine: HierarchyEngine): string | undefined {
  const random = new SeededRandom(`town ${seed}`)
  const graph = town(random)
  const hierarchy = engine.buildHierarchy(graph)
  const search = engine.createSearch(hierarchy)
  const matrix = engine.createMatrix(hierarchy)
  const trees = Array.from({ length: graph.nodes }, (_, node) => dijkstra(graph, node).lengths)
  const tails = tailsOf(graph)
  for (let source = 0; source < graph.nodes; source += 3)
    for (let target = 0; target < graph.nodes; target++) {
      const expected = trees[source]![target]! < 0 ? undefined : trees[source]![target]!
      const found = search.length(source, target)
      if (found !== expected) return `length ${source} → ${target}: ${found} instead of ${expected}`
      const walked = walk(graph, { tails, source, target, arcs: search.arcs() })
      if (walked !== expected) return `path ${source} → ${target}: ${walked} instead of ${expected}`
    }
  const seeds = () =>
    Array.from({ length: 1 + randomBelow(random, 3) }, () => ({
      node: randomBelow(random, graph.nodes),
      length: randomBelow(random, 30),
    }))
  const rows = Array.from({ length: 12 }, seeds)
  const columns = Array.from({ length: 9 }, seeds)
  for (let round = 0; round < 2; round++) {
    const { lengths } = matrix.between(rows, columns)
    for (const [row, sources] of rows.entries())
      for (const [column, targets] of columns.entries()) {
        const all = sources.flatMap((start) =>
          targets
            .filter((end) => trees[start.node]![end.node]! >= 0)
            .map((end) => start.length + trees[start.node]![end.node]! + end.length),
        )
        const expected = all.length === 0 ? undefined : Math.min(...all)
        const single = search.lengthBetween(sources, targets)
        if (single !== expected) return `between ${row} and ${column}: ${single} instead of ${expected}`
        const cell = lengths[row * columns.length + column]!
        if (!Object.is(cell, expected ?? NaN)) return `table ${row}, ${column}: ${cell} instead of ${expected}`
      }
    rows.reverse()
  }
  return undefined
}

/** Streets with one-ways, fast roads, gaps and far links; every third town leads both ways everywhere. */
function town(random: SeededRandom): WeightedGraph {
  const size = 5 + randomBelow(random, 5)
  const twoWay = randomBelow(random, 3) === 0
  const arcs: [number, number, number][] = []
  const link = (a: number, b: number, weight: number) => {
    const kind = twoWay ? 0 : randomBelow(random, 5)
    if (kind !== 1) arcs.push([a, b, weight])
    if (kind !== 2) arcs.push([b, a, weight + (kind === 3 ? randomBelow(random, 6) : 0)])
  }
  for (let node = 0; node < size * size; node++) {
    const fast = Math.floor(node / size) % 3 === 0
    if (node % size < size - 1 && randomBelow(random, 9) > 0)
      link(node, node + 1, (fast ? 2 : 7) + randomBelow(random, 5))
    if (node + size < size * size && randomBelow(random, 9) > 0) link(node, node + size, 5 + randomBelow(random, 6))
    if (randomBelow(random, 12) === 0) link(node, randomBelow(random, size * size), 15 + randomBelow(random, 20))
  }
  return weightedGraph(size * size, {
    tails: arcs.map(([tail]) => tail),
    heads: arcs.map(([, head]) => head),
    weights: arcs.map(([, , weight]) => weight),
  })
}

interface Walk {
  readonly tails: Int32Array
  readonly source: number
  readonly target: number
  readonly arcs: readonly number[]
}

/** What the arcs add up to, undefined when they do not lead from the source to the target. */
function walk({ heads, weights }: WeightedGraph, { tails, source, target, arcs }: Walk): number | undefined {
  let at = source
  let length = 0
  for (const arc of arcs) {
    if (tails[arc] !== at) return undefined
    at = heads[arc]!
    length += weights[arc]!
  }
  return at === target ? length : undefined
}

function tailsOf({ nodes, first, heads }: WeightedGraph): Int32Array {
  const tails = new Int32Array(heads.length)
  for (let node = 0; node < nodes; node++) tails.fill(node, first[node]!, first[node + 1]!)
  return tails
}
