import { randomBelow } from '@exprsn/core'
import { SeededRandom } from '@exprsn/core/testing'
import { describe, expect, it } from 'vitest'
import { weightedGraph, type WeightedGraph } from '../../graph/weighted-graph.ts'
import { contractGraph } from './build-hierarchy.ts'
import { depthFirstOrder } from './depth-first-order.ts'
import { EdgeLists } from './edge-lists.ts'

describe('the order of places', () => {
  it('holds each node once, behind all that its edges lead up to', () => {
    for (const size of [1, 2, 9, 30]) {
      const { places, first, edges } = contractGraph(streets(size))
      expect(Int32Array.from(places).sort()).toEqual(Int32Array.from(places, (_, place) => place))
      for (let place = 0; place < places.length; place++)
        for (let edge = first[place]!; edge < first[place + 1]!; edge++) expect(edges[edge * 2]).toBeLessThan(place)
    }
  })

  it('begins with the most important nodes, and goes on depth first', () => {
    // Two chains of 64 nodes each that lead up to the last one contracted and to the one before.
    const tails = Array.from({ length: 126 }, (_, link) => (link < 63 ? link : link + 1))
    const graph = weightedGraph(128, { tails, heads: tails.map((node) => node + 1), weights: tails.map(() => 1) })
    // From both lower ends on in turn, as the lists of a contraction would be left.
    const contracted = Int32Array.from({ length: 128 }, (_, rank) => (rank >> 1) + (rank & 1) * 64)
    const lists = new EdgeLists(graph)
    for (const node of contracted) lists.detach(node)
    const down = (top: number) => Array.from({ length: 63 }, (_, step) => top - 1 - step)
    expect([...depthFirstOrder(lists, contracted)]).toEqual([127, 63, ...down(63), ...down(127)])
  })

  it('leaves most edges of a network short', () => {
    const { nodes, first, edges } = contractGraph(streets(60))
    const spans: number[] = []
    for (let place = 0; place < nodes; place++)
      for (let edge = first[place]!; edge < first[place + 1]!; edge++) spans.push(place - edges[edge * 2]!)
    spans.sort((a, b) => a - b)
    // Seven hundred places in the order of importance alone.
    expect(spans[spans.length >> 1]).toBeLessThan(70)
  })
})

function streets(size: number): WeightedGraph {
  const random = new SeededRandom('streets')
  const [tails, heads, weights]: [number[], number[], number[]] = [[], [], []]
  for (let node = 0; node < size * size; node++)
    for (const next of [node % size < size - 1 ? node + 1 : -1, node + size]) {
      if (next < 0 || next >= size * size) continue
      const weight = 1 + randomBelow(random, 9)
      tails.push(node, next)
      heads.push(next, node)
      weights.push(weight, weight)
    }
  return weightedGraph(size * size, { tails, heads, weights })
}
