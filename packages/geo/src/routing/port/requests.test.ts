import { beforeAll, describe, expect, it } from 'vitest'
import { origin, randomRoads } from '../../../test/routing/random-roads.ts'
import { openRouter } from './open-router.ts'
import type { RoutePoint, Router } from './router.ts'

const here: RoutePoint = [origin[0] + 0.001, origin[1] + 0.001]

describe('requests to a router', () => {
  let router: Router
  beforeAll(async () => {
    router = await openRouter(randomRoads('requests', { turns: true }))
  })

  it.each<[string, readonly unknown[], string]>([
    ['a swapped position', [[47.1, 109.5], here], 'points[0]'],
    ['NaN', [here, [9.5, NaN]], 'points[1]'],
    ['infinity', [here, here, [Infinity, 47]], 'points[2]'],
    ['text', [here, '9.5,47.1'], 'points[1]'],
    ['nothing', [here, null], 'points[1]'],
    ['one point', [here], 'points'],
    ['a bearing beyond 360', [here, { position: here, bearing: 400 }], 'points[1].bearing'],
    ['a negative radius', [here, { position: here, radius: -1 }], 'points[1].radius'],
    ['a bad position with a bearing', [here, { position: [9.5], bearing: 4 }], 'points[1].position'],
  ])('refuse %s, and name it', async (_, points, where) => {
    await expect(router.route({ points: points as readonly RoutePoint[] })).rejects.toMatchObject({
      code: expect.stringMatching(/^GEO_(POSITION|ROUTE)_INVALID$/),
      details: expect.objectContaining({ where }),
    })
  })

  it('refuse points that are no list, unknown languages and counts out of range', async () => {
    await expect(router.route({ points: 7 as never })).rejects.toMatchObject({ code: 'GEO_ROUTE_INVALID' })
    await expect(router.route({ points: [here, here], instructions: 'xx' as never })).rejects.toThrow('"xx"')
    await expect(router.matrix({ sources: [here, [200, 0]] })).rejects.toThrow('sources[1]')
    await expect(router.matrix({ sources: [here], targets: [[0, 91]] })).rejects.toThrow('targets[0]')
  })

  it('answer a point in the sea with which one it is', async () => {
    const sea: RoutePoint = [-30, 40]
    expect(await router.route({ points: [here, sea] })).toEqual({ found: false, reason: 'no-road', point: 1 })
    const table = await router.matrix({ sources: [here, sea] })
    expect([...table.durations]).toEqual([0, NaN, NaN, NaN])
    expect([...table.distances]).toEqual([0, NaN, NaN, NaN])
    expect(table.sources[1]).toBeUndefined()
  })

  it('answer a place to itself with nothing, drawn with two points', async () => {
    const route = await router.route({ points: [here, here], annotations: true })
    expect(route).toMatchObject({ found: true, distance: 0, duration: 0, attribution: 'made up' })
    if (route.found) expect(route.geometry).toHaveLength(2)
  })

  it('give an empty table for no places', async () => {
    expect(await router.matrix({ sources: [], targets: [here] })).toMatchObject({ rows: 0, columns: 1 })
  })

  it('stop when they are called off, and answer nothing once closed', async () => {
    await expect(router.route({ points: [here, here], signal: AbortSignal.abort() })).rejects.toThrow('abort')
    const other = await openRouter(randomRoads('closed', { turns: false }))
    await other[Symbol.asyncDispose]()
    await expect(other.route({ points: [here, here] })).rejects.toMatchObject({ code: 'GEO_ROUTER_CLOSED' })
  })
})
