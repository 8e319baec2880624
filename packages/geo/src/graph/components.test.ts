import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { strongComponents } from './components.ts'
import { weightedGraph } from './weighted-graph.ts'

describe('strongComponents', () => {
  it('puts together exactly what reaches each other', () => {
    const arcs = fc.array(fc.tuple(fc.nat(11), fc.nat(11)), { maxLength: 30 })
    fc.assert(
      fc.property(arcs, (list) => {
        const graph = weightedGraph(12, {
          tails: list.map(([tail]) => tail),
          heads: list.map(([, head]) => head),
          weights: list.map(() => 1),
        })
        const { components, count } = strongComponents(graph)
        const reached = Array.from({ length: 12 }, (_, node) => reachable(graph, node))
        for (let a = 0; a < 12; a++)
          for (let b = 0; b < 12; b++)
            expect(components[a] === components[b]).toBe(reached[a]!.has(b) && reached[b]!.has(a))
        expect(new Set(components)).toEqual(new Set(Array(count).keys()))
      }),
      { numRuns: 200 },
    )
  })

  it('takes a path of a million nodes', () => {
    const nodes = 1_000_000
    const heads = Int32Array.from({ length: nodes }, (_, node) => (node + 1) % nodes)
    const first = Int32Array.from({ length: nodes + 1 }, (_, node) => node)
    expect(strongComponents({ first, heads }).count).toBe(1)
    heads[nodes - 1] = nodes - 1
    expect(strongComponents({ first, heads }).count).toBe(nodes)
  })

  it('takes no nodes', () => {
    expect(strongComponents({ first: new Int32Array(1), heads: new Int32Array(0) })).toEqual({
      components: new Int32Array(0),
      count: 0,
    })
  })
})

function reachable({ first, heads }: { first: Int32Array; heads: Int32Array }, start: number): Set<number> {
  const reached = new Set([start])
  for (const node of reached) for (let arc = first[node]!; arc < first[node + 1]!; arc++) reached.add(heads[arc]!)
  return reached
}
