import { describe, expect, it } from 'vitest'
import type { Position } from '../../coordinates/position.ts'
import { metresToSegment } from '../../coordinates/sphere.ts'
import { drawRoads } from '../../../test/routing/drawn-roads.ts'
import { block, origin, randomRoads } from '../../../test/routing/random-roads.ts'
import { openRouter } from '../port/open-router.ts'

const from = [origin[0] + block * 2.2, origin[1] + block * 2.6] as const

describe('what is reached in a time', () => {
  it.each([true, false])('is where routes take no longer (with rules for turns: %s)', async (turns) => {
    let [within, beyond] = [0, 0]
    for (let town = 0; town < 6; town++) {
      const graph = randomRoads(`reach ${town}`, { turns })
      const router = await openRouter(graph)
      const durations = [20, 45, 90]
      const result = await router.isochrone({ from, durations })
      if (!result.found) throw new Error('no road')
      expect(result.contours.map(({ duration }) => duration)).toEqual(durations)
      for (const place of alongRoads(graph)) {
        const route = await router.route({ points: [from, { position: place, radius: 5 }], instructions: false })
        for (const { duration, roads } of result.contours) {
          const reached = isOn(roads.coordinates, place)
          // Where two roads cross, or within a metre of the farthest point, either answer is right.
          if (route.found && Math.abs(route.duration - duration) < 1) continue
          expect([town, place, duration, reached]).toEqual([
            town,
            place,
            duration,
            route.found && route.duration < duration,
          ])
          if (reached) within++
          else beyond++
        }
      }
    }
    expect(within).toBeGreaterThan(100)
    expect(beyond).toBeGreaterThan(100)
  })

  it('has an area that covers every road that is reached, in closed rings', async () => {
    const router = await openRouter(randomRoads('area', { size: 9, turns: true }))
    const result = await router.isochrone({ from, durations: [30, 120], cell: 40 })
    if (!result.found) throw new Error('no road')
    for (const { roads, area } of result.contours) {
      for (const place of roads.coordinates.flat())
        expect(area.coordinates.some((rings) => rings.filter((ring) => isIn(ring, place)).length === 1)).toBe(true)
      for (const ring of area.coordinates.flat()) {
        expect(ring[0]).toEqual(ring.at(-1))
        expect(ring.length).toBeGreaterThan(4)
      }
      for (const [outer, ...holes] of area.coordinates) {
        expect(areaOf(outer!)).toBeGreaterThan(0)
        for (const hole of holes) expect(areaOf(hole)).toBeLessThan(0)
      }
    }
  })

  it('has a hole where a ring road encloses nothing', async () => {
    const square = [
      [0, 0],
      [1, 0],
      [1, 1],
      [0, 1],
      [0, 0],
    ].map(([x, y]) => [x! * 100_000, y! * 100_000] as const)
    const router = await openRouter(drawRoads([{ points: square }]))
    const result = await router.isochrone({ from: [0, 0], durations: [10_000], cell: 100 })
    expect(result.found && result.contours[0]!.area.coordinates.map((rings) => rings.length)).toEqual([2])
  })

  it('is nothing in the sea, and refused for times and squares that make no sense', async () => {
    const router = await openRouter(randomRoads('refused', { turns: false }))
    expect(await router.isochrone({ from: [0, 0], durations: [60] })).toEqual({
      found: false,
      reason: 'no-road',
      point: 0,
    })
    for (const durations of [[], [-1], [NaN], [60, Infinity], 'soon'])
      await expect(router.isochrone({ from, durations: durations as number[] })).rejects.toThrow('durations')
    await expect(router.isochrone({ from, durations: [60], cell: 0 })).rejects.toThrow('cell')
    const far = await openRouter(
      drawRoads([
        {
          points: [
            [0, 0],
            [5e7, 5e7],
          ],
        },
      ]),
    )
    await expect(far.isochrone({ from: [0, 0], durations: [500_000], cell: 1 })).rejects.toThrow('squares')
  })
})

/** Places in the middle of segments, where no other road is near. */
function alongRoads({ roads: { points, firstPoint } }: ReturnType<typeof randomRoads>): Position[] {
  const places: Position[] = []
  for (let road = 0; road + 1 < firstPoint.length; road++)
    for (let point = firstPoint[road]!; point + 1 < firstPoint[road + 1]!; point++) {
      const x = (points[point * 2]! + points[point * 2 + 2]!) / 2e7
      const y = (points[point * 2 + 1]! + points[point * 2 + 3]!) / 2e7
      places.push([Math.round(x * 1e7) / 1e7, Math.round(y * 1e7) / 1e7])
    }
  const near = (a: Position, road: number) => {
    for (let point = firstPoint[road]!; point + 1 < firstPoint[road + 1]!; point++) {
      const [ax, ay, bx, by] = [0, 1, 2, 3].map((offset) => points[point * 2 + offset]! / 1e7)
      if (metresToSegment(...a, ax!, ay!, bx!, by!) < 4) return true
    }
    return false
  }
  const roads = Array.from({ length: firstPoint.length - 1 }, (_, road) => road)
  return places.filter((place) => roads.filter((road) => near(place, road)).length === 1)
}

function isOn(lines: readonly (readonly Position[])[], place: Position): boolean {
  return lines.some((line) =>
    line.slice(1).some((position, at) => metresToSegment(...place, ...line[at]!, ...position) < 0.5),
  )
}

function isIn(ring: readonly Position[], [x, y]: Position): boolean {
  let inside = false
  for (let at = 1; at < ring.length; at++) {
    const [ax, ay] = ring[at - 1]!
    const [bx, by] = ring[at]!
    if (ay > y !== by > y && x < ax + ((y - ay) / (by - ay)) * (bx - ax)) inside = !inside
  }
  return inside
}

function areaOf(ring: readonly Position[]): number {
  return ring.slice(1).reduce((sum, [x, y], at) => sum + ring[at]![0] * y - x * ring[at]![1], 0)
}
