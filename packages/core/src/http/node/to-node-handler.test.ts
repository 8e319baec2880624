import { once } from 'node:events'
import { inspect } from 'node:util'
import { connect as connectHttp2, createServer as createHttp2Server } from 'node:http2'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { closeServers, exchange, listen, serve } from '../../../test/http/serve.ts'
import { silentLogger, type Logger } from '../../logger/logger.ts'
import { replyContent } from '../reply.ts'
import { clientAddress } from '../request-parts.ts'
import { createRouter } from '../router.ts'
import { toNodeHandler, type NodeHandlerOptions } from './to-node-handler.ts'

afterEach(closeServers)

describe('requests', () => {
  it('look like those of the platform', async () => {
    const origin = await serve(async (request) => {
      const { method, url, headers, bodyUsed } = request
      const found = {
        instances: [request instanceof Request, headers instanceof Headers, request.signal instanceof AbortSignal],
        method,
        path: url.slice(url.indexOf('/', 8)),
        one: headers.get('X-One'),
        has: [headers.has('x-one'), headers.has('x-two'), headers.get('constructor')],
        copied: new Headers(headers).get('x-one'),
        listed: [...headers].filter(([name]) => name.startsWith('x-')),
        before: bodyUsed,
        text: await request.text(),
      }
      const again = await request.text().catch((error: { code: string }) => error.code)
      return Response.json({ ...found, after: request.bodyUsed, again })
    })
    const response = await fetch(`${origin}/a/./b/%2e%2e/c?q=%20 x`, {
      method: 'POST',
      body: 'grüße',
      headers: { 'x-one': '1' },
    })
    expect(await response.json()).toEqual({
      instances: [true, true, true],
      method: 'POST',
      path: '/a/c?q=%20%20x',
      one: '1',
      has: [true, false, null],
      copied: '1',
      listed: [['x-one', '1']],
      before: false,
      text: 'grüße',
      after: true,
      again: 'CORE_HTTP_BODY_USED',
    })
  })

  it.each([
    ['json', (request: Request) => request.json()],
    ['bytes', async (request: Request) => JSON.parse(Buffer.from(await request.bytes()).toString())],
    ['arrayBuffer', async (request: Request) => JSON.parse(Buffer.from(await request.arrayBuffer()).toString())],
    ['blob', async (request: Request) => JSON.parse(await (await request.blob()).text())],
    ['body', async (request: Request) => new Response(request.body).json()],
    ['clone', async (request: Request) => [await request.clone().json(), await request.json()][1]],
    ['a request of the platform', async (request: Request) => new Request(request.clone()).json()],
  ] as const)('give their body as %s', async (_, read) => {
    const origin = await serve(async (request) => Response.json(await read(request)))
    const sent = { list: Array.from({ length: 30_000 }, (_, index) => index) }
    const response = await fetch(origin, { method: 'POST', body: JSON.stringify(sent) })
    expect(await response.json()).toEqual(sent)
  })

  it('keep the limit of a body that was looked at before', async () => {
    const router = createRouter({ bodyLimit: 1_000 })
    router.route({ method: 'POST', path: '/', bodyKind: 'bytes', handler: ({ body }) => (body as Uint8Array).length })
    const origin = await serve((request) => {
      if (request.headers.has('x-clone')) request.clone()
      else expect(request.body).toBeInstanceOf(ReadableStream)
      return router.fetch(request)
    })
    for (const headers of [{}, { 'x-clone': '1' }])
      for (const [size, status] of [
        [1_000, 200],
        [1_001, 413],
        [3_000_000, 413],
      ] as const) {
        const chunks = new ReadableStream({
          start(controller) {
            controller.enqueue(new Uint8Array(size))
            controller.close()
          },
        })
        const init = { method: 'POST', headers, body: chunks, duplex: 'half' } as RequestInit
        expect((await fetch(origin, init)).status, `${size} bytes`).toBe(status)
      }
  })

  it('have headers that can be changed, listed and printed like any others', async () => {
    const origin = await serve((request) => {
      const { headers } = request
      const printed = [inspect(request), inspect(headers)].join().includes('x-one')
      const { signal, body, ...rest } = Object.fromEntries(
        Object.getOwnPropertyNames(Request.prototype)
          .filter((name) => name !== 'constructor')
          .map((name) => [name, request[name as keyof Request]]),
      )
      headers.set('x-two', '2')
      headers.append('x-two', '3')
      headers.delete('x-one')
      const each: string[] = []
      headers.forEach((value, name, all) => each.push(`${name}=${value}${String(all === headers)}`))
      return Response.json({
        printed,
        constants: [
          rest['mode'],
          rest['cache'],
          rest['redirect'],
          rest['credentials'],
          body,
          signal instanceof AbortSignal,
        ],
        values: [headers.get('x-two'), headers.has('x-one'), headers.getSetCookie()],
        each: each.filter((text) => text.startsWith('x-')),
        same: [[...headers.keys()].length, [...headers.values()].length, [...headers.entries()].length].every(
          (count) => count === each.length,
        ),
      })
    })
    expect(await (await fetch(origin, { headers: { 'x-one': '1' } })).json()).toEqual({
      printed: true,
      constants: ['cors', 'default', 'follow', 'same-origin', null, true],
      values: ['2, 3', false, []],
      each: ['x-two=2, 3true'],
      same: true,
    })
  })

  it('have no body where none was sent', async () => {
    const origin = await serve(async (request) => Response.json([request.body === null, await request.text()]))
    expect(await (await fetch(origin)).json()).toEqual([true, ''])
    expect(await (await fetch(origin, { method: 'DELETE' })).json()).toEqual([true, ''])
  })

  it('parse multipart forms', async () => {
    const origin = await serve(async (request) => Response.json([(await request.formData()).get('a')]))
    const form = new FormData()
    form.set('a', 'b')
    expect(await (await fetch(origin, { method: 'POST', body: form })).json()).toEqual(['b'])
  })

  it('know the address of the client and of the proxies that are trusted, no more', async () => {
    const handler = (request: Request): Response => Response.json([clientAddress(request), new URL(request.url).origin])
    const headers = {
      'x-forwarded-for': '9.9.9.9, 10.0.0.1',
      'x-forwarded-proto': 'https',
      'x-forwarded-host': 'api.example',
    }
    const ask = async (options?: NodeHandlerOptions) => (await fetch(await serve(handler, options), { headers })).json()
    expect(await ask()).toEqual(['127.0.0.1', expect.stringMatching(/^http:\/\/127/)])
    expect(await ask({ trustedProxies: 1 })).toEqual(['10.0.0.1', 'https://api.example'])
    expect(await ask({ trustedProxies: 2 })).toEqual(['9.9.9.9', 'https://api.example'])
    expect(await ask({ origin: 'https://fixed.example:444/x' })).toEqual(['127.0.0.1', 'https://fixed.example:444'])
    expect(() => toNodeHandler(handler, { origin: 'fixed' })).toThrow(/option origin/)
  })
})

describe('responses', () => {
  it('of the platform are written whole: status, headers, cookies, body', async () => {
    const origin = await serve(() => {
      const headers = new Headers({ 'x-a': '1', 'content-type': 'text/plain', 'transfer-encoding': 'gzip' })
      headers.append('set-cookie', 'a=1')
      headers.append('set-cookie', 'b=2')
      return new Response('body', { status: 418, headers })
    })
    const response = await fetch(origin)
    expect([response.status, response.headers.get('x-a'), await response.text()]).toEqual([418, '1', 'body'])
    expect(response.headers.getSetCookie()).toEqual(['a=1', 'b=2'])
  })

  it('of the router may be looked into on their way', async () => {
    const router = createRouter().route({ method: 'GET', path: '/', handler: () => replyContent('text') })
    const origin = await serve(async (request) => {
      const response = await router.fetch(request)
      expect(response).toBeInstanceOf(Response)
      expect([response.ok, response.status, response.bodyUsed, response.type, response.redirected]).toEqual([
        true,
        200,
        false,
        'default',
        false,
      ])
      expect(await response.clone().text()).toBe('text')
      response.headers.set('x-more', '1')
      return response
    })
    const response = await fetch(origin)
    expect([response.headers.get('x-more'), await response.text()]).toEqual(['1', 'text'])
  })

  it.each([
    ['arrayBuffer', async (response: Response) => Buffer.from(await response.arrayBuffer()).toString()],
    ['bytes', async (response: Response) => Buffer.from(await response.bytes()).toString()],
    ['blob', async (response: Response) => (await response.blob()).text()],
    ['json', async (response: Response) => JSON.stringify(await response.json())],
    ['body', async (response: Response) => new Response(response.body).text()],
    ['form', async (response: Response) => (await response.formData()).get('a') as string],
    [
      'inspect',
      async (response: Response) =>
        [inspect(response).includes('status: 200') ? '7' : '', response.url, response.statusText].join(''),
    ],
  ] as const)('of the router give their content as %s', async (name, read) => {
    const router = createRouter().route({
      method: 'GET',
      path: '/',
      handler: () =>
        name === 'form' ? replyContent('a=7', { type: 'application/x-www-form-urlencoded' }) : replyContent('7'),
    })
    const origin = await serve(async (request) => new Response(await read(await router.fetch(request))))
    expect(await (await fetch(origin)).text()).toBe('7')
  })

  it('have no body for HEAD, 204 and 304', async () => {
    const router = createRouter().route({ method: 'GET', path: '/', handler: () => ({ a: 1 }) })
    const origin = await serve(router.fetch)
    const head = await exchange(origin, 'HEAD / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
    expect(head).toContain('content-length: 7')
    expect(head).toMatch(/\r\n\r\n$/)
    const cancelled = vi.fn<() => void>()
    const stream = await serve(() => new Response(new ReadableStream({ cancel: cancelled })))
    await fetch(stream, { method: 'HEAD' })
    expect(cancelled).toHaveBeenCalledOnce()
    const unchanged = await serve(() => new Response(null, { status: 304 }))
    expect((await fetch(unchanged)).status).toBe(304)
  })

  it('that cannot be made are a problem without a reason, which goes to the log', async () => {
    const error = vi.fn<(...values: unknown[]) => void>()
    const logger = { ...silentLogger, error } as Logger
    for (const handler of [
      () => Promise.reject(new Error('secret')),
      () => {
        throw new Error('secret')
      },
      () => undefined as unknown as Response,
    ]) {
      const response = await fetch(await serve(handler, { logger }))
      expect(response.status).toBe(500)
      expect(await response.text()).not.toContain('secret')
    }
    expect(error).toHaveBeenCalledTimes(3)
  })

  it('with a line break in a header never leave', async () => {
    const router = createRouter().route({
      method: 'GET',
      path: '/',
      handler: () => replyContent('x', { headers: { 'x-a': 'b\r\nset-cookie: evil=1' } }),
    })
    const response = await fetch(await serve(router.fetch))
    expect([response.status, response.headers.getSetCookie()]).toEqual([500, []])
  })

  it('that fail in the midst of their body end the connection, not the body', async () => {
    let step = 0
    const origin = await serve(
      () =>
        new Response(
          new ReadableStream({
            pull(controller) {
              if (step++ === 0) controller.enqueue(new TextEncoder().encode('part'))
              else controller.error(new Error('disk'))
            },
          }),
        ),
    )
    await expect(fetch(origin).then((response) => response.text())).rejects.toThrow()
  })
})

describe('hosts', () => {
  it('that parsed the body before give what they made of it', async () => {
    const handler = toNodeHandler(async (request) => Response.json(await request.json()))
    const origin = await listen((incoming, outgoing) => {
      const chunks: Buffer[] = []
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk))
      incoming.on('end', () => {
        Object.assign(incoming, { body: JSON.parse(Buffer.concat(chunks).toString()) as unknown })
        handler(incoming, outgoing)
      })
    })
    expect(await (await fetch(origin, { method: 'POST', body: '{"a":1}' })).json()).toEqual({ a: 1 })
  })

  it('of HTTP/2 work through its compatible interface', async () => {
    const router = createRouter()
      .route({
        method: 'POST',
        path: '/echo',
        bodyKind: 'text',
        handler: ({ body, request }) => [
          body,
          new URL(request.url).pathname,
          [...request.headers.keys()].filter((name) => name.startsWith(':')),
        ],
      })
      .route({ method: 'GET', path: '/own', handler: () => new Response('own', { headers: { connection: 'close' } }) })
    const server = createHttp2Server(toNodeHandler(router.fetch))
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const client = connectHttp2(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
    const ask = async (headers: Record<string, string>, body?: string): Promise<string> => {
      const stream = client.request(headers)
      stream.setEncoding('utf8').end(body)
      let text = ''
      for await (const chunk of stream) text += chunk
      return text
    }
    try {
      const headers = { ':method': 'POST', ':path': '/echo', 'content-type': 'text/plain' }
      expect(JSON.parse(await ask(headers, 'hi'))).toEqual(['hi', '/echo', []])
      expect(await ask({ ':path': '/own' })).toBe('own')
    } finally {
      client.close()
      await new Promise((resolve) => server.close(resolve))
    }
  })

  it('keep connections alive from answer to answer', async () => {
    const origin = await serve(() => new Response('ok', { headers: { 'content-length': '2' } }))
    const text = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n'
    const answer = await exchange(origin, `${text}${text}${text.replace('\r\n\r\n', '\r\nConnection: close\r\n\r\n')}`)
    expect(answer.match(/HTTP\/1\.1 200/g)).toHaveLength(3)
  })
})
