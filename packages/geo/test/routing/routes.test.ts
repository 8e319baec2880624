import { randomFraction } from '@exprsn/core'
import { SeededRandom } from '@exprsn/core/testing'
import { metresBetween, type Position } from '@exprsn/geo/coordinates'
import type { RoadGraph } from '@exprsn/geo/graph'
import { openRouter } from '@exprsn/geo/routing'
import { describe, expect, it } from 'vitest'
import { partOf } from '../../src/routing/route/edge-part.ts'
import { snapPoints } from '../../src/routing/snap/snap-points.ts'
import { Snapper } from '../../src/routing/snap/snapper.ts'
import { plainDurations, type PlainPlace } from './plain-routes.ts'
import { block, origin, randomRoads } from './random-roads.ts'

const size = 6
const towns = Array.from({ length: 12 }, (_, town) => `town ${town}`)

describe.each([true, false])('routes between places on roads (with rules for turns: %s)', (turns) => {
  it('take as long as trying everything says, or lead nowhere like it', async () => {
    let unreachable = 0
    let sameRoad = 0
    for (const town of towns) {
      const graph = randomRoads(town, { size, turns })
      const { points, places, roads } = placesIn(graph, town, 24)
      const router = await openRouter(graph)
      for (const [from, start] of points.entries()) {
        const expected = plainDurations(graph, places[from]!, places)
        for (const [to, end] of points.entries()) {
          const route = await router.route({ points: [start, end], instructions: false })
          const found = route.found ? Math.round(route.duration * 1_000) : undefined
          expect([town, from, to, found]).toEqual([town, from, to, expected[to]])
          if (!route.found) unreachable++
          if (from !== to && roads[from] === roads[to]) sameRoad++
        }
      }
    }
    expect(unreachable).toBeGreaterThan(50)
    expect(sameRoad).toBeGreaterThan(50)
  })

  it('are as long as they are drawn, begin and end where they should, and their parts add up', async () => {
    for (const town of towns.slice(0, 4)) {
      const graph = randomRoads(town, { size, turns })
      const { points } = placesIn(graph, town, 12)
      const router = await openRouter(graph)
      for (const start of points)
        for (const end of points) {
          const route = await router.route({ points: [start, end], annotations: true })
          if (!route.found) continue
          const [leg] = route.legs
          expect(route.geometry[0]).toEqual(leg!.from.position)
          expect(route.geometry.at(-1)).toEqual(leg!.to.position)
          expect(lengthOf(route.geometry)).toBeCloseTo(route.distance, -1)
          expect(sum(leg!.annotations!.distances)).toBeCloseTo(route.distance, 3)
          expect(sum(leg!.annotations!.durations)).toBeCloseTo(route.duration, 1)
          expect(leg!.annotations!.durations).toHaveLength(route.geometry.length - 1)
          expect(sum(route.instructions.map(({ distance }) => distance))).toBeCloseTo(route.distance, 3)
          expect(route.instructions[0]!.maneuver).toBe('depart')
          expect(route.instructions.at(-1)!.maneuver).toBe('arrive')
        }
    }
  })

  it('over via points are the routes between them, one after the other', async () => {
    const graph = randomRoads('via', { size, turns })
    const { points } = placesIn(graph, 'via', 12)
    const router = await openRouter(graph)
    let found = 0
    for (let at = 0; at + 2 < points.length; at++) {
      const stops = points.slice(at, at + 3)
      const route = await router.route({ points: stops })
      const parts = [
        await router.route({ points: stops.slice(0, 2) }),
        await router.route({ points: stops.slice(1) }),
      ] as const
      if (!route.found || !parts[0].found || !parts[1].found) {
        expect(route).toEqual(parts[0].found ? { found: false, reason: 'unreachable', point: 1 } : parts[0])
        continue
      }
      found++
      expect(route.duration).toBeCloseTo(parts[0].duration + parts[1].duration, 6)
      expect(route.legs.map(({ last }) => route.geometry[last])).toEqual([
        parts[0].geometry.at(-1),
        parts[1].geometry.at(-1),
      ])
      expect(route.legs[1]!.first).toBe(route.legs[0]!.last)
      expect(route.instructions.filter(({ maneuver }) => maneuver === 'via')).toHaveLength(1)
    }
    expect(found).toBeGreaterThan(2)
  })

  it('make tables that equal them, distances too', async () => {
    for (const town of towns.slice(0, 5)) {
      const graph = randomRoads(town, { size, turns })
      const { points } = placesIn(graph, town, 20)
      const router = await openRouter(graph)
      const [sources, targets] = [points.slice(0, 14), points.slice(6)]
      const table = await router.matrix({ sources, targets })
      expect([table.rows, table.columns]).toEqual([14, 14])
      for (const [row, start] of sources.entries())
        for (const [column, end] of targets.entries()) {
          const route = await router.route({ points: [start, end], instructions: false })
          const cell = row * table.columns + column
          if (!route.found) {
            expect([table.durations[cell], table.distances[cell]]).toEqual([NaN, NaN])
            continue
          }
          expect(table.durations[cell]).toBeCloseTo(route.duration, 6)
          // Of ways that take equally long either may be told; they are rare.
          expect(Math.abs(table.distances[cell]! - route.distance)).toBeLessThan(0.05)
        }
    }
  })
})

/** Random positions near roads, and what the oracle needs of them. */
function placesIn(graph: RoadGraph, seed: string, count: number) {
  const random = new SeededRandom(`places ${seed}`)
  const points = Array.from({ length: count }, (): Position => [
    origin[0] + randomFraction(random) * block * (size - 1),
    origin[1] + randomFraction(random) * block * (size - 1),
  ])
  // Doubled streets: a second place near each of the first ones.
  for (let at = 0; at < count / 3; at++) points[count - 1 - at] = [points[at]![0] + block / 12, points[at]![1]]
  const snapped = snapPoints(
    graph,
    new Snapper(graph),
    points.map((position) => ({ position, rules: { radius: 1_000 } })),
  )
  const places = snapped.map((place): PlainPlace => {
    const over = [place!.forward, place!.backward].filter((edge) => edge >= 0)
    return { parts: new Map(over.map((edge) => [edge, partOf(graph, place!, edge)])) }
  })
  return { points, places, roads: snapped.map((place) => place!.road) }
}

function lengthOf(geometry: readonly Position[]): number {
  return sum(geometry.slice(1).map((position, at) => metresBetween(...geometry[at]!, ...position)))
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
