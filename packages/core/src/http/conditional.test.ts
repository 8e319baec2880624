import { describe, expect, it } from 'vitest'
import { checkConditions, entityTag } from './conditional.ts'
import { createRouter } from './router.ts'

const state = { etag: '"v1"', lastModified: new Date('2026-01-02T03:04:05.678Z') }
const request = (headers: Record<string, string>, method = 'GET') => new Request('http://a/', { headers, method })
const at = (seconds: number) => new Date(Date.UTC(2026, 0, 2, 3, 4, 5 + seconds)).toUTCString()

describe('checkConditions', () => {
  it.each([
    [{ 'if-none-match': '"v1"' }, 304],
    [{ 'if-none-match': '"v0", W/"v1"' }, 304],
    [{ 'if-none-match': '*' }, 304],
    [{ 'if-none-match': '"v2"' }, undefined],
    [{ 'if-none-match': '"v2"', 'if-modified-since': at(0) }, undefined],
    [{ 'if-modified-since': at(0) }, 304],
    [{ 'if-modified-since': at(-1) }, undefined],
    [{ 'if-modified-since': 'yesterday' }, undefined],
    [{}, undefined],
  ])('answers a read with %j by %s', (headers, status) => {
    const answer = checkConditions(request(headers as Record<string, string>), state)
    expect(answer?.status).toBe(status)
    if (answer !== undefined) expect(answer.headers).toEqual({ etag: '"v1"', 'last-modified': at(0) })
  })

  it.each([
    [{ 'if-match': '"v1"' }, false],
    [{ 'if-match': '*' }, false],
    [{ 'if-match': '"v0"' }, true],
    [{ 'if-match': 'W/"v1"' }, true],
    [{ 'if-none-match': '*' }, true],
    [{ 'if-unmodified-since': at(-1) }, true],
    [{ 'if-unmodified-since': at(0) }, false],
    [{ 'if-match': '"v1"', 'if-unmodified-since': at(-1) }, false],
  ])('refuses a change with %j: %s', (headers, refused) => {
    const check = () => checkConditions(request(headers as Record<string, string>, 'PUT'), state)
    if (refused) expect(check).toThrow(expect.objectContaining({ code: 'CORE_HTTP_PRECONDITION', status: 412 }))
    else expect(check()).toBeUndefined()
  })

  it('works within a route', async () => {
    const router = createRouter().route({
      method: 'GET',
      path: '/',
      handler: ({ request: asked }) => checkConditions(asked, { etag: entityTag('a') }) ?? { a: 1 },
    })
    const response = await router.fetch(request({ 'if-none-match': entityTag('a') }))
    expect([response.status, response.body, response.headers.get('etag')]).toEqual([304, null, entityTag('a')])
    expect(entityTag('a')).not.toBe(entityTag('b'))
  })
})
