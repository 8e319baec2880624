import { describe, expect, it } from 'vitest'
import { allow } from '../auth/allow.ts'
import type { Identity } from '../auth/identity.ts'
import { authErrors } from '../auth/errors.ts'
import { SimulatedClock } from '../testing/clock/simulated-clock.ts'
import { apiKeyAuth, jwtAuth, type Authenticator } from './authenticator.ts'
import type { CorsOptions } from './cors.ts'
import { createRouter, type RouterOptions } from './router.ts'

const identity: Identity = {
  subject: 'u1',
  kind: 'jwt',
  via: 'header',
  roles: ['editor'],
  scopes: ['jobs:*'],
  claims: {},
}
const verifier = {
  verify: async (token: string): Promise<Identity> => {
    if (token !== 'good') throw authErrors.CORE_AUTH_TOKEN_INVALID({ reason: 'its signature does not fit' })
    return identity
  },
}
const keys = {
  verify: async (text: string): Promise<Identity> => {
    if (text !== 'k') throw authErrors.CORE_AUTH_KEY_INVALID({ reason: 'it is unknown' })
    return { ...identity, kind: 'api-key' as const, subject: 'robot' }
  },
}
const bearer = jwtAuth({ verifier, cookie: 'session' })
const apiKey = apiKeyAuth({ keys })

function router(options: RouterOptions = {}) {
  return createRouter({ auth: [apiKey, bearer], ...options })
    .route({
      method: 'GET',
      path: '/me',
      handler: (context) => ({ subject: context.identity?.subject ?? null, via: context.identity?.via }),
    })
    .route({ method: 'POST', path: '/change', handler: () => ({ done: true }) })
    .route({ method: 'GET', path: '/open', auth: false, handler: () => 'open' })
    .route({
      method: 'GET',
      path: '/maybe',
      auth: 'optional',
      handler: (context) => context.identity?.subject ?? 'nobody',
    })
    .route({
      method: 'GET',
      path: '/jobs/:owner',
      allow: allow({
        scopes: ['jobs:read'],
        when: ({ identity: who, resource }) =>
          (resource.params as { owner: string }).owner === who.subject || 'it is another one’s',
      }),
      handler: () => 'job',
    })
    .route({ method: 'GET', path: '/admin', allow: allow({ roles: ['admin'] }), handler: () => 'admin' })
}
const ask = (path: string, headers: Record<string, string> = {}, method = 'GET', options: RouterOptions = {}) =>
  router(options).fetch(new Request(`https://api.example${path}`, { method, headers }))

describe('authentication', () => {
  it('asks for a credential and says how', async () => {
    const response = await ask('/me')
    expect([response.status, response.headers.get('www-authenticate')]).toEqual([401, 'Bearer'])
    expect(await response.json()).toMatchObject({ code: 'CORE_HTTP_UNAUTHENTICATED' })
  })

  it('takes a key, a bearer token or a cookie', async () => {
    expect(await (await ask('/me', { 'x-api-key': 'k' })).json()).toEqual({ subject: 'robot', via: 'header' })
    expect(await (await ask('/me', { authorization: 'bearer good' })).json()).toEqual({ subject: 'u1', via: 'header' })
    expect(await (await ask('/me', { cookie: 'a=b; session=good' })).json()).toEqual({ subject: 'u1', via: 'cookie' })
  })

  it.each([
    [{ authorization: 'Bearer bad' }],
    [{ 'x-api-key': 'x' }],
    [{ cookie: 'session=bad' }],
    [{ authorization: 'Basic good' }],
    [{ authorization: 'Bearer good extra' }],
    [{ cookie: 'xsession=good' }],
    [{ 'x-api-key': '' }],
  ])('refuses %j', async (headers) => {
    expect((await ask('/me', headers as Record<string, string>)).status).toBe(401)
  })

  it('refuses a wrong credential also where none is needed, and lets an open route alone', async () => {
    expect(await (await ask('/maybe')).json()).toBe('nobody')
    expect(await (await ask('/maybe', { 'x-api-key': 'k' })).json()).toBe('robot')
    expect((await ask('/maybe', { 'x-api-key': 'x' })).status).toBe(401)
    expect((await ask('/open', { 'x-api-key': 'x' })).status).toBe(200)
  })

  it('applies rules to the identity and the checked request, and says why not', async () => {
    const headers = { authorization: 'Bearer good' }
    expect((await ask('/jobs/u1', headers)).status).toBe(200)
    const other = await ask('/jobs/u2', headers)
    expect([other.status, ((await other.json()) as { detail: string }).detail]).toEqual([
      403,
      expect.stringContaining('another one’s'),
    ])
    expect((await ask('/admin', headers)).status).toBe(403)
    expect(() =>
      createRouter().route({ method: 'GET', path: '/', allow: allow({ roles: ['a'] }), handler: () => 1 }),
    ).toThrow(/does not require/)
  })

  it('answers 500 when an authenticator itself fails, and runs no handler', async () => {
    const broken: Authenticator = { name: 'x', scheme: {}, authenticate: () => Promise.reject(new Error('db down')) }
    expect((await ask('/me', {}, 'GET', { auth: broken })).status).toBe(500)
  })
})

describe('requests of other sites', () => {
  const cookie = { cookie: 'session=good' }
  it.each([
    [{ 'sec-fetch-site': 'same-origin', 'x-exprsn-csrf': '1' }, 200],
    [{ 'sec-fetch-site': 'none', 'x-exprsn-csrf': '1' }, 200],
    [{ 'x-exprsn-csrf': '1' }, 200],
    [{ 'x-exprsn-csrf': '1', origin: 'https://api.example' }, 200],
    [{ 'sec-fetch-site': 'same-origin' }, 403],
    [{ 'sec-fetch-site': 'same-site', 'x-exprsn-csrf': '1' }, 403],
    [{ 'sec-fetch-site': 'cross-site', 'x-exprsn-csrf': '1' }, 403],
    [{ 'x-exprsn-csrf': '1', origin: 'https://evil.example' }, 403],
    [{ 'x-exprsn-csrf': '1', origin: 'null' }, 403],
    [{}, 403],
  ])('with %j get %d', async (headers, status) => {
    expect((await ask('/change', { ...cookie, ...(headers as Record<string, string>) }, 'POST')).status).toBe(status)
  })

  it('are no matter for reads, and for credentials that no browser sends by itself', async () => {
    expect((await ask('/me', { ...cookie, 'sec-fetch-site': 'cross-site' })).status).toBe(200)
    expect((await ask('/change', { 'x-api-key': 'k', 'sec-fetch-site': 'cross-site' }, 'POST')).status).toBe(200)
    expect((await ask('/change', { 'x-api-key': 'k' }, 'POST', { csrf: 'always' })).status).toBe(403)
    expect((await ask('/change', cookie, 'POST', { csrf: false })).status).toBe(200)
  })
})

describe('rate limit', () => {
  it('counts by subject, tells what is left, and refuses with the time to wait', async () => {
    const clock = new SimulatedClock()
    const limited = createRouter({ auth: bearer, rateLimit: { limit: 2, per: '1m', name: 'api' }, clock })
      .route({ method: 'GET', path: '/', handler: () => 1 })
      .route({ method: 'GET', path: '/once', rateLimit: { limit: 1, per: '1h', key: () => 'all' }, handler: () => 1 })
    const get = (path = '/') =>
      limited.fetch(new Request(`http://a${path}`, { headers: { authorization: 'Bearer good' } }))
    const first = await get()
    expect([first.status, first.headers.get('ratelimit'), first.headers.get('ratelimit-policy')]).toEqual([
      200,
      '"api";r=1;t=30',
      '"api";q=2;w=60',
    ])
    expect((await get()).status).toBe(200)
    const refused = await get()
    expect([refused.status, refused.headers.get('retry-after'), refused.headers.get('ratelimit')]).toEqual([
      429,
      '30',
      '"api";r=0;t=60',
    ])
    expect(await refused.json()).toMatchObject({ code: 'CORE_RATE_LIMITED', retryable: true })
    await clock.advanceBy(60_000)
    expect((await get('/once')).status).toBe(200)
    expect((await get('/once')).status).toBe(429)
  })
})

describe('cors', () => {
  const cors: CorsOptions = { origins: ['https://app.example'], credentials: true }
  const preflight = { origin: 'https://app.example', 'access-control-request-method': 'POST' }

  it('answers preflights for the origins that are listed', async () => {
    const response = await ask('/change', preflight, 'OPTIONS', { cors })
    expect(response.status).toBe(204)
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'access-control-allow-origin': 'https://app.example',
      'access-control-allow-credentials': 'true',
      'access-control-allow-methods': 'OPTIONS, POST',
      'access-control-max-age': '600',
      vary: 'origin',
    })
    const other = await ask('/change', { ...preflight, origin: 'https://app.example.evil' }, 'OPTIONS', { cors })
    expect([other.headers.has('access-control-allow-origin'), other.headers.get('vary')]).toEqual([false, 'origin'])
  })

  it('lets scripts of those origins read answers, problems included', async () => {
    for (const path of ['/open', '/me']) {
      const { headers } = await ask(path, { origin: 'https://app.example' }, 'GET', { cors })
      expect([headers.get('access-control-allow-origin'), headers.get('access-control-expose-headers')]).toEqual([
        'https://app.example',
        'x-request-id, retry-after',
      ])
    }
    expect(
      (await ask('/open', { origin: 'https://b.example' }, 'GET', { cors })).headers.has('access-control-allow-origin'),
    ).toBe(false)
    expect((await ask('/open', {}, 'GET', { cors: { origins: '*' } })).headers.get('access-control-allow-origin')).toBe(
      '*',
    )
    expect((await ask('/open', { origin: 'https://app.example' })).headers.has('access-control-allow-origin')).toBe(
      false,
    )
  })

  it('refuses what no origin can be, and "*" with credentials', () => {
    expect(() => createRouter({ cors: { origins: ['https://a.example/'] } })).toThrow(/cors\.origins/)
    expect(() => createRouter({ cors: { origins: '*', credentials: true } })).toThrow(/credentials/)
  })
})
