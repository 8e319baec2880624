import { afterEach, describe, expect, expectTypeOf, it } from 'vitest'
import { z } from 'zod'
import { ExprsnError } from '../errors/exprsn-error.ts'
import type { Logger } from '../logger/logger.ts'
import { silentLogger } from '../logger/logger.ts'
import { httpErrors } from './errors.ts'
import type { Problem } from './problem.ts'
import { reply, replyContent } from './reply.ts'
import { createRouter, type Router } from './router.ts'

const at = (path: string, init?: RequestInit): Request => new Request(`http://localhost${path}`, init)
const post = (path: string, body: NonNullable<RequestInit['body']>, type = 'application/json'): Request =>
  at(path, { method: 'POST', body, headers: { 'content-type': type }, duplex: 'half' } as RequestInit)
const problem = async (response: Response): Promise<Problem> => {
  expect(response.headers.get('content-type')).toBe('application/problem+json')
  return (await response.json()) as Problem
}

describe('answers of handlers', () => {
  const router = createRouter()
  router.route({ method: 'GET', path: '/value', handler: () => ({ a: 1 }) })
  router.route({ method: 'GET', path: '/text', handler: () => 'text' })
  router.route({ method: 'GET', path: '/nothing', handler: () => {} })
  router.route({
    method: 'POST',
    path: '/made',
    handler: () => reply({ id: 1 }, { status: 201, headers: { Location: '/made/1' } }),
  })
  router.route({ method: 'GET', path: '/plain', handler: () => replyContent('hello', { type: 'text/html' }) })
  router.route({
    method: 'GET',
    path: '/own',
    handler: () => new Response('own', { headers: { 'x-frame-options': 'SAMEORIGIN' } }),
  })
  router.route({
    method: 'GET',
    path: '/cookies',
    handler: () => reply({}, { headers: { 'set-cookie': ['a=1', 'b=2'] } }),
  })
  router.route({ method: 'GET', path: '/bigint', handler: () => ({ n: 1n }) })

  it('sends values as JSON, nothing as 204', async () => {
    const value = await router.fetch(at('/value'))
    expect([value.status, value.headers.get('content-type'), await value.text()]).toEqual([
      200,
      'application/json',
      '{"a":1}',
    ])
    expect(value.headers.get('content-length')).toBe('7')
    expect(await (await router.fetch(at('/text'))).json()).toBe('text')
    const nothing = await router.fetch(at('/nothing'))
    expect([nothing.status, nothing.body]).toEqual([204, null])
  })

  it('sends replies with their status, type and headers', async () => {
    const made = await router.fetch(at('/made', { method: 'POST' }))
    expect([made.status, made.headers.get('location')]).toEqual([201, '/made/1'])
    const plain = await router.fetch(at('/plain'))
    expect([plain.headers.get('content-type'), await plain.text()]).toEqual(['text/html', 'hello'])
    expect((await router.fetch(at('/cookies'))).headers.getSetCookie()).toEqual(['a=1', 'b=2'])
  })

  it('adds security headers, but lets a response keep its own', async () => {
    const { headers } = await router.fetch(at('/value'))
    expect(headers.get('content-security-policy')).toBe("default-src 'none'; frame-ancestors 'none'")
    expect(headers.get('x-content-type-options')).toBe('nosniff')
    const own = await router.fetch(at('/own'))
    expect([own.headers.get('x-frame-options'), own.headers.get('referrer-policy')]).toEqual([
      'SAMEORIGIN',
      'no-referrer',
    ])
    const bare = createRouter({ securityHeaders: false }).route({ method: 'GET', path: '/', handler: () => 1 })
    expect((await bare.fetch(at('/'))).headers.has('content-security-policy')).toBe(false)
    const changed = createRouter({
      securityHeaders: { 'X-Frame-Options': undefined, 'Strict-Transport-Security': 'max-age=1' },
    })
    const answer = await changed.route({ method: 'GET', path: '/', handler: () => 1 }).fetch(at('/'))
    expect([answer.headers.has('x-frame-options'), answer.headers.get('strict-transport-security')]).toEqual([
      false,
      'max-age=1',
    ])
  })

  it('answers HEAD by GET without its body', async () => {
    for (const path of ['/value', '/own']) {
      const response = await router.fetch(at(path, { method: 'HEAD' }))
      expect([response.status, response.body]).toEqual([200, null])
    }
    expect((await router.fetch(at('/value', { method: 'HEAD' }))).headers.get('content-length')).toBe('7')
  })

  it('answers OPTIONS and wrong methods with what is allowed', async () => {
    const options = await router.fetch(at('/value', { method: 'OPTIONS' }))
    expect([options.status, options.headers.get('allow')]).toEqual([204, 'GET, HEAD, OPTIONS'])
    const wrong = await router.fetch(at('/value', { method: 'DELETE' }))
    expect([wrong.status, wrong.headers.get('allow')]).toEqual([405, 'GET, HEAD, OPTIONS'])
    expect((await problem(wrong)).code).toBe('CORE_HTTP_METHOD_NOT_ALLOWED')
    expect((await problem(await router.fetch(at('/nowhere')))).status).toBe(404)
    expect((await router.fetch(at('/value/'))).status).toBe(404)
  })

  it('turns a value that JSON cannot hold into a 500 that tells nothing', async () => {
    expect(await problem(await router.fetch(at('/bigint')))).toEqual({
      type: 'about:blank',
      title: 'Internal Server Error',
      status: 500,
      requestId: expect.any(String) as string,
    })
  })
})

describe('inputs', () => {
  const router = createRouter({ bodyLimit: 100 })
  router.route({
    method: 'GET',
    path: '/jobs/:id',
    params: z.object({ id: z.int() }),
    query: z.object({
      limit: z.int().max(10).default(5),
      tag: z.array(z.string()).default([]),
      open: z.boolean().optional(),
    }),
    handler: ({ params, query }) => {
      expectTypeOf(params).toEqualTypeOf<{ id: number }>()
      expectTypeOf(query.tag).toEqualTypeOf<string[]>()
      return { params, query }
    },
  })
  router.route({
    method: 'POST',
    path: '/jobs',
    body: z.strictObject({ name: z.string().min(2), 'a/b~c': z.number().optional() }),
    handler: ({ body }) => body,
  })
  router.route({
    method: 'POST',
    path: '/form',
    bodyKind: 'form',
    body: z.object({ age: z.int() }),
    handler: ({ body }) => body,
  })
  router.route({ method: 'POST', path: '/text', bodyKind: 'text', handler: ({ body }) => body })
  router.route({ method: 'POST', path: '/bytes', bodyKind: 'bytes', handler: ({ body }) => [...(body as Uint8Array)] })
  router.route({ method: 'GET', path: '/plain/:id', handler: ({ params, query }) => [params.id, query] })

  it('are converted from text and checked', async () => {
    const response = await router.fetch(at('/jobs/7?tag=a&open=true'))
    expect(await response.json()).toEqual({ params: { id: 7 }, query: { limit: 5, tag: ['a'], open: true } })
    expect(await (await router.fetch(at('/plain/a%2Fb?x=1&x=2'))).json()).toEqual(['a/b', { x: ['1', '2'] }])
  })

  it('are refused with a place and a pointer for each value that is wrong', async () => {
    const { errors, code } = await problem(await router.fetch(at('/jobs/x?limit=11')))
    expect(code).toBe('CORE_HTTP_INPUT_INVALID')
    expect(errors?.map(({ in: place, pointer }) => `${place} ${pointer}`)).toEqual(['path #/id', 'query #/limit'])
    const body = await problem(await router.fetch(post('/jobs', '{"name":"x","a/b~c":"1"}')))
    expect(body.errors?.map(({ pointer }) => pointer)).toEqual(['#/name', '#/a~1b~0c'])
  })

  it.each([
    ['{"name":', 400, 'CORE_HTTP_BODY_MALFORMED'],
    ['', 400, 'CORE_HTTP_BODY_MALFORMED'],
    ['[1]', 400, 'CORE_HTTP_INPUT_INVALID'],
    ['{"name":"ab","__proto__":{"admin":true}}', 400, 'CORE_HTTP_BODY_MALFORMED'],
    [`{"name":"ab","\\u005f_proto__":{"admin":true}}`, 400, 'CORE_HTTP_BODY_MALFORMED'],
    ['['.repeat(90), 400, 'CORE_HTTP_BODY_MALFORMED'],
    [new Uint8Array([0x22, 0xff, 0x22]), 400, 'CORE_HTTP_BODY_MALFORMED'],
    [`{"name":"${'x'.repeat(100)}"}`, 413, 'CORE_HTTP_BODY_TOO_LARGE'],
  ])('refuses the body %j with %d %s', async (body, status, code) => {
    const response = await router.fetch(post('/jobs', body))
    expect(response.status).toBe(status)
    expect((await problem(response)).code).toBe(code)
  })

  it('takes "__proto__" as a value and brackets within text', async () => {
    const body = JSON.stringify({ name: `"__proto__": [[[` })
    expect(await (await router.fetch(post('/jobs', body))).json()).toEqual({ name: '"__proto__": [[[' })
  })

  it('counts a body without a length as it arrives', async () => {
    let sent = 0
    let cancelled = false
    const body = new ReadableStream({
      pull(controller) {
        sent += 40
        controller.enqueue(new Uint8Array(40))
      },
      cancel() {
        cancelled = true
      },
    })
    expect((await router.fetch(post('/jobs', body))).status).toBe(413)
    expect(cancelled).toBe(true)
    expect(sent).toBeLessThan(400)
  })

  it('refuses other content types, charsets and encodings with 415', async () => {
    for (const type of ['text/plain', 'application/jsonp', 'application/json; charset=utf-16', ''])
      expect((await router.fetch(post('/jobs', '{"name":"ab"}', type))).status, type).toBe(415)
    const headers = { 'content-type': 'application/json', 'content-encoding': 'gzip' }
    expect((await router.fetch(at('/jobs', { method: 'POST', body: '{}', headers }))).status).toBe(415)
    expect(
      (await router.fetch(post('/jobs', '{"name":"ab"}', 'application/merge-patch+json; charset="UTF-8"'))).status,
    ).toBe(200)
  })

  it('reads forms, text and bytes', async () => {
    const form = await router.fetch(post('/form', 'age=41', 'application/x-www-form-urlencoded'))
    expect(await form.json()).toEqual({ age: 41 })
    expect(await (await router.fetch(post('/text', 'grüße', 'text/plain; charset=utf-8'))).json()).toBe('grüße')
    expect(await (await router.fetch(post('/bytes', new Uint8Array([1, 2]), 'image/png'))).json()).toEqual([1, 2])
  })

  it('refuses a malformed percent encoding and too many fields', async () => {
    expect((await router.fetch(at('/plain/%E0%A4%A'))).status).toBe(400)
    expect((await router.fetch(at(`/plain/1?${'a&'.repeat(1_001)}`))).status).toBe(400)
  })

  it('keep names of the prototype as names', async () => {
    const response = await router.fetch(at('/plain/1?__proto__=x&constructor=y'))
    expect(await response.text()).toBe('["1",{"__proto__":"x","constructor":"y"}]')
    expect(({} as Record<string, unknown>)['x']).toBeUndefined()
  })
})

describe('errors', () => {
  const lines: { fields: Record<string, unknown>; message: string | undefined }[] = []
  const logger = {
    ...silentLogger,
    error: (fields: object, message?: string) =>
      void lines.push({ fields: fields as Record<string, unknown>, message }),
  } as Logger
  afterEach(() => void lines.splice(0))
  const router = createRouter({ logger, typeOf: (code) => `https://docs.example/errors#${code}` })
  router.route({
    method: 'GET',
    path: '/secret',
    handler: () => {
      throw new Error('connect to db7.internal with password hunter2')
    },
  })
  router.route({
    method: 'GET',
    path: '/known',
    handler: () => {
      throw new ExprsnError({
        code: 'APP_QUEUE_FULL',
        message: 'The queue is full.',
        status: 429,
        retryable: true,
        details: { retryAfterMs: 1_500 },
      })
    },
  })
  router.route({
    method: 'GET',
    path: '/fault',
    handler: () => {
      throw new ExprsnError({ code: 'CORE_DISK_FULL', message: 'No space on /var/lib/db7.', status: 507 })
    },
  })

  it('of the family become problems with their address and code', async () => {
    const response = await router.fetch(at('/known', { headers: { 'x-request-id': 'req-12345' } }))
    expect([response.status, response.headers.get('retry-after'), response.headers.get('x-request-id')]).toEqual([
      429,
      '2',
      'req-12345',
    ])
    expect(await problem(response)).toEqual({
      type: 'https://docs.example/errors#APP_QUEUE_FULL',
      title: 'Too Many Requests',
      status: 429,
      detail: 'The queue is full.',
      code: 'APP_QUEUE_FULL',
      retryable: true,
      requestId: 'req-12345',
    })
    expect(lines).toEqual([])
  })

  it('that are faults tell nothing but their code, and go to the log under the same id', async () => {
    const unknown = await (await router.fetch(at('/secret'))).text()
    expect(unknown).not.toMatch(/hunter2|db7|Error:/)
    const fault = await router.fetch(at('/fault'))
    expect(fault.status).toBe(507)
    expect(await fault.clone().text()).not.toContain('db7')
    const { requestId, code } = await problem(fault)
    expect(code).toBe('CORE_DISK_FULL')
    expect(lines[1]).toMatchObject({ fields: { requestId, method: 'GET', path: '/fault' } })
  })

  it('ignore a request id that is no plain word', async () => {
    const response = await router.fetch(at('/known', { headers: { 'x-request-id': 'a b"<script>' } }))
    expect(response.headers.get('x-request-id')).toMatch(/^[\da-f-]{36}$/)
  })
})

describe('context', () => {
  it('knows the request id, the trace and the signal', async () => {
    const controller = new AbortController()
    const router = createRouter().route({
      method: 'GET',
      path: '/',
      handler: ({ requestId, trace, signal, clientAddress, identity }) => {
        controller.abort()
        return { requestId, trace, aborted: signal.aborted, clientAddress, identity }
      },
    })
    const headers = { 'x-request-id': 'abc-1', traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01' }
    const response = await router.fetch(at('/', { headers, signal: controller.signal }))
    expect(await response.json()).toEqual({
      requestId: 'abc-1',
      trace: { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331', sampled: true },
      aborted: true,
    })
    expect(response.headers.get('x-request-id')).toBe('abc-1')
  })
})

describe('composition', () => {
  const paths = (router: Router): string[] =>
    router.routes.map(({ path, definition }) => `${definition.method} ${path}`)

  it('mounts routers under prefixes with their own limits', async () => {
    const inner = createRouter({ prefix: '/v1', bodyLimit: 4 })
    inner.route({ method: 'POST', path: '/echo', bodyKind: 'text', handler: ({ body }) => body })
    const outer = createRouter({ prefix: '/api' }).mount('/inner', inner).mount('', inner)
    expect(paths(outer)).toEqual(['POST /api/inner/v1/echo', 'POST /api/v1/echo'])
    expect(await (await outer.fetch(post('/api/inner/v1/echo', 'abcd', 'text/plain'))).json()).toBe('abcd')
    expect((await outer.fetch(post('/api/inner/v1/echo', 'abcde', 'text/plain'))).status).toBe(413)
    const twice = createRouter().mount('/x', outer)
    expect((await twice.fetch(post('/x/api/v1/echo', 'abcd', 'text/plain'))).status).toBe(200)
  })

  it.each([
    ['no-slash', /begin with a slash/],
    ['/a?b', /no path can hold/],
    ['/*rest/more', /not at its end/],
    ['/:id/:id', /two parameters/],
    ['/a:id', /mixes text/],
    ['/:', /no name/],
  ])('refuses the path %s', (path, reason) => {
    expect(() => createRouter().route({ method: 'GET', path, handler: () => 1 })).toThrow(reason)
  })

  it('refuses a route that stands there already, and prefixes with parameters or a slash at the end', () => {
    const router = createRouter().route({ method: 'GET', path: '/:a', handler: () => 1 })
    expect(() => router.route({ method: 'GET', path: '/:b', handler: () => 1 })).toThrow(/defined twice/)
    expect(() => createRouter({ prefix: '/:tenant' })).toThrow(/plain text/)
    expect(() => router.mount('/x/', createRouter())).toThrow(/plain text/)
  })

  it('passes errors that handlers make of their own', async () => {
    const router = createRouter().route({
      method: 'GET',
      path: '/gone',
      handler: () => Promise.reject(httpErrors.CORE_HTTP_NOT_FOUND({ path: '/gone' })),
    })
    expect((await router.fetch(at('/gone'))).status).toBe(404)
  })
})
