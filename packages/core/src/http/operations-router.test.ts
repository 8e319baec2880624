import { describe, expect, it } from 'vitest'
import { createHealth } from '../health/create-health.ts'
import { createMetrics } from '../metrics/create-metrics.ts'
import type { Authenticator } from './authenticator.ts'
import { describeOpenApi } from './describe-openapi.ts'
import { operationsRouter } from './operations-router.ts'
import { createRouter } from './router.ts'

const get = (router: { fetch(request: Request): Promise<Response> }, path: string, headers = {}) =>
  router.fetch(new Request(`http://localhost${path}`, { headers }))

describe('operationsRouter', () => {
  it('answers probes and scrapes, mounted below a service’s own routes', async () => {
    const metrics = createMetrics()
    metrics.counter({ name: 'orders', help: 'Orders.' }).add(3)
    const check = async () => Promise.reject(new Error('down'))
    const health = createHealth({ checks: { database: { check } } })
    const router = createRouter().mount('/internal', operationsRouter({ health, metrics }))
    expect((await get(router, '/internal/livez')).status).toBe(200)
    const ready = await get(router, '/internal/readyz')
    expect([ready.status, ready.headers.get('content-type')]).toEqual([503, 'application/health+json'])
    expect(await (await get(router, '/internal/metrics')).text()).toContain('orders')
    expect((await get(router, '/internal/nowhere')).status).toBe(404)
  })

  it('has no metrics unless they are given, and keeps them from strangers when told to', async () => {
    const health = createHealth({ checks: {} })
    expect((await get(operationsRouter({ health }), '/metrics')).status).toBe(404)
    const scraper = { subject: 'scraper', kind: 'api-key', via: 'header', roles: [], scopes: [], claims: {} } as const
    const auth: Authenticator = {
      name: 'token',
      scheme: { type: 'http', scheme: 'bearer' },
      authenticate: ({ headers }) => (headers.get('authorization') === 'Bearer x' ? scraper : undefined),
    }
    const router = operationsRouter({ health, metrics: createMetrics(), auth })
    expect((await get(router, '/livez')).status).toBe(200)
    expect((await get(router, '/metrics')).status).toBe(401)
    expect((await get(router, '/metrics', { authorization: 'Bearer x' })).status).toBe(200)
  })

  it('is described: three probes and the metrics', async () => {
    const document = await describeOpenApi()
    expect(Object.keys(document.paths)).toEqual(['/livez', '/metrics', '/readyz', '/startupz'])
  })
})
