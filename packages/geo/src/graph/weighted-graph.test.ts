import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { heaviest, weightedGraph } from './weighted-graph.ts'

describe('weightedGraph', () => {
  it('puts the arcs of a node in a row, by head', () => {
    const graph = weightedGraph(3, { tails: [1, 0, 1], heads: [2, 1, 0], weights: [7, 5, 6] })
    expect([...graph.first]).toEqual([0, 1, 3, 3])
    expect([...graph.heads]).toEqual([1, 0, 2])
    expect([...graph.weights]).toEqual([5, 6, 7])
    expect([...graph.origins]).toEqual([1, 2, 0])
  })

  it('keeps the lightest of parallel arcs, and says which it was', () => {
    const graph = weightedGraph(2, { tails: [0, 0, 0], heads: [1, 1, 1], weights: [9, 4, 4] })
    expect([...graph.weights]).toEqual([4])
    expect([...graph.origins]).toEqual([1])
  })

  it('leaves out arcs from a node to itself', () => {
    expect(weightedGraph(1, { tails: [0], heads: [0], weights: [3] }).heads).toHaveLength(0)
  })

  it('takes a graph without nodes', () => {
    expect(weightedGraph(0, { tails: [], heads: [], weights: [] }).first).toEqual(new Int32Array(1))
  })

  it('takes the heaviest weight and one of nothing', () => {
    const graph = weightedGraph(2, { tails: [0, 1], heads: [1, 0], weights: [heaviest, 0] })
    expect([...graph.weights]).toEqual([heaviest, 0])
  })

  it.each([
    [[0], [1], [heaviest + 1], 'arc 0'],
    [[0], [1], [-1], 'arc 0'],
    [[0], [1], [0.5], 'arc 0'],
    [[0], [1], [NaN], 'arc 0'],
    [[0, 0], [1, 2], [1, 1], 'arc 1'],
    [[0, -1], [1, 1], [1, 1], 'arc 1'],
    [[0, 0.5], [1, 1], [1, 1], 'arc 1'],
    [[0, 1], [1], [1], 'the arc lists'],
    [[0], [1], [], 'the arc lists'],
  ])('refuses tails %j, heads %j, weights %j', (tails, heads, weights, where) => {
    expect(() => weightedGraph(2, { tails, heads, weights })).toThrow(
      expect.objectContaining({ code: 'GEO_GRAPH_INVALID', details: expect.objectContaining({ where }) }),
    )
  })

  it.each([-1, 1.5, NaN, 2 ** 31])('refuses %d nodes', (nodes) => {
    expect(() => weightedGraph(nodes, { tails: [], heads: [], weights: [] })).toThrow(
      expect.objectContaining({ code: 'GEO_GRAPH_INVALID', details: expect.objectContaining({ where: 'nodes' }) }),
    )
  })

  it('holds the lightest arc of every pair, whatever the order', () => {
    const arcs = fc.array(fc.tuple(fc.nat(7), fc.nat(7), fc.nat(20)), { maxLength: 60 })
    fc.assert(
      fc.property(arcs, (list) => {
        const graph = weightedGraph(8, {
          tails: list.map(([tail]) => tail),
          heads: list.map(([, head]) => head),
          weights: list.map(([, , weight]) => weight),
        })
        const lightest = new Map<string, number>()
        for (const [tail, head, weight] of list)
          if (tail !== head)
            lightest.set(`${tail}>${head}`, Math.min(weight, lightest.get(`${tail}>${head}`) ?? Infinity))
        const held = new Map<string, number>()
        for (let tail = 0; tail < 8; tail++)
          for (let arc = graph.first[tail]!; arc < graph.first[tail + 1]!; arc++)
            held.set(`${tail}>${graph.heads[arc]}`, graph.weights[arc]!)
        expect(held).toEqual(lightest)
      }),
      { numRuns: 200 },
    )
  })
})
