import { describe, expect, it } from 'vitest'
import { randomRoads } from '../../../test/routing/random-roads.ts'
import { derivedSections } from './derived-lists.ts'
import { graphOf, sectionsOf } from './graph-sections.ts'

describe('lists that follow from others', () => {
  it.each([true, false])(
    'are not written, and are there when the graph is read (with rules for turns: %s)',
    (turns) => {
      const graph = randomRoads('derived', { turns })
      expect([...derivedSections(graph)].sort()).toEqual(['edges.tails', 'roads.backward', 'roads.forward'])
      const file = sectionsOf(graph, new Map())
      for (const name of derivedSections(graph)) expect(file.sections.has(name)).toBe(false)
      expect(graphOf(file)).toEqual(graph)
      expect(graphOf(file).edges.tails.buffer).toBeInstanceOf(SharedArrayBuffer)
    },
  )

  it('are written where they say something else', () => {
    const graph = randomRoads('derived', { turns: false })
    const forward = graph.roads.forward.map(() => -1)
    const closed = { ...graph, roads: { ...graph.roads, forward } }
    expect([...derivedSections(closed)]).toEqual(['edges.tails'])
    expect(graphOf(sectionsOf(closed, new Map()))).toEqual(closed)
    const tails = graph.edges.tails.toReversed()
    const turned = { ...graph, edges: { ...graph.edges, tails } }
    expect(derivedSections(turned).has('edges.tails')).toBe(false)
    expect(graphOf(sectionsOf(turned, new Map()))).toEqual(turned)
  })

  it('leave their names to nobody else', () => {
    const more = new Map([['edges.tails', new Int32Array(1)]])
    expect(() => sectionsOf(randomRoads('derived', { turns: false }), more)).toThrow(
      expect.objectContaining({ code: 'GEO_GRAPH_OPTION_INVALID' }),
    )
  })
})
