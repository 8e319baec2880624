import { SeededRandom } from '@exprsn/core/testing'
import { describe, expect, it } from 'vitest'
import { drawRoads } from '../../test/graph/draw-roads.ts'
import { blockOf } from '../../test/osm/osm-items.ts'
import { buildGraph } from './build-graph.ts'
import { profiles } from './profile/profiles.ts'
import { stateGraph } from './state-graph.ts'
import { textAt, textTable } from './text-table.ts'

const items = drawRoads(new SeededRandom(8)).items

describe('stateGraph', () => {
  it('has nodes for states and edges for arcs where turns are free', async () => {
    const graph = await buildGraph([blockOf(items)], { profile: profiles.foot })
    const states = stateGraph(graph)
    expect(states.nodes).toBe(graph.nodes.longitudes.length)
    for (let node = 0; node < states.nodes; node++)
      for (let arc = states.first[node]!; arc < states.first[node + 1]!; arc++) {
        const edge = states.origins[arc]!
        expect([graph.edges.tails[edge], graph.edges.heads[edge]]).toEqual([node, states.heads[arc]])
        expect(states.weights[arc]).toBe(graph.edges.weights[edge])
      }
  })

  it('has edges and their copies for states where turns are not free, each arc a turn and the edge behind it', async () => {
    const { turns, edges, ...graph } = await buildGraph([blockOf(items)], { profile: profiles.car })
    const states = stateGraph({ turns, edges, ...graph })
    expect(states.nodes).toBe(turns!.edges.length)
    for (let state = 0; state < states.nodes; state++)
      for (let arc = states.first[state]!; arc < states.first[state + 1]!; arc++) {
        const turn = states.origins[arc]!
        const next = turns!.edges[states.heads[arc]!]!
        expect(turns!.heads[turn]).toBe(states.heads[arc])
        expect(edges.tails[next]).toBe(edges.heads[turns!.edges[state]!])
        expect(states.weights[arc]).toBe(turns!.costs[turn]! + edges.weights[next]!)
      }
  })

  it('numbers states, edges and roads as it is written', async () => {
    const { turns, edges, roads } = await buildGraph([blockOf(items)], { profile: profiles.car })
    const count = edges.heads.length
    expect([...turns!.edges.subarray(0, count)]).toEqual([...new Array(count).keys()])
    expect(turns!.edges.length).toBeGreaterThan(count)
    for (let edge = 0; edge < count; edge++) {
      for (let copy = turns!.firstCopy[edge]!; copy < turns!.firstCopy[edge + 1]!; copy++)
        expect(turns!.edges[copy]).toBe(edge)
      const road = edges.roads[edge]! >> 1
      expect((edges.roads[edge]! % 2 === 0 ? roads.forward : roads.backward)[road]).toBe(edge)
      expect(edge).toBeGreaterThanOrEqual(edges.first[edges.tails[edge]!]!)
      expect(edge).toBeLessThan(edges.first[edges.tails[edge]! + 1]!)
    }
    expect(turns!.firstCopy[count]).toBe(turns!.edges.length)
  })
})

describe('textTable', () => {
  it('gives back texts, also from shared memory', () => {
    const texts = ['', 'Landstrasse', 'Süd', '東京', '']
    const { first, bytes } = textTable(texts)
    const shared = new Uint8Array(new SharedArrayBuffer(bytes.length))
    shared.set(bytes)
    expect(texts.map((_, index) => textAt({ first, bytes: shared }, index))).toEqual(texts)
  })
})
