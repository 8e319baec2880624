import { describe, expect, it } from 'vitest'
import { SimulatedClock } from '../testing/clock/simulated-clock.ts'
import { createHealth, type HealthOptions } from './create-health.ts'
import { createHealthHandler, type HealthHandlerOptions } from './health-handler.ts'

function setUp(options: HealthOptions = {}, handlerOptions: HealthHandlerOptions = {}) {
  const health = createHealth({ clock: new SimulatedClock(), maxLag: false, ...options })
  const handler = createHealthHandler(health, handlerOptions)
  return {
    health,
    ask: (path: string, init: RequestInit = {}) => handler(new Request(`http://localhost${path}`, init)),
  }
}

const secret = 'hunter2'
const failing = () =>
  Promise.reject(Object.assign(new Error(`password ${secret} of admin is wrong`), { code: '28P01', detail: secret }))

describe('createHealthHandler', () => {
  it('answers readiness as health+json', async () => {
    const checks = {
      database: { check: () => {}, type: 'datastore' },
      queue: { check: () => ({ observedValue: 12, observedUnit: 'jobs' }) },
    }
    const { ask } = setUp({ checks }, { version: '1.2', releaseId: 'abc' })
    const response = await ask('/readyz')
    expect([response.status, response.headers.get('content-type'), response.headers.get('cache-control')]).toEqual([
      200,
      'application/health+json',
      'no-store',
    ])
    const common = { status: 'pass', time: '2026-01-01T00:00:00.000Z' }
    expect(await response.json()).toEqual({
      status: 'pass',
      version: '1.2',
      releaseId: 'abc',
      checks: {
        'database:responseTime': [
          { ...common, componentId: 'database', componentType: 'datastore', observedValue: 0, observedUnit: 'ms' },
        ],
        queue: [
          { ...common, componentId: 'queue', componentType: 'component', observedValue: 12, observedUnit: 'jobs' },
        ],
      },
    })
  })

  it('never shows what an error says', async () => {
    const { ask } = setUp({ checks: { database: { check: failing } } })
    for (const path of ['/readyz', '/startupz', '/livez']) {
      const response = await ask(path)
      const text = await response.text()
      expect(response.status).toBe(path === '/livez' ? 200 : 503)
      expect(text).not.toContain(secret)
      expect(text).not.toContain('admin')
    }
    expect(await (await ask('/readyz')).json()).toMatchObject({
      status: 'fail',
      checks: { 'database:responseTime': [{ status: 'fail', output: 'CHECK_FAILED' }] },
    })
  })

  it('keeps the names of checks to itself when it is told to', async () => {
    const { ask } = setUp({ checks: { database: { check: failing } } }, { details: false })
    expect(await (await ask('/readyz')).json()).toEqual({ status: 'fail' })
  })

  it('says why it is not ready while it drains', async () => {
    const { health, ask } = setUp()
    const drained = health.drain({ signal: AbortSignal.timeout(20) })
    const response = await ask('/readyz')
    expect([response.status, await response.json()]).toEqual([503, { status: 'fail', notes: ['draining'], checks: {} }])
    expect((await ask('/livez')).status).toBe(200)
    await drained
  })

  it.each([
    ['GET', '/health/readyz', 200],
    ['GET', '/readyz?verbose=1', 200],
    ['HEAD', '/livez', 200],
    ['POST', '/readyz', 405],
    ['GET', '/', 404],
    ['GET', '/readyz/', 404],
    ['GET', '/constructor', 404],
    ['GET', '/__proto__', 404],
  ])('%s %s is %i', async (method, path, status) => {
    const { ask } = setUp()
    const response = await ask(path, { method })
    expect(response.status).toBe(status)
    if (method === 'HEAD') expect(await response.text()).toBe('')
    if (status === 405) expect(response.headers.get('allow')).toBe('GET, HEAD')
  })

  it('has the lag of the event loop among the checks', async () => {
    const handler = createHealthHandler(createHealth())
    const body = await (await handler(new Request('http://localhost/livez'))).json()
    expect(body).toMatchObject({ status: 'pass', checks: { 'eventLoop:lag': [{ observedUnit: 'ms' }] } })
  })
})
