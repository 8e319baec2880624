import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createServer, type Server } from 'node:http'
import { once } from 'node:events'
import { connect, type AddressInfo } from 'node:net'
import { z } from 'zod'
import { closed } from '../../test/http/serve.ts'
import { randomBelow, randomItem } from '../random/draw.ts'
import type { Random } from '../random/random.ts'
import { SeededRandom } from '../testing/random/seeded-random.ts'
import { toNodeHandler } from './node/to-node-handler.ts'
import { createRouter } from './router.ts'

const runs = 5_000
/** Milliseconds that only something stuck takes, on any machine. */
const stuck = 2_000

const router = createRouter({ bodyLimit: 2_000, cors: { origins: ['https://app.example'] }, csrf: 'always' })
  .route({
    method: 'GET',
    path: '/jobs/:id',
    params: z.object({ id: z.int() }),
    query: z.object({ tag: z.array(z.string()).optional(), on: z.boolean().optional() }),
    handler: (context) => [context.params, context.query, context.trace ?? null, context.requestId],
  })
  .route({ method: 'GET', path: '/files/*path', handler: ({ params, query }) => [params.path, query] })
  .route({
    method: 'POST',
    path: '/json',
    body: z.record(z.string(), z.unknown()),
    handler: ({ body }) => Object.keys(body),
  })
  .route({
    method: 'POST',
    path: '/form',
    bodyKind: 'form',
    body: z.object({ a: z.int().optional() }),
    handler: ({ body }) => body,
  })

const pieces = [
  '/',
  '//',
  '..',
  '.',
  '%2e',
  '%2F',
  '%00',
  '%',
  '%E0%A4',
  '%ff',
  '\\',
  ';',
  ':',
  '@',
  '?',
  '&',
  '=',
  '#',
  '+',
  '[]',
  'jobs',
  'files',
  'json',
  'form',
  '1',
  'tag',
  'on',
  'true',
  '__proto__',
  'constructor',
  'é',
  '🦊',
  ' ',
  '"',
  '{',
  '*',
]
const bodies = [
  '{',
  '}',
  '[',
  ']',
  '"',
  ':',
  ',',
  'null',
  '1e999',
  '-0',
  '"a"',
  '__proto__',
  '"__proto__"',
  '"constructor"',
  '\\u005f',
  '\\',
  '\ud800',
  ' ',
  '\n',
  '\0',
  'a=1',
  '&',
  '%',
  '{"a":1}',
  '[[[[[[[[[[',
]
const types = [
  'application/json',
  'application/json;charset=utf-8',
  'application/json; charset',
  'application/x-www-form-urlencoded',
  'text/html',
  'application/json,application/json',
  ';',
  '',
]
const headerValues = [
  '',
  '0',
  '-1',
  '*',
  ',',
  ';',
  '"',
  'Bearer',
  'Bearer  x',
  '00-1-2-3',
  'https://app.example',
  'null',
  'same-origin',
  'a'.repeat(300),
  '=;=;',
  'é',
]
const headerNames = [
  'authorization',
  'cookie',
  'origin',
  'x-request-id',
  'traceparent',
  'x-exprsn-csrf',
  'sec-fetch-site',
  'if-none-match',
  'x-forwarded-for',
  'access-control-request-method',
  'content-encoding',
]

function joined(random: Random, from: readonly string[], most: number): string {
  return Array.from({ length: randomBelow(random, most) }, () => randomItem(random, from)).join('')
}

function hostileRequest(random: Random): Request | undefined {
  const path = `/${randomItem(random, ['jobs/', 'files/', 'json', 'form', ''])}${joined(random, pieces, 6)}?${joined(random, pieces, 6)}`
  const method = randomItem(random, ['GET', 'POST', 'HEAD', 'OPTIONS', 'PUT', 'X-ODD'])
  const headers = new Headers()
  for (let count = randomBelow(random, 4); count > 0; count--) {
    const value = randomItem(random, headerValues)
    if (/^[\x20-\xff]*$/.test(value)) headers.set(randomItem(random, headerNames), value)
  }
  if (randomBelow(random, 2) === 0) headers.set('x-exprsn-csrf', '1')
  headers.set('content-type', randomItem(random, types))
  const body = method === 'GET' || method === 'HEAD' ? null : joined(random, bodies, 20)
  if (!URL.canParse(`http://a${path}`)) return undefined
  return new Request(`http://a${path}`, { method, headers, body })
}

describe('hostile requests', () => {
  it(`${runs} times get an answer below 500, soon, and leave no prototype changed`, async () => {
    const random = new SeededRandom(20_261)
    const failures: unknown[] = []
    const statuses = new Map<number, number>()
    const before = Object.getOwnPropertyNames(Object.prototype).join()
    for (let run = 0; run < runs; run++) {
      const request = hostileRequest(random)
      if (request === undefined) continue
      const start = performance.now()
      const response = await router.fetch(request)
      await response.arrayBuffer()
      const took = performance.now() - start
      statuses.set(response.status, (statuses.get(response.status) ?? 0) + 1)
      if (response.status >= 500 || took > stuck)
        failures.push([run, request.method, request.url, response.status, took])
    }
    expect(failures).toEqual([])
    expect(Object.getOwnPropertyNames(Object.prototype).join()).toBe(before)
    // The mixture reaches every stage.
    for (const status of [200, 204, 400, 403, 404, 405, 415])
      expect(statuses.get(status), `status ${status}`).toBeGreaterThan(5)
  })
})

describe('hostile bytes', () => {
  let server: Server
  let port = 0
  const thrown: unknown[] = []
  const note = (error: unknown): void => void thrown.push(error)
  beforeAll(async () => {
    process.on('uncaughtException', note).on('unhandledRejection', note)
    server = createServer(toNodeHandler(router.fetch)).listen(0, '127.0.0.1')
    await once(server, 'listening')
    port = (server.address() as AddressInfo).port
  })
  afterAll(() => {
    process.off('uncaughtException', note).off('unhandledRejection', note)
    server.closeAllConnections()
    server.close()
  })

  const valid = [
    'GET /jobs/7?tag=a HTTP/1.1\r\nHost: a\r\n\r\n',
    'POST /json HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nX-Exprsn-Csrf: 1\r\nContent-Length: 7\r\n\r\n{"a":1}',
    'POST /json HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\nX-Exprsn-Csrf: 1\r\n\r\n7\r\n{"a":1}\r\n0\r\n\r\n',
    'OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n',
    'GET http://b/files/x HTTP/1.0\r\n\r\n',
  ]

  /** A valid request with a few bytes changed, taken out, doubled or joined with those of another. */
  function mutated(random: Random): Buffer {
    let bytes = Buffer.from(randomItem(random, valid), 'latin1')
    for (let count = 1 + randomBelow(random, 4); count > 0; count--) {
      const at = randomBelow(random, bytes.length + 1)
      const end = Math.min(bytes.length, at + randomBelow(random, 8))
      const middle = [
        Buffer.from([randomBelow(random, 256)]),
        Buffer.alloc(0),
        Buffer.concat([bytes.subarray(at, end), bytes.subarray(at, end)]),
        Buffer.from(
          randomItem(random, ['\r\n', '\n', ' ', '%', ':', 'Host: b\r\n', 'Content-Length: 9\r\n', '\0', ...valid]),
          'latin1',
        ),
      ][randomBelow(random, 4)]!
      bytes = Buffer.concat([bytes.subarray(0, at), middle, bytes.subarray(end)])
    }
    return bytes
  }

  it('on 500 connections are answered or refused, and the server goes on', async () => {
    const random = new SeededRandom(4)
    for (let batch = 0; batch < 10; batch++)
      await Promise.all(
        Array.from({ length: 50 }, async () => {
          const socket = connect(port, '127.0.0.1')
          const text: string[] = []
          socket.on('error', () => {}).on('data', (chunk) => text.push(chunk.toString('latin1')))
          socket.end(mutated(random))
          await closed(socket)
          for (const [status] of text.join('').matchAll(/HTTP\/1\.1 5\d\d/g)) thrown.push(status)
        }),
      )
    expect(thrown).toEqual([])
    expect((await fetch(`http://127.0.0.1:${port}/jobs/7`)).status).toBe(200)
  })
})
