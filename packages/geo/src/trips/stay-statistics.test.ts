import { randomBelow } from '@exprsn/core'
import { SeededRandom } from '@exprsn/core/testing'
import { describe, expect, it } from 'vitest'
import type { FenceEvent } from '../fence/fence-event.ts'
import { createStayStatistics } from './index.ts'

const event = (type: FenceEvent['type'], object: string, time: number, duration?: number): FenceEvent => ({
  ...{ type, fence: 'depot', object, time: new Date(time), confirmed: new Date(time), position: [0, 0] },
  ...(duration !== undefined && { duration }),
})

describe('stay statistics', () => {
  it('count visits, objects and how many are inside', () => {
    const stays = createStayStatistics()
    expect(stays.of('depot')).toBeUndefined()
    stays.add([event('approach', 'a', 0), event('enter', 'a', 1), event('enter', 'b', 2), event('dwell', 'a', 3)])
    expect(stays.of('depot')).toMatchObject({ visits: 0, objects: 2, inside: 2, most: 2, mean: 0, median: 0 })
    stays.add([event('exit', 'a', 11, 10), event('enter', 'a', 20), event('exit', 'a', 50, 30)])
    expect(stays.fences()).toEqual([
      {
        fence: 'depot',
        visits: 2,
        objects: 2,
        inside: 1,
        most: 2,
        total: 40,
        mean: 20,
        median: 30,
        p95: 30,
        longest: 30,
      },
    ])
  })

  it('stay small and near the truth for a hundred thousand stays', () => {
    const random = new SeededRandom(5)
    const stays = createStayStatistics()
    const durations = Array.from({ length: 100_000 }, () => randomBelow(random, 1_000) ** 2)
    for (const duration of durations) stays.add([event('exit', 'a', 0, duration)])
    const sorted = durations.toSorted((left, right) => left - right)
    const { median, p95, visits, longest, total } = stays.of('depot')!
    expect({ visits, longest }).toEqual({ visits: 100_000, longest: sorted.at(-1) })
    expect(total).toBe(durations.reduce((sum, each) => sum + each, 0))
    expect(Math.abs(median / sorted[50_000]! - 1)).toBeLessThan(0.15)
    expect(Math.abs(p95 / sorted[95_000]! - 1)).toBeLessThan(0.1)
  })
})
