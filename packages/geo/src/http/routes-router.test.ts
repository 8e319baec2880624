import { apiKeyAuth } from '@exprsn/core/http'
import { describe, expect, it } from 'vitest'
import { origin, randomRoads } from '../../test/routing/random-roads.ts'
import { openRouter } from '../routing/index.ts'
import { createRoutesHandler, type RoutesRouterOptions } from './index.ts'

const router = await openRouter(randomRoads('http', { turns: true }))
const at = (east: number, north: number) => [origin[0] + east / 1_000, origin[1] + north / 1_000] as const
const sea = [0, 0] as const

function served(options: Partial<RoutesRouterOptions> = {}) {
  const handler = createRoutesHandler({ router, auth: false, ...options })
  return async (path: string, body: unknown) => {
    const headers = { 'content-type': 'application/json' }
    const response = await handler(
      new Request(`http://localhost${path}`, { method: 'POST', body: JSON.stringify(body), headers }),
    )
    return { status: response.status, body: JSON.parse(await response.text()) }
  }
}

describe('routes over HTTP', () => {
  const ask = served()

  it('are what the router says', async () => {
    const request = {
      points: [at(1, 1), { position: at(7, 8), radius: 400 }],
      instructions: 'fr',
      annotations: true,
    } as const
    const expected = await router.route(request)
    expect(expected.found).toBe(true)
    expect(await ask('/route', request)).toEqual({ status: 200, body: JSON.parse(JSON.stringify(expected)) })
    const nowhere = await ask('/route', { points: [at(1, 1), sea] })
    expect(nowhere).toEqual({ status: 200, body: { found: false, reason: 'no-road', point: 1 } })
  })

  it('tables have a row for each source, and null where no way leads', async () => {
    const [sources, targets] = [
      [at(1, 1), sea],
      [at(7, 8), at(3, 4), at(1, 1)],
    ]
    const { body } = await ask('/matrix', { sources, targets })
    const { durations, distances } = await router.matrix({ sources, targets })
    expect(body.durations).toEqual([[...durations.subarray(0, 3)], [null, null, null]])
    expect(body.distances).toEqual([[...distances.subarray(0, 3)], [null, null, null]])
    expect(body.sources).toEqual([expect.objectContaining({ distance: expect.any(Number) }), null])
    expect((await ask('/matrix', { sources: targets })).body.durations).toHaveLength(3)
  })

  it('isochrones and matched ways come as they are', async () => {
    const { body: reached } = await ask('/isochrone', { from: at(3, 3), durations: [60, 120] })
    expect(reached).toMatchObject({ found: true, contours: [{ duration: 60 }, { duration: 120 }] })
    expect((await ask('/isochrone', { from: sea, durations: [60] })).body).toMatchObject({ reason: 'no-road' })
    const { body: matched } = await ask('/match', { fixes: [at(1, 1), at(1.2, 1), sea] })
    expect(matched.fixes.map((place: unknown) => place === null)).toEqual([false, false, true])
  })

  it.each([
    ['/route', { points: [at(1, 1)] }, 'points'],
    ['/route', { points: [at(1, 1), [200, 0]] }, 'points'],
    ['/route', { points: [at(1, 1), at(2, 2)], instructions: 'xx' }, 'instructions'],
    ['/route', { points: [at(1, 1), at(2, 2), at(3, 3)], alternatives: 1 }, 'alternatives'],
    ['/matrix', { sources: [] }, 'sources'],
    ['/matrix', { sources: Array(1_001).fill(at(1, 1)) }, 'sources'],
    ['/isochrone', { from: at(1, 1), durations: [] }, 'durations'],
    ['/isochrone', { from: at(1, 1), durations: [-1] }, 'durations'],
    ['/match', { fixes: [at(1, 1)], accuracy: 0 }, 'accuracy'],
    ['/match', {}, 'fixes'],
  ])('refuse at %s %j', async (path, body, field) => {
    const answer = await ask(path, body)
    expect(answer.status).toBe(400)
    expect(JSON.stringify(answer.body)).toContain(field)
  })

  it('ask who is asking', async () => {
    const auth = apiKeyAuth({ keys: { verify: async () => Promise.reject(new Error('no')) } })
    expect((await served({ auth })('/route', { points: [at(1, 1), at(2, 2)] })).status).toBe(401)
  })
})
