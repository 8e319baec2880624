import { describe, expect, it } from 'vitest'
import { isRedirect, nextHop, type Hop } from './next-hop.ts'
import { prepareBody } from './request-body.ts'

const headers = {
  accept: 'a',
  authorization: 'Bearer x',
  cookie: 'c=1',
  'content-type': 'application/json',
  'idempotency-key': 'k',
  'x-api-key': 'secret',
}
const body = await prepareBody('POST', { json: {} })

function from(method: string, url = 'https://a.test/one?x=1'): Hop {
  return { url: new URL(url), method, headers, body }
}

describe('nextHop', () => {
  it.each([
    [301, 'POST', 'GET'],
    [302, 'POST', 'GET'],
    [303, 'POST', 'GET'],
    [303, 'PUT', 'GET'],
    [303, 'HEAD', 'HEAD'],
    [301, 'PUT', 'PUT'],
    [302, 'HEAD', 'HEAD'],
    [307, 'POST', 'POST'],
    [308, 'DELETE', 'DELETE'],
  ])('%i turns %s into %s', (status, method, next) => {
    const hop = nextHop(from(method), status, '/two')
    expect(hop.method).toBe(next)
    expect(hop.url.href).toBe('https://a.test/two')
    const keepsBody = next === method && method !== 'HEAD'
    if (keepsBody) expect(hop).toMatchObject({ body, headers: { 'content-type': 'application/json' } })
    if (next === 'GET') {
      expect(hop.body).toBeUndefined()
      expect(hop.headers).not.toHaveProperty('content-type')
    }
  })

  it('keeps secrets within the origin, and drops them for another host, port or scheme', () => {
    expect(nextHop(from('GET'), 302, 'https://a.test/two').headers).toMatchObject({ authorization: 'Bearer x' })
    for (const place of ['https://b.test/', 'https://a.test:8443/', 'https://sub.a.test/', '//b.test/x']) {
      const { headers: kept } = nextHop(from('PUT'), 307, place)
      expect(Object.keys(kept).toSorted()).toEqual(['accept', 'content-type'])
    }
    const upgraded = nextHop(from('GET', 'http://a.test/'), 302, 'https://a.test/')
    expect(upgraded.headers).not.toHaveProperty('authorization')
  })

  it.each([
    ['http://a.test/', 'https: to http:'],
    ['file:///etc/passwd', 'no http'],
    ['javascript:alert(1)', 'no http'],
    ['https://user:pass@a.test/', 'user name'],
    ['https://', 'not a URL'],
  ])('refuses to follow to %s', (location, reason) => {
    expect(() => nextHop(from('GET'), 302, location)).toThrow(
      expect.objectContaining({
        code: 'CORE_CLIENT_REDIRECT_REFUSED',
        message: expect.stringContaining(reason) as string,
      }),
    )
  })

  it('does not send a stream twice', async () => {
    async function* stream() {
      yield new Uint8Array(1)
    }
    const once = { ...from('PUT'), body: await prepareBody('PUT', { body: stream() }) }
    expect(() => nextHop(once, 307, '/two')).toThrow(expect.objectContaining({ code: 'CORE_CLIENT_NOT_REPEATABLE' }))
    expect(nextHop(once, 303, '/two')).toMatchObject({ method: 'GET', body: undefined })
  })

  it('knows what a redirect is', () => {
    expect([300, 301, 302, 303, 304, 307, 308, 200].filter((status) => isRedirect(status, '/x'))).toEqual([
      301, 302, 303, 307, 308,
    ])
    expect(isRedirect(302, undefined)).toBe(false)
  })
})
