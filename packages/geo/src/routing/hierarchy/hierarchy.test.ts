import { randomBelow } from '@exprsn/core'
import { SeededRandom } from '@exprsn/core/testing'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { heaviest, weightedGraph, type WeightedGraph } from '../../graph/weighted-graph.ts'
import { dijkstra } from '../search/dijkstra.ts'
import { buildHierarchy } from './build-hierarchy.ts'
import { createMatrix } from './matrix.ts'
import { createSearch, type Search, type Seed } from './search.ts'

const anyGraph = fc.integer({ min: 1, max: 14 }).chain((nodes) =>
  fc
    .record({
      arcs: fc.array(fc.tuple(fc.nat(nodes - 1), fc.nat(nodes - 1), fc.nat(9)), { maxLength: 50 }),
      twoWay: fc.boolean(),
    })
    .map(({ arcs, twoWay }) =>
      graphOf(
        nodes,
        twoWay
          ? arcs.flatMap(
              ([a, b, w]) =>
                [
                  [a, b, w],
                  [b, a, w],
                ] as const,
            )
          : arcs,
      ),
    ),
)

describe('a contraction hierarchy', () => {
  it('gives the lengths of Dijkstra for every pair of any small graph, unreachable ones too', () => {
    fc.assert(fc.property(anyGraph, expectEqualToDijkstra), { numRuns: 400 })
  })

  it.each([false, true])('gives them on grids with lights, one-ways and motorways (two-way: %s)', (twoWay) => {
    for (let seed = 0; seed < 4; seed++) expectEqualToDijkstra(grid(12, `${twoWay} ${seed}`, twoWay))
  })

  it('gives the same lengths and paths with the labels of its core as without', () => {
    for (const twoWay of [false, true]) {
      const graph = grid(15, 'core', twoWay)
      const { core, ...plain } = buildHierarchy(graph)
      expect(core!.places).toBeGreaterThan(9)
      const search = createSearch({ ...plain, core })
      const plainly = createSearch(plain)
      const tails = tailsOf(graph)
      for (let source = 0; source < graph.nodes; source += 8)
        for (let target = 0; target < graph.nodes; target += 2) {
          const length = search.length(source, target)
          expect(length).toBe(plainly.length(source, target))
          // Asking for more than the length opens the core; the ways that follow are no shorter.
          expect(search.seeds()).toEqual(length === undefined ? undefined : [0, 0])
          if (length === undefined) continue
          expect(walk(graph, tails, { source, arcs: search.arcs() })).toEqual({ at: target, length })
          expect(search.next(length + 5) ?? length).toBeGreaterThanOrEqual(length)
        }
    }
  })

  it('finds arcs that connect start and end and add up to the length', () => {
    for (const twoWay of [false, true]) {
      const graph = grid(14, 'paths', twoWay)
      const search = createSearch(buildHierarchy(graph))
      const tails = tailsOf(graph)
      for (let source = 0; source < graph.nodes; source += 7)
        for (let target = 0; target < graph.nodes; target += 5) {
          const length = search.length(source, target)
          const arcs = search.arcs()
          if (length === undefined) expect(arcs).toEqual([])
          else expect(walk(graph, tails, { source, arcs })).toEqual({ at: target, length })
        }
    }
  })

  it('finds the cheapest of several starts and ends with lengths already gone', () => {
    const graph = grid(10, 'seeds', false)
    const search = createSearch(buildHierarchy(graph))
    const trees = Array.from({ length: graph.nodes }, (_, node) => dijkstra(graph, node).lengths)
    const seeds = fc.array(fc.record({ node: fc.nat(graph.nodes - 1), length: fc.nat(60) }), { maxLength: 4 })
    fc.assert(
      fc.property(seeds, seeds, (sources, targets) => {
        const lengths = sources.flatMap((start) =>
          targets
            .filter((end) => trees[start.node]![end.node]! >= 0)
            .map((end) => start.length + trees[start.node]![end.node]! + end.length),
        )
        expect(search.lengthBetween(sources, targets)).toBe(lengths.length === 0 ? undefined : Math.min(...lengths))
      }),
      { numRuns: 200 },
    )
  })

  it('answers a node to itself with nothing, without arcs', () => {
    const search = createSearch(buildHierarchy(graphOf(2, [[0, 1, 4]])))
    expect(search.length(1, 1)).toBe(0)
    expect(search.arcs()).toEqual([])
  })

  it('forgets the path before when none is found', () => {
    const search = createSearch(buildHierarchy(graphOf(2, [[0, 1, 4]])))
    expect(search.length(0, 1)).toBe(4)
    expect(search.length(1, 0)).toBeUndefined()
    expect(search.arcs()).toEqual([])
  })

  it('takes graphs without arcs and without nodes', () => {
    expect(createSearch(buildHierarchy(graphOf(3, []))).length(0, 2)).toBeUndefined()
    expect(buildHierarchy(graphOf(0, [])).nodes).toBe(0)
  })

  it('keeps one edge for both directions of a two-way street', () => {
    const graph = grid(20, 'shared', true)
    const { edges } = buildHierarchy(graph)
    expect(edges.length / 2).toBeLessThan(graph.heads.length)
  })

  it('is the same however often it is built', () => {
    const graph = grid(12, 'again', false)
    expect(buildHierarchy(graph)).toEqual(buildHierarchy(graph))
  })

  it('refuses weights whose paths would overflow, instead of giving a wrong length', () => {
    const chain = Array.from({ length: 6 }, (_, node) => [node, node + 1, heaviest] as const)
    expect(() => buildHierarchy(graphOf(7, chain))).toThrow(expect.objectContaining({ code: 'GEO_GRAPH_INVALID' }))
  })
})

describe('a matrix', () => {
  it('equals single searches, row by row, with NaN where no path leads', () => {
    for (const twoWay of [false, true]) {
      const graph = grid(15, 'matrix', twoWay)
      const hierarchy = buildHierarchy(graph)
      const sources = Array.from({ length: 40 }, (_, index) => (index * 37) % graph.nodes)
      const targets = Array.from({ length: 25 }, (_, index) => (index * 53) % graph.nodes)
      const table = createMatrix(hierarchy).between(sources, targets)
      const search = createSearch(hierarchy)
      expect([table.rows, table.columns]).toEqual([40, 25])
      expect([...table.lengths]).toEqual(
        sources.flatMap((source) => targets.map((target) => search.length(source, target) ?? NaN)),
      )
    }
  })

  it('equals Dijkstra among thousands of places, and adds up a second value along the same paths', () => {
    for (const twoWay of [false, true]) {
      const graph = grid(50, 'many', twoWay)
      const matrix = createMatrix(buildHierarchy(graph), { values: graph.weights.map((weight) => weight * 3) })
      const targets = Array.from({ length: 60 }, (_, index) => (index * 521) % graph.nodes)
      const near = dijkstra(graph, 7).lengths
      for (let source = 0; source < graph.nodes; source += 67) {
        const far = dijkstra(graph, source).lengths
        const expected = targets.map((target) => {
          const lengths = [far[target]!, near[target]! < 0 ? -1 : near[target]! + 4].filter((length) => length >= 0)
          return lengths.length === 0 ? NaN : Math.min(...lengths)
        })
        const start = [
          { node: source, length: 0 },
          { node: 7, length: 4, total: 12 },
        ]
        // Whichever of the two is the more important place.
        const { lengths, totals } = matrix.between(
          [start, start.toReversed()],
          targets.map((node) => [{ node, length: 0 }]),
        )
        expect([...lengths]).toEqual([...expected, ...expected])
        expect([...totals]).toEqual([...expected, ...expected].map((length) => length * 3))
      }
    }
  })

  it('keeps nothing of the table before', () => {
    const graph = grid(10, 'twice', false)
    const matrix = createMatrix(buildHierarchy(graph))
    const fresh = createMatrix(buildHierarchy(graph)).between([3, 4], [90, 17, 5])
    matrix.between([1, 2, 3], [4, 5, 6, 7])
    expect(matrix.between([3, 4], [90, 17, 5])).toEqual(fresh)
  })

  it('takes several seeds for a place in the table, and doubled places', () => {
    const graph = grid(10, 'table seeds', false)
    const hierarchy = buildHierarchy(graph)
    const sides: Seed[][] = [
      [
        { node: 3, length: 5 },
        { node: 47, length: 0 },
      ],
      [{ node: 3, length: 5 }],
      [{ node: 3, length: 5 }],
      [],
    ]
    const search: Search = createSearch(hierarchy)
    expect([...createMatrix(hierarchy).between(sides, sides).lengths]).toEqual(
      sides.flatMap((from) => sides.map((to) => search.lengthBetween(from, to) ?? NaN)),
    )
  })

  it('is empty without starts or ends', () => {
    const matrix = createMatrix(buildHierarchy(graphOf(2, [[0, 1, 1]])))
    expect(matrix.between([], [1])).toEqual({
      rows: 0,
      columns: 1,
      lengths: new Float64Array(0),
      totals: new Float64Array(0),
    })
    expect(matrix.between([1], []).lengths).toHaveLength(0)
  })
})

function expectEqualToDijkstra(graph: WeightedGraph): void {
  const search = createSearch(buildHierarchy(graph))
  for (let source = 0; source < graph.nodes; source++) {
    const { lengths } = dijkstra(graph, source)
    const found = Array.from(lengths, (_, target) => search.length(source, target) ?? -1)
    expect(found).toEqual([...lengths])
  }
}

function graphOf(
  nodes: number,
  arcs: readonly (readonly [tail: number, head: number, weight: number])[],
): WeightedGraph {
  return weightedGraph(nodes, {
    tails: arcs.map(([tail]) => tail),
    heads: arcs.map(([, head]) => head),
    weights: arcs.map(([, , weight]) => weight),
  })
}

/** Streets of a town: every fourth is fast; some are missing, and some are one-way unless `twoWay`. */
function grid(size: number, seed: string, twoWay: boolean): WeightedGraph {
  const random = new SeededRandom(seed)
  const arcs: [number, number, number][] = []
  for (let y = 0; y < size; y++)
    for (let x = 0; x < size; x++)
      for (const [nextX, nextY] of [
        [x + 1, y],
        [x, y + 1],
      ] as const) {
        if (nextX >= size || nextY >= size || randomBelow(random, 10) === 0) continue
        const fast = (nextX === x ? x : y) % 4 === 0
        const weight = (fast ? 3 : 9) + randomBelow(random, 4)
        const kind = twoWay ? 3 : randomBelow(random, 4)
        if (kind !== 1) arcs.push([y * size + x, nextY * size + nextX, weight])
        if (kind !== 2) arcs.push([nextY * size + nextX, y * size + x, weight + (twoWay ? 0 : randomBelow(random, 2))])
      }
  return graphOf(size * size, arcs)
}

function tailsOf({ nodes, first, heads }: WeightedGraph): Int32Array {
  const tails = new Int32Array(heads.length)
  for (let node = 0; node < nodes; node++) tails.fill(node, first[node]!, first[node + 1]!)
  return tails
}

function walk(graph: WeightedGraph, tails: Int32Array, { source, arcs }: { source: number; arcs: readonly number[] }) {
  let at = source
  let length = 0
  for (const arc of arcs) {
    expect(tails[arc]).toBe(at)
    at = graph.heads[arc]!
    length += graph.weights[arc]!
  }
  return { at, length }
}
