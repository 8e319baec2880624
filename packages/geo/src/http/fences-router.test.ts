import { apiKeyAuth } from '@exprsn/core/http'
import { migrate, sqliteDatabase } from '@exprsn/core/database'
import { describe, expect, it } from 'vitest'
import { createFences, databaseFences, type FenceEvent, type FenceFeature } from '../fence/index.ts'
import { createFencesHandler, type FencesRouterOptions } from './index.ts'

const depot: FenceFeature = {
  type: 'Feature',
  id: 'depot',
  geometry: { type: 'Point', coordinates: [9.5, 47] },
  properties: { radius: 300, colour: 'red' },
}

function served(options: Partial<FencesRouterOptions> = {}) {
  const handler = createFencesHandler({ fences: createFences({ features: [depot] }), auth: false, ...options })
  return async (method: string, path: string, body?: unknown) => {
    const request = new Request(`http://localhost${path}`, {
      method,
      ...(body !== undefined && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    })
    const response = await handler(request)
    const text = await response.text()
    const isJson = response.headers.get('content-type')?.includes('json') === true
    return {
      status: response.status,
      type: response.headers.get('content-type'),
      body: isJson ? JSON.parse(text) : text,
    }
  }
}
const fix = (position: readonly number[], time: unknown = '2026-01-05T08:00:00Z') => ({ id: 'van', position, time })

describe('fences over HTTP', () => {
  it('are listed, put, read, drawn and taken away', async () => {
    const ask = served()
    expect((await ask('GET', '/fences')).body).toEqual({ type: 'FeatureCollection', features: [depot] })
    const yard = { ...depot, id: 'ignored' }
    expect(await ask('PUT', '/fences/yard%20one', yard)).toMatchObject({ status: 200, body: { events: [] } })
    expect((await ask('GET', '/fences/yard%20one')).body).toEqual({ ...depot, id: 'yard one' })
    const picture = await ask('GET', '/fences.svg')
    expect(picture).toMatchObject({ status: 200, type: expect.stringContaining('image/svg+xml') })
    expect(picture.body).toContain('>yard one</text>')
    expect((await ask('DELETE', '/fences/depot')).status).toBe(200)
    expect(await ask('DELETE', '/fences/depot')).toMatchObject({ status: 404, body: { code: 'GEO_FENCE_NOT_FOUND' } })
    expect((await ask('GET', '/fences/depot')).status).toBe(404)
  })

  it('take fixes and answer with events, and tell who is where', async () => {
    const told: FenceEvent[] = []
    const ask = served({ onEvents: (events) => void told.push(...events) })
    const first = await ask('POST', '/fixes', { fixes: [fix([9.5, 47])] })
    expect(first.body.events).toMatchObject([
      { type: 'enter', fence: 'depot', object: 'van', time: '2026-01-05T08:00:00.000Z', position: [9.5, 47] },
    ])
    expect((await ask('GET', '/objects/van/fences')).body).toEqual({ fences: ['depot'] })
    expect((await ask('GET', '/locate?longitude=9.5&latitude=47.001')).body).toEqual({ fences: ['depot'] })
    expect((await ask('GET', '/locate?longitude=9.6&latitude=47')).body).toEqual({ fences: [] })
    const away = { ...depot, geometry: { type: 'Point', coordinates: [0, 0] } }
    expect((await ask('PUT', '/fences/depot', away)).body.events).toMatchObject([{ type: 'exit', reason: 'changed' }])
    expect(told.map(({ type }) => type)).toEqual(['enter', 'exit'])
  })

  it('keep objects in a database where there is one', async () => {
    await using database = sqliteDatabase({ path: ':memory:' })
    const fences = createFences({ features: [depot] })
    const tracked = databaseFences({ database, fences })
    await migrate(database, [tracked.migrations])
    const ask = served({ fences, tracked })
    expect((await ask('POST', '/fixes', { fixes: [fix([9.5, 47], 5)] })).body.events).toHaveLength(1)
    expect(fences.statistics().objects).toBe(0)
    expect((await ask('GET', '/objects/van/fences')).body).toEqual({ fences: ['depot'] })
  })

  it('change nothing when the change cannot be stored', async () => {
    const changes: unknown[] = []
    const ask = served({
      onChange: async (change) => {
        changes.push(change)
        throw new Error('the database is away')
      },
    })
    expect((await ask('PUT', '/fences/new', depot)).status).toBe(500)
    expect((await ask('DELETE', '/fences/depot')).status).toBe(500)
    expect((await ask('GET', '/fences')).body.features).toEqual([depot])
    expect(changes).toEqual([{ put: { ...depot, id: 'new' } }, { removed: 'depot' }])
  })

  it.each([
    ['PUT', '/fences/x', { ...depot, properties: null }, 400, 'radius'],
    ['PUT', '/fences/x', { ...depot, geometry: { type: 'Blob', coordinates: [] } }, 400, 'geometry'],
    [
      'PUT',
      '/fences/x',
      {
        ...depot,
        geometry: {
          type: 'Polygon',
          coordinates: [
            [
              [0, 0],
              [1, 1],
              [0, 200],
            ],
          ],
        },
      },
      400,
      'feature.geometry.coordinates[0][2]',
    ],
    ['POST', '/fixes', { fixes: [fix([9.5, 47]), fix([47, 95])] }, 400, 'fixes'],
    ['POST', '/fixes', { fixes: [fix([9.5, 47], 'yesterday')] }, 400, 'time'],
    ['GET', '/locate?longitude=9.5', undefined, 400, 'latitude'],
  ])('refuse %s %s with %j', async (method, path, body, status, part) => {
    const ask = served()
    const answer = await ask(method, path, body)
    expect(answer).toMatchObject({ status, type: expect.stringContaining('application/problem+json') })
    expect(JSON.stringify(answer.body)).toContain(part)
    expect((await ask('GET', '/objects/van/fences')).body).toEqual({ fences: [] })
  })

  it('ask who is asking', async () => {
    const ask = served({ auth: apiKeyAuth({ keys: { verify: async () => Promise.reject(new Error('no')) } }) })
    expect((await ask('GET', '/fences')).status).toBe(401)
  })
})
