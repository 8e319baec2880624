import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { getRequestListener } from '@hono/node-server'
import express from 'express'
import fastify from 'fastify'
import { Hono } from 'hono'
import Koa from 'koa'
import { afterEach, describe, expect, expectTypeOf, it } from 'vitest'
import { z } from 'zod'
import { eventStream } from './event-stream.ts'
import { toNodeHandler } from './node/to-node-handler.ts'
import { createRouter } from './router.ts'
import { toRouteHandlers, type RouteMethod } from './to-route-handlers.ts'

const router = createRouter({ prefix: '/api', bodyLimit: 10_000 })
  .route({
    method: 'GET',
    path: '/jobs/:id',
    params: z.object({ id: z.int() }),
    handler: ({ params }) => ({ id: params.id }),
  })
  .route({
    method: 'POST',
    path: '/jobs',
    body: z.object({ name: z.string() }),
    handler: ({ body, request }) => ({ ...body, path: new URL(request.url).pathname }),
  })
  .route({ method: 'GET', path: '/events', handler: ({ signal }) => eventStream(twoEvents(), { signal }) })

async function* twoEvents() {
  yield { data: 1 }
  yield { data: 2 }
}

const closing: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

async function listen(listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, '127.0.0.1')
  await once(server, 'listening')
  closing.push(() => {
    server.closeAllConnections()
    return new Promise((resolve) => server.close(resolve))
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

async function listenFastify(parsed: boolean): Promise<string> {
  const app = fastify()
  const handler = toNodeHandler(router.fetch)
  await app.register(async (scope) => {
    if (!parsed) {
      scope.removeAllContentTypeParsers()
      scope.addContentTypeParser('*', (_request, _payload, done) => done(null))
    }
    scope.all('/api/*', (request, answer) => {
      answer.hijack()
      handler(parsed ? Object.assign(request.raw, { body: request.body }) : request.raw, answer.raw)
    })
  })
  app.get('/own', () => 'own')
  closing.push(() => app.close())
  return await app.listen({ port: 0, host: '127.0.0.1' })
}

/** How Next.js 15 and later call an exported method of a route file. */
type NextRouteHandler = (
  request: Request,
  context: { readonly params: Promise<Record<string, string | string[] | undefined>> },
) => Response | Promise<Response>

const hosts: Readonly<Record<string, () => Promise<string>>> = {
  'node:http': () => {
    const handler = toNodeHandler(router.fetch)
    return listen((request, response) =>
      request.url === '/own' ? void response.end('own') : handler(request, response),
    )
  },
  'Hono, natively': () => {
    const app = new Hono()
      .get('/own', (context) => context.text('own'))
      .all('/api/*', (context) => router.fetch(context.req.raw))
    return listen(getRequestListener(app.fetch, { overrideGlobalObjects: false }) as RequestListener)
  },
  'Hono behind toNodeHandler': () => {
    const app = new Hono()
      .get('/own', (context) => context.text('own'))
      .all('/api/*', (context) => router.fetch(context.req.raw))
    return listen(toNodeHandler((request) => app.fetch(request)))
  },
  'Express 5': () => {
    const app = express().use('/api', toNodeHandler(router.fetch))
    return listen(app.get('/own', (_request, response) => void response.send('own')))
  },
  'Express 5 after its JSON parser': () => {
    const app = express().use(express.json()).use('/api', toNodeHandler(router.fetch))
    return listen(app.get('/own', (_request, response) => void response.send('own')))
  },
  'Koa 3': () => {
    const handler = toNodeHandler(router.fetch)
    const app = new Koa().use((context, next) => {
      if (!context.path.startsWith('/api/')) return next()
      context.respond = false
      handler(context.req, context.res)
      return undefined
    })
    const own = app.use((context) => void (context.body = 'own')).callback()
    return listen((request, response) => void own(request, response))
  },
  'route files as Next.js has them': () => {
    const file = toRouteHandlers(router.fetch)
    const own = async () => new Response('own')
    return listen(
      toNodeHandler((request) => {
        const run: NextRouteHandler = request.url.includes('/api/') ? file[request.method as RouteMethod] : own
        return run(request, { params: Promise.resolve({ path: ['jobs', '7'] }) })
      }),
    )
  },
  'Fastify 5': () => listenFastify(false),
  'Fastify 5 after its JSON parser': () => listenFastify(true),
}

describe.each(Object.keys(hosts))('in %s', (name) => {
  it('routes, checks, reads and streams, and leaves the rest to its host', async () => {
    const origin = await hosts[name]!()
    expect(await (await fetch(`${origin}/own`)).text()).toBe('own')
    const found = await fetch(`${origin}/api/jobs/7`)
    expect([found.status, await found.json()]).toEqual([200, { id: 7 }])
    expect(found.headers.get('content-security-policy')).toContain("default-src 'none'")
    const headers = { 'content-type': 'application/json' }
    const made = await fetch(`${origin}/api/jobs`, { method: 'POST', headers, body: JSON.stringify({ name: 'grüße' }) })
    expect(await made.json()).toEqual({ name: 'grüße', path: '/api/jobs' })
    const wrong = await fetch(`${origin}/api/jobs`, { method: 'POST', headers, body: '{"name":1}' })
    expect(await wrong.json()).toMatchObject({
      code: 'CORE_HTTP_INPUT_INVALID',
      errors: [{ in: 'body', pointer: '#/name' }],
    })
    const large = await fetch(`${origin}/api/jobs`, {
      method: 'POST',
      headers,
      body: JSON.stringify({ name: 'x'.repeat(20_000) }),
    })
    expect(large.status).toBe(413)
    await large.text()
    expect((await fetch(`${origin}/api/nowhere`)).headers.get('content-type')).toBe('application/problem+json')
    const head = await fetch(`${origin}/api/jobs/7`, { method: 'HEAD' })
    expect([head.status, await head.text()]).toEqual([200, ''])
    expect(await (await fetch(`${origin}/api/events`)).text()).toBe('data: 1\n\ndata: 2\n\n')
  })
})

describe('toRouteHandlers', () => {
  it('has the methods and the types that a route file exports', () => {
    const file = toRouteHandlers(router.fetch)
    expect(Object.keys(file)).toEqual(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])
    expectTypeOf(file.GET).toExtend<NextRouteHandler>()
  })

  it('answers methods that no route has, and waits for handlers that do not', async () => {
    const file = toRouteHandlers(router.fetch)
    const wrong = await file.DELETE(new Request('http://localhost/api/jobs/7', { method: 'DELETE' }))
    expect([wrong.status, wrong.headers.get('allow')]).toEqual([405, 'GET, HEAD, OPTIONS'])
    expect(await (await toRouteHandlers(() => new Response('now')).GET(new Request('http://localhost/'))).text()).toBe(
      'now',
    )
  })
})
