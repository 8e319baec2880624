import { randomBelow } from '@exprsn/core'
import { SeededRandom } from '@exprsn/core/testing'
import { describe, expect, it } from 'vitest'
import { weightedGraph, type WeightedGraph } from '../../graph/weighted-graph.ts'
import { dijkstra } from '../search/dijkstra.ts'
import { buildHierarchy } from './build-hierarchy.ts'
import type { CoreLabels, Hierarchy, HubLabels } from './hierarchy.ts'

describe('labels of the core', () => {
  it.each([true, false])('share a hub on a shortest path for every pair that has one (two-way: %s)', (twoWay) => {
    const graph = town(40, twoWay)
    const hierarchy = buildHierarchy(graph)
    const core = hierarchy.core!
    expect(core.places).toBeGreaterThan(40)
    const nodes = nodesOfPlaces(hierarchy)
    for (let start = 0; start < core.places; start++) {
      const { lengths } = dijkstra(graph, nodes[start]!)
      for (let end = 0; end < core.places; end++)
        expect([start, end, lengthOver(core, start, end)]).toEqual([start, end, lengths[nodes[end]!]!])
    }
  })

  it('hold a hub only where no way as short leads over a more important one, and its place first', () => {
    for (const twoWay of [true, false]) {
      const { up, down, places } = buildHierarchy(town(40, twoWay)).core!
      for (const [labels, back] of [
        [up, down],
        [down, up],
      ] as const)
        for (let place = 0; place < places; place++) {
          const [own, ...others] = labelOf(labels, place)
          expect(own).toEqual([place, 0])
          for (const [hub, length] of others) {
            const over = labelOf(back, hub).slice(1)
            const ways = over.map(([next, rest]) => rest + (others.find(([other]) => other === next)?.[1] ?? Infinity))
            expect(Math.min(...ways)).toBeGreaterThan(length)
          }
        }
    }
  })

  it('are the same ones for both ways where all edges lead both ways', () => {
    const twoWay = buildHierarchy(town(10, true)).core!
    expect(twoWay.down).toBe(twoWay.up)
    const oneWay = buildHierarchy(town(10, false)).core!
    expect(oneWay.down).not.toEqual(oneWay.up)
  })

  it('take four bytes per node of the graph, also where each holds many hubs', () => {
    for (const twoWay of [true, false]) {
      const graph = tangle(150, twoWay)
      const hierarchy = buildHierarchy(graph)
      const { up, down, places } = hierarchy.core!
      const bytes = [...new Set([up, down])].map(({ hubs, lengths }) => hubs.byteLength + lengths.byteLength)
      const room = (graph.nodes * 4) / bytes.length
      expect(Math.max(...bytes)).toBeLessThanOrEqual(room)
      // One more label, of itself and no more than all places before it, found no room.
      expect(Math.max(...bytes) + (places + 1) * 6).toBeGreaterThan(room)
      expect(places).toBeGreaterThan(4)
      expect(places).toBeLessThan(graph.nodes / 8)
    }
  })
})

/** -1 where no way leads, as Dijkstra's says. */
function lengthOver({ up, down }: CoreLabels, start: number, end: number): number {
  const behind = new Map(labelOf(down, end))
  const ways = labelOf(up, start).map(([hub, length]) => length + (behind.get(hub) ?? Infinity))
  const least = Math.min(...ways)
  return least === Infinity ? -1 : least
}

function labelOf({ first, hubs, lengths }: HubLabels, place: number): [hub: number, length: number][] {
  return Array.from(hubs.subarray(first[place], first[place + 1]), (hub, at) => [hub, lengths[first[place]! + at]!])
}

function nodesOfPlaces({ places }: Hierarchy): Int32Array {
  const nodes = new Int32Array(places.length)
  places.forEach((place, node) => (nodes[place] = node))
  return nodes
}

/** A square of streets, some missing, some one-way unless `twoWay`, of few different weights, 0 among them: many ways are as short. */
function town(size: number, twoWay: boolean): WeightedGraph {
  const random = new SeededRandom(`town of ${size}`)
  const arcs = new Arcs()
  for (let node = 0; node < size * size; node++)
    for (const next of [node % size < size - 1 ? node + 1 : -1, node + size]) {
      if (next < 0 || next >= size * size || randomBelow(random, 10) === 0) continue
      const weight = randomBelow(random, 4)
      const kind = twoWay ? 2 : randomBelow(random, 4)
      if (kind !== 0) arcs.add(node, next, weight)
      if (kind !== 1) arcs.add(next, node, weight)
    }
  return weightedGraph(size * size, arcs)
}

/** Every node is joined to four others anywhere. */
function tangle(nodes: number, twoWay: boolean): WeightedGraph {
  const random = new SeededRandom('tangle')
  const arcs = new Arcs()
  for (let node = 0; node < nodes; node++)
    for (let link = 0; link < 4; link++) {
      const [other, weight] = [randomBelow(random, nodes), 10 + randomBelow(random, 90)]
      arcs.add(node, other, weight)
      if (twoWay) arcs.add(other, node, weight)
    }
  return weightedGraph(nodes, arcs)
}

class Arcs {
  readonly tails: number[] = []
  readonly heads: number[] = []
  readonly weights: number[] = []

  add(tail: number, head: number, weight: number): void {
    this.tails.push(tail)
    this.heads.push(head)
    this.weights.push(weight)
  }
}
