import { randomFraction } from '@exprsn/core'
import { SeededRandom } from '@exprsn/core/testing'
import { describe, expect, it } from 'vitest'
import type { Position } from '../../coordinates/position.ts'
import { metresBetween } from '../../coordinates/sphere.ts'
import { drawRoads } from '../../../test/routing/drawn-roads.ts'
import { block, origin, randomRoads } from '../../../test/routing/random-roads.ts'
import { openRouter } from '../port/open-router.ts'

const size = 9

describe('map matching', () => {
  it('recovers routes from noisy fixes', async () => {
    const random = new SeededRandom('fixes')
    let [right, all, whole, routes] = [0, 0, 0, 0]
    for (let town = 0; town < 20; town++) {
      const router = await openRouter(randomRoads(`match ${town}`, { size, turns: true }))
      const corner = (): Position => [
        origin[0] + randomFraction(random) * block * (size - 1),
        origin[1] + randomFraction(random) * block * (size - 1),
      ]
      const route = await router.route({ points: [corner(), corner()], instructions: false })
      if (!route.found || route.distance < 500) continue
      const truth = every(route.geometry, 40)
      const fixes = truth.map(([x, y]): Position => [x + noise(random) / 75_700, y + noise(random) / 111_200])
      const { parts, fixes: matched } = await router.match({ fixes, accuracy: 8 })
      for (const [index, fix] of matched.entries()) {
        all++
        if (metresBetween(...fix!.position, ...truth[index]!) < 25) right++
      }
      routes++
      if (parts.length === 1 && Math.abs(parts[0]!.distance / route.distance - 1) < 0.05) whole++
    }
    expect(all).toBeGreaterThan(150)
    expect(right / all).toBeGreaterThan(0.97)
    // These towns have streets ten metres apart; where a vehicle turned round between such, either may be told.
    expect(whole / routes).toBeGreaterThan(0.75)
  })

  it('keeps to the road that is driven, though a parallel one is nearer at times', async () => {
    const router = await openRouter(
      drawRoads([
        {
          name: 'Driven',
          points: [
            [0, 0],
            [100_000, 0],
          ],
        },
        {
          name: 'Parallel',
          points: [
            [0, 2_500],
            [100_000, 2_500],
          ],
        },
        {
          name: 'Link',
          points: [
            [0, 0],
            [0, 2_500],
          ],
        },
        {
          name: 'Link',
          points: [
            [100_000, 0],
            [100_000, 2_500],
          ],
        },
      ]),
    )
    // In the middle, 17 m off: nearer to the parallel road at 28 m.
    const offsets = [0, 200, -300, 1_500, 1_500, 100, -200, 0, 100]
    const fixes = offsets.map((y, index): Position => [(index + 0.5) / 1_000, y / 1e7])
    const { fixes: matched, parts } = await router.match({ fixes, accuracy: 10 })
    expect(new Set(matched.map((fix) => fix!.name))).toEqual(new Set(['Driven']))
    expect(parts[0]!.distance).toBeCloseTo(890, -1)
  })

  it('does not drive round the block for a vehicle that stands', async () => {
    const router = await openRouter(
      drawRoads([
        {
          points: [
            [0, 0],
            [50_000, 0],
          ],
          backward: false,
        },
        {
          points: [
            [50_000, 0],
            [50_000, 50_000],
            [0, 50_000],
            [0, 0],
          ],
          backward: false,
        },
      ]),
    )
    const xs = [10_000, 10_300, 9_900, 10_200, 10_000, 10_400, 9_800, 12_000]
    const { parts } = await router.match({ fixes: xs.map((x): Position => [x / 1e7, 0]) })
    expect(parts).toHaveLength(1)
    expect(parts[0]!.distance).toBeLessThan(30)
  })

  it('begins a new part where no way leads on, and leaves out fixes without roads', async () => {
    const router = await openRouter(
      drawRoads([
        {
          points: [
            [0, 0],
            [20_000, 0],
          ],
        },
        {
          points: [
            [60_000, 0],
            [80_000, 0],
          ],
        },
      ]),
    )
    const fixes = [5_000, 10_000, 15_000, 40_000, 65_000, 75_000].map((x): Position => [x / 1e7, 0])
    const { parts, fixes: matched } = await router.match({ fixes })
    expect(parts.map(({ firstFix, lastFix }) => [firstFix, lastFix])).toEqual([
      [0, 2],
      [4, 5],
    ])
    expect(matched[3]).toBeUndefined()
    expect(matched.filter((fix) => fix !== undefined)).toHaveLength(5)
  })

  it('takes no fixes and one fix, and names a bad one', async () => {
    const router = await openRouter(randomRoads('few', { turns: false }))
    expect(await router.match({ fixes: [] })).toMatchObject({ parts: [], fixes: [] })
    const one = await router.match({ fixes: [[origin[0], origin[1]]], accuracy: 50 })
    expect(one.parts.map(({ firstFix, lastFix, distance }) => [firstFix, lastFix, distance])).toEqual([[0, 0, 0]])
    await expect(
      router.match({
        fixes: [
          [9.5, 47],
          [9.5, NaN],
        ],
      }),
    ).rejects.toThrow('fixes[1]')
    await expect(router.match({ fixes: [], accuracy: 0 })).rejects.toThrow('accuracy')
  })
})

/** Places on a line, so many metres apart. */
function every(line: readonly Position[], metres: number): Position[] {
  const places: Position[] = []
  let rest = 0
  for (let at = 1; at < line.length; at++) {
    const [from, to] = [line[at - 1]!, line[at]!]
    const length = metresBetween(...from, ...to)
    for (; rest < length; rest += metres)
      places.push([from[0] + ((to[0] - from[0]) * rest) / length, from[1] + ((to[1] - from[1]) * rest) / length])
    rest -= length
  }
  return places
}

/** Metres, normally distributed with a standard deviation of 8 (Box and Muller 1958). */
function noise(random: SeededRandom): number {
  return 8 * Math.sqrt(-2 * Math.log(1 - randomFraction(random))) * Math.cos(2 * Math.PI * randomFraction(random))
}
