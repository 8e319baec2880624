import { describe, expect, it } from 'vitest'
import { stateGraph } from '../../graph/state-graph.ts'
import type { WeightedGraph } from '../../graph/weighted-graph.ts'
import { randomRoads } from '../../../test/routing/random-roads.ts'
import { createAStar } from './a-star.ts'
import { createBidirectionalAStar } from './bidirectional-a-star.ts'
import { straightLineBound } from './bound.ts'
import { dijkstra } from './dijkstra.ts'

describe.each([
  ['A*', createAStar],
  ['bidirectional A*', createBidirectionalAStar],
])('%s', (_, create) => {
  it.each([false, true])(
    'finds paths as long as those of Dijkstra, and none where there is none (bound: %s)',
    (bounded) => {
      let unreachable = 0
      for (let town = 0; town < 10; town++) {
        const roads = randomRoads(`finder ${town}`, { size: 6, turns: false })
        const graph = stateGraph(roads)
        const finder = create(graph, bounded ? straightLineBound(roads) : () => 0)
        for (let source = 0; source < graph.nodes; source += 2) {
          const { lengths } = dijkstra(graph, source)
          for (let target = 0; target < graph.nodes; target++) {
            const path = finder.path(source, target)
            if (lengths[target] === -1) {
              expect(path).toBeUndefined()
              unreachable++
              continue
            }
            expect([town, source, target, path?.length]).toEqual([town, source, target, lengths[target]])
            expect(walk(graph, source, path!.arcs)).toEqual({ at: target, length: lengths[target] })
          }
        }
      }
      expect(unreachable).toBeGreaterThan(100)
    },
  )
})

describe('the bound by a straight line', () => {
  it('is never above the shortest path, nor lowered by an arc by more than it weighs', () => {
    const roads = randomRoads('bound', { size: 7, turns: false })
    const graph = stateGraph(roads)
    const bound = straightLineBound(roads)
    let useful = 0
    for (let source = 0; source < graph.nodes; source++) {
      const { lengths } = dijkstra(graph, source)
      for (let target = 0; target < graph.nodes; target++) {
        if (lengths[target]! >= 0) expect(bound(source, target)).toBeLessThanOrEqual(lengths[target]!)
        if (bound(source, target) > 0) useful++
        for (let arc = graph.first[source]!; arc < graph.first[source + 1]!; arc++)
          expect(bound(source, target)).toBeLessThanOrEqual(graph.weights[arc]! + bound(graph.heads[arc]!, target))
      }
    }
    expect(useful).toBeGreaterThan(1_000)
  })
})

function walk({ first, heads, weights }: WeightedGraph, source: number, arcs: readonly number[]) {
  let at = source
  let length = 0
  for (const arc of arcs) {
    expect(arc >= first[at]! && arc < first[at + 1]!).toBe(true)
    at = heads[arc]!
    length += weights[arc]!
  }
  return { at, length }
}
