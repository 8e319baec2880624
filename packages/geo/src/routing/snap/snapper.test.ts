import { randomFraction } from '@exprsn/core'
import { SeededRandom } from '@exprsn/core/testing'
import { describe, expect, it } from 'vitest'
import { metresToSegment } from '../../coordinates/sphere.ts'
import type { RoadGraph } from '../../graph/road-graph.ts'
import { block, origin, randomRoads } from '../../../test/routing/random-roads.ts'
import { snapPoints } from './snap-points.ts'
import { bearingOfSegment, Snapper } from './snapper.ts'
import { bearingsApart } from './local-map.ts'

const size = 7

describe('snapping', () => {
  it('finds the nearest road that comparing with every segment finds', () => {
    const random = new SeededRandom('snap')
    for (let town = 0; town < 6; town++) {
      const graph = randomRoads(`snap ${town}`, { size, turns: false })
      const snapper = new Snapper(graph)
      for (let place = 0; place < 200; place++) {
        const x = origin[0] + (randomFraction(random) * 1.4 - 0.2) * block * size
        const y = origin[1] + (randomFraction(random) * 1.4 - 0.2) * block * size
        const radius = [50, 300, 5_000][place % 3]!
        const found = snapper.nearest([x, y], { radius })
        const expected = Math.min(...roadDistances(graph, x, y).values())
        if (expected > radius * 1.001) expect(found).toBeUndefined()
        else if (found !== undefined) {
          expect(Math.abs(found.distance - expected)).toBeLessThan(0.01 + expected * 0.002)
          expect(found.share >= 0 && found.share <= 1).toBe(true)
        } else expect(expected).toBeGreaterThan(radius * 0.998)
      }
    }
  })

  it('finds every road in a radius, once, nearest first', () => {
    const random = new SeededRandom('within')
    const graph = randomRoads('within', { size, turns: false })
    const snapper = new Snapper(graph)
    for (let place = 0; place < 100; place++) {
      const x = origin[0] + randomFraction(random) * block * size
      const y = origin[1] + randomFraction(random) * block * size
      const found = snapper.within([x, y], { radius: 150 })
      const expected = [...roadDistances(graph, x, y)].filter(([, distance]) => distance < 149.7).map(([road]) => road)
      expect(found.map(({ road }) => road)).toEqual(expect.arrayContaining(expected))
      expect(new Set(found.map(({ road }) => road)).size).toBe(found.length)
      expect(found.map(({ distance }) => distance)).toEqual(
        found.map(({ distance }) => distance).toSorted((a, b) => a - b),
      )
    }
  })

  it('takes only roads that lead where the vehicle moves', () => {
    const graph = randomRoads('bearing', { size, turns: false })
    const snapper = new Snapper(graph)
    const random = new SeededRandom('bearing')
    let turned = 0
    for (let place = 0; place < 200; place++) {
      const position = [
        origin[0] + randomFraction(random) * block * size,
        origin[1] + randomFraction(random) * block * size,
      ] as const
      const bearing = randomFraction(random) * 360
      const found = snapper.nearest(position, { radius: 1_000, bearing, tolerance: 30 })
      if (found === undefined) continue
      const ahead = bearingOfSegment(graph.roads, found.point)
      if (found.forward >= 0) expect(bearingsApart(ahead, bearing)).toBeLessThanOrEqual(30)
      if (found.backward >= 0) expect(bearingsApart(ahead + 180, bearing)).toBeLessThanOrEqual(30)
      if (found.road !== snapper.nearest(position, { radius: 1_000 })!.road) turned++
    }
    expect(turned).toBeGreaterThan(20)
  })

  it('prefers the largest connected part, unless all points are on one island', () => {
    const drawn = randomRoads('island', { size, turns: false })
    // Drawn last, a loop.
    const island = drawn.edges.heads[drawn.roads.forward.at(-1)!] ?? drawn.edges.heads[drawn.roads.backward.at(-1)!]!
    const graph: RoadGraph = {
      ...drawn,
      edges: { ...drawn.edges, components: drawn.edges.heads.map((head) => (head === island ? 1 : 0)) },
    }
    const on = [graph.nodes.longitudes[island]! / 1e7, graph.nodes.latitudes[island]! / 1e7] as const
    const off = [origin[0], origin[1]] as const
    const snapper = new Snapper(graph)
    const componentOf = (positions: readonly (readonly [number, number])[]) =>
      snapPoints(
        graph,
        snapper,
        positions.map((position) => ({ position, rules: { radius: 1_000 } })),
      ).map((place) => graph.edges.components[Math.max(place!.forward, place!.backward)])
    expect(componentOf([on, on])).toEqual([1, 1])
    expect(componentOf([on, off])).toEqual([0, 0])
    expect(componentOf([off, off])).toEqual([0, 0])
    // Too far from everything else, it stays on the island.
    const far = snapPoints(graph, snapper, [
      { position: on, rules: { radius: 10 } },
      { position: off, rules: { radius: 1_000 } },
    ])
    expect(far[0]!.road).toBe(graph.roads.forward.length - 1)
  })

  it('finds nothing in the sea, and nothing on a map without roads', () => {
    const graph = randomRoads('sea', { size, turns: false })
    expect(new Snapper(graph).nearest([-30, 40], { radius: 1_000 })).toBeUndefined()
    expect(new Snapper(graph).within([-30, 40], { radius: 1_000 })).toEqual([])
    const empty = { ...graph, roads: { ...graph.roads, firstPoint: new Int32Array(1), points: new Int32Array(0) } }
    expect(new Snapper(empty).nearest([9.5, 47.1], { radius: 1e6 })).toBeUndefined()
  })
})

function roadDistances({ roads: { points, firstPoint } }: RoadGraph, x: number, y: number): Map<number, number> {
  const distances = new Map<number, number>()
  for (let road = 0; road + 1 < firstPoint.length; road++)
    for (let point = firstPoint[road]!; point + 1 < firstPoint[road + 1]!; point++) {
      const [ax, ay, bx, by] = [0, 1, 2, 3].map((offset) => points[point * 2 + offset]! / 1e7) as [
        number,
        number,
        number,
        number,
      ]
      distances.set(road, Math.min(distances.get(road) ?? Infinity, metresToSegment(x, y, ax, ay, bx, by)))
    }
  return distances
}
