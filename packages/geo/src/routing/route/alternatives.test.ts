import { describe, expect, it } from 'vitest'
import { metresBetween } from '../../coordinates/sphere.ts'
import { drawRoads } from '../../../test/routing/drawn-roads.ts'
import { block, origin, randomRoads } from '../../../test/routing/random-roads.ts'
import { openRouter } from '../port/open-router.ts'

describe('alternatives', () => {
  it('are other ways between the same places, not much longer and not much the same', async () => {
    let found = 0
    for (let town = 0; town < 12; town++)
      for (const turns of [true, false]) {
        const router = await openRouter(randomRoads(`other ${town}`, { size: 9, turns }))
        const points = [0.3, 7.4].map((at) => [origin[0] + block * at, origin[1] + block * (7.7 - at)] as const)
        const route = await router.route({ points, alternatives: 3, annotations: true })
        if (!route.found) continue
        expect(route.alternatives!.length).toBeLessThanOrEqual(3)
        let before = route.duration
        for (const way of route.alternatives!) {
          found++
          expect(way.duration).toBeGreaterThanOrEqual(before)
          expect(way.duration).toBeLessThanOrEqual(route.duration * 1.3)
          before = way.duration
          expect(way.geometry[0]).toEqual(route.geometry[0])
          expect(way.geometry.at(-1)).toEqual(route.geometry.at(-1))
          const drawn = way.geometry.slice(1).map((place, at) => metresBetween(...way.geometry[at]!, ...place))
          expect(drawn.reduce((sum, metres) => sum + metres, 0)).toBeCloseTo(way.distance, -1)
          const spent = way.legs[0]!.annotations!.durations.reduce((sum, seconds) => sum + seconds, 0)
          expect(spent).toBeCloseTo(way.duration, 1)
          const own = new Set(route.geometry.map(String))
          expect(way.geometry.some((place) => !own.has(String(place)))).toBe(true)
        }
      }
    expect(found).toBeGreaterThan(5)
  })

  it('are none where there is one way, and come only when they are asked for', async () => {
    const router = await openRouter(
      drawRoads([
        {
          points: [
            [0, 0],
            [10_000, 0],
          ],
        },
        {
          points: [
            [10_000, 0],
            [20_000, 0],
          ],
        },
      ]),
    )
    const [from, to] = [
      [0.0001, 0],
      [0.0019, 0],
    ] as const
    for (const end of [to, [0.0005, 0] as const]) {
      const route = await router.route({ points: [from, end], alternatives: 2 })
      expect(route.found && route.alternatives).toEqual([])
    }
    expect(await router.route({ points: [from, to] })).not.toHaveProperty('alternatives')
    for (const alternatives of [-1, 6, 1.5, NaN])
      await expect(router.route({ points: [from, to], alternatives })).rejects.toThrow('alternatives')
    await expect(router.route({ points: [from, to, from], alternatives: 1 })).rejects.toThrow('two points')
  })
})
