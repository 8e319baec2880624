import { randomBelow, randomFraction } from '@exprsn/core'
import { SeededRandom } from '@exprsn/core/testing'
import { describe, expect, it } from 'vitest'
import { adjacencyOf } from './adjacency.ts'
import { dissectEdges } from './dissect-edges.ts'
import { dissectNodes } from './dissect-nodes.ts'
import { selectLeast } from './select-least.ts'
import { buildSkeleton } from './skeleton.ts'
import { UnitFlow } from './unit-flow.ts'
import { weightedGraph } from '../../graph/weighted-graph.ts'

/** A grid of streets. */
function grid(size: number) {
  const tails: number[] = []
  const heads: number[] = []
  for (let node = 0; node < size * size; node++)
    for (const next of [node % size < size - 1 ? node + 1 : -1, node + size])
      if (next >= 0 && next < size * size) {
        tails.push(node, next)
        heads.push(next, node)
      }
  const nodes = Array.from({ length: size * size }, (_, node) => node)
  const layout = { x: nodes.map((node) => node % size), y: nodes.map((node) => Math.floor(node / size)) }
  return { nodes: size * size, tails, heads, layout }
}

describe('selectLeast', () => {
  it('puts the least first, whatever is equal', () => {
    const random = new SeededRandom('select')
    for (let round = 0; round < 300; round++) {
      const length = 1 + randomBelow(random, 40)
      const keys = Float64Array.from({ length }, () => randomBelow(random, 1 + randomBelow(random, 30)))
      const nodes = Int32Array.from({ length }, (_, node) => node)
      const count = 1 + randomBelow(random, length)
      selectLeast(nodes, keys, count)
      expect([...nodes].sort((a, b) => a - b)).toEqual([...keys.keys()])
      const sorted = keys.toSorted()
      expect([...nodes.subarray(0, count)].map((node) => keys[node]!).sort((a, b) => a - b)).toEqual([
        ...sorted.subarray(0, count),
      ])
    }
  })
})

describe('UnitFlow', () => {
  it('finds the least cut that trying all finds', () => {
    const random = new SeededRandom('flow')
    for (let round = 0; round < 200; round++) {
      const nodes = 4 + randomBelow(random, 6)
      const links = Array.from({ length: nodes + randomBelow(random, nodes) }, () => [
        randomBelow(random, nodes),
        randomBelow(random, nodes),
      ])
      const adjacency = adjacencyOf(
        nodes,
        links.map(([a]) => a!),
        links.map(([, b]) => b!),
      )
      const isCut = new Uint8Array(adjacency.heads.length)
      const flow = new UnitFlow(adjacency, isCut)
      const cell = Int32Array.from({ length: nodes }, (_, node) => node)
      const ends = 1 + randomBelow(random, nodes >> 1)
      const cutOf = (isFirst: (node: number) => boolean) =>
        adjacency.heads.reduce((sum, head, link) => {
          const tail = adjacency.heads[adjacency.reverse[link]!]!
          return sum + (isFirst(tail) && !isFirst(head) ? 1 : 0)
        }, 0)
      let least = Infinity
      for (let sides = 0; sides < 2 ** (nodes - 2 * ends); sides++)
        least = Math.min(
          least,
          cutOf((node) => node < ends || (node < nodes - ends && ((sides >> (node - ends)) & 1) === 1)),
        )
      expect(flow.run(cell, ends, 1_000)).toBe(least)
      expect(cutOf((node) => flow.isReached(node))).toBe(least)
      if (least > 1) expect(flow.run(cell, ends, least - 1)).toBe(least - 1)
      expect(flow.run(cell, ends, 1_000)).toBe(least)
    }
  })
})

describe('nested dissection', () => {
  it('orders every node once, and parts a grid along its lines', () => {
    const { nodes, tails, heads, layout } = grid(32)
    const order = dissectNodes(nodes, { tails, heads }, layout)
    expect([...order].sort((a, b) => a - b)).toEqual([...Array(nodes).keys()])
    const skeleton = buildSkeleton(weightedGraph(nodes, { tails, heads, weights: tails.map(() => 1) }), order)
    const byChance = Int32Array.from([...order.keys()])
    const random = new SeededRandom('order')
    const chance = new Float64Array(nodes).map(() => randomFraction(random))
    byChance.sort((a, b) => chance[a]! - chance[b]!)
    const worse = buildSkeleton(weightedGraph(nodes, { tails, heads, weights: tails.map(() => 1) }), byChance)
    // George 1973: 31/4 n log2 n for a grid of n nodes, less what the smallest cells save.
    expect(skeleton.targets.length).toBeLessThan(7.75 * nodes * Math.log2(32))
    expect(skeleton.targets.length * 4).toBeLessThan(worse.targets.length)
  })

  it('orders every edge once, loops and parallel ones too', () => {
    const tails = [0, 0, 0, 1, 1, 2, 3, 3]
    const heads = [0, 1, 1, 0, 2, 3, 3, 2]
    const first = Int32Array.of(0, 3, 5, 6, 8)
    const order = dissectEdges(
      { first, tails: Int32Array.from(tails), heads: Int32Array.from(heads) },
      { x: [0, 1, 2, 3], y: [0, 0, 0, 0] },
    )
    expect([...order].sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7])
    // What parts the nodes comes first, the loop at one of them last of its part.
    expect(order[0]).not.toBe(0)
  })

  it('takes networks in pieces, of one node and of none', () => {
    expect(
      [...dissectNodes(3, { tails: [], heads: [] }, { x: [0, 0, 0], y: [0, 0, 0] })].sort((a, b) => a - b),
    ).toEqual([0, 1, 2])
    expect([...dissectNodes(0, { tails: [], heads: [] }, { x: [], y: [] })]).toEqual([])
    const none = { first: Int32Array.of(0), tails: new Int32Array(0), heads: new Int32Array(0) }
    expect([...dissectEdges(none, { x: [], y: [] })]).toEqual([])
  })
})
