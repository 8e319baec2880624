import { policy, retry, timeout } from '@exprsn/core/resilience'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { asyncServer, httpServer, localClient, rejection } from './local-server.ts'

const echo = () =>
  asyncServer(async (request, response) => {
    const chunks = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const { method, url, headers } = request
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify({ method, url, headers, body: Buffer.concat(chunks).toString() }))
  })

const answer = z.object({
  method: z.string(),
  url: z.string(),
  headers: z.record(z.string(), z.string()),
  body: z.string(),
})

async function* stream(...parts: string[]) {
  for (const part of parts) yield new TextEncoder().encode(part)
}

describe('requests', () => {
  it('sends method, query, headers and bodies of every kind', async () => {
    await using server = await echo()
    await using client = localClient(server, { headers: { 'x-from': 'client', 'x-gone': '1' } })
    const get = await (await client.request('a', { query: { page: 2 }, headers: { 'x-gone': undefined } })).json(answer)
    expect(get).toMatchObject({ method: 'GET', url: '/a?page=2', headers: { 'x-from': 'client' }, body: '' })
    expect(get.headers).not.toHaveProperty('x-gone')
    expect(get.headers['accept-encoding']).toBe('gzip, deflate, br, zstd')
    const post = await (await client.request('a', { json: { ä: 1 } })).json(answer)
    expect(post).toMatchObject({ method: 'POST', body: '{"ä":1}', headers: { 'content-type': 'application/json' } })
    const put = await (await client.request('a', { method: 'put', body: stream('one ', 'two') })).json(answer)
    expect(put).toMatchObject({ method: 'PUT', body: 'one two', headers: { 'transfer-encoding': 'chunked' } })
    const form = await (await client.request('a', { body: new URLSearchParams({ q: 'x' }) })).json(answer)
    expect(form).toMatchObject({ method: 'POST', body: 'q=x' })
    const keyed = await (await client.request('a', { body: 'x', idempotencyKey: 'k1' })).json(answer)
    expect(keyed.headers['idempotency-key']).toBe('k1')
  })

  it('gives status, url, headers and the body as text, bytes and JSON', async () => {
    await using server = await httpServer((_request, response) => {
      response.setHeader('set-cookie', ['a=1', 'b=2'])
      response.setHeader('content-type', 'text/plain; charset=iso-8859-1')
      response.end(Buffer.from('"gr\u00fcn"', 'latin1'))
    })
    await using client = localClient(server)
    const response = await client.request('x?token=1')
    expect(response.status).toBe(200)
    expect(response.url).toBe(`${server.url}/x?token=1`)
    expect(response.headers.getSetCookie()).toEqual(['a=1', 'b=2'])
    expect(response.text()).toBe('"grün"')
    expect(response.json()).toBe('grün')
    expect(response.bytes()).toHaveLength(6)
  })

  it('says why JSON is not what was expected, without quoting it', async () => {
    await using server = await httpServer((request, response) =>
      response.end(request.url === '/json' ? '{"amount":"s3cret"}' : request.url === '/empty' ? '' : '<html>s3cret'),
    )
    await using client = localClient(server)
    const schema = z.object({ amount: z.number() })
    const wrong = await rejection((await client.request('json')).json(schema))
    expect(wrong).toMatchObject({
      code: 'CORE_CLIENT_JSON_INVALID',
      message: expect.stringContaining('amount') as string,
    })
    const html = await rejection((await client.request('html')).json(schema))
    expect(html).toMatchObject({ code: 'CORE_CLIENT_JSON_INVALID' })
    expect(JSON.stringify([wrong, html])).not.toContain('s3cret')
    const empty = await client.request('empty')
    expect(() => empty.json()).toThrow(/it is empty/)
  })

  it('keeps secret headers of the client for the origin of its base', async () => {
    await using server = await echo()
    await using other = await echo()
    await using client = localClient(server, { headers: { authorization: 'Bearer x', 'x-api-key': 'k', accept: 'a' } })
    const home = await (await client.request('a')).json(answer)
    expect(home.headers).toMatchObject({ authorization: 'Bearer x', 'x-api-key': 'k' })
    const away = await (await client.request(`${other.url}/a`)).json(answer)
    expect(away.headers).toMatchObject({ accept: 'a' })
    expect(away.headers).not.toHaveProperty('authorization')
    expect(away.headers).not.toHaveProperty('x-api-key')
  })

  it('refuses impossible options when it is made', async () => {
    await using server = await echo()
    const made = (options: object) => () => localClient(server, options)
    expect(made({ timeout: 0 })).toThrow(expect.objectContaining({ code: 'CORE_CLIENT_OPTION_INVALID' }))
    expect(made({ maxRedirects: Number.NaN })).toThrow(expect.objectContaining({ code: 'CORE_CLIENT_OPTION_INVALID' }))
    expect(made({ timeouts: { idle: -1 } })).toThrow(expect.objectContaining({ code: 'CORE_DURATION_INVALID' }))
    expect(made({ headers: { host: 'x' } })).toThrow(expect.objectContaining({ code: 'CORE_CLIENT_HEADER_INVALID' }))
    expect(made({ baseUrl: 'ftp://x' })).toThrow(expect.objectContaining({ code: 'CORE_CLIENT_URL_INVALID' }))
    expect(made({ perOrigin: { concurrency: 0 } })).toThrow(
      expect.objectContaining({ code: 'CORE_POLICY_OPTION_INVALID' }),
    )
    await using client = localClient(server)
    expect(await rejection(client.request('a', { method: 'CONNECT' }))).toMatchObject({
      code: 'CORE_CLIENT_OPTION_INVALID',
    })
  })
})

describe('statuses', () => {
  it('throws with status, problem, excerpt and Retry-After; gives the response instead if asked', async () => {
    const problem = { type: 'about:blank', title: 'No funds', status: 402, detail: 'Balance is 3.', extra: { a: 1 } }
    await using server = await httpServer((_request, response) => {
      response.writeHead(402, { 'content-type': 'application/problem+json', 'retry-after': '7' })
      response.end(JSON.stringify(problem))
    })
    await using client = localClient(server)
    const error = await rejection(client.request('pay?card=4111'))
    expect(error).toMatchObject({
      code: 'CORE_CLIENT_STATUS',
      retryable: false,
      message: `GET ${server.url}/pay?card=… was answered with status 402.`,
      details: {
        status: 402,
        retryAfterMs: 7_000,
        problem: { type: 'about:blank', title: 'No funds', status: 402, detail: 'Balance is 3.' },
      },
    })
    const response = await client.request('pay', { throwOnStatus: false })
    expect([response.status, response.json()]).toEqual([402, problem])
  })

  it('never repeats a secret of the request, even if the service echoes it', async () => {
    await using server = await httpServer((request, response) => {
      response.writeHead(500, { 'content-type': 'application/problem+json' })
      response.end(
        JSON.stringify({
          title: `bad ${request.headers.authorization}`,
          detail: request.url,
          key: request.headers['x-api-key'],
        }),
      )
    })
    await using client = localClient(server, { retry: false })
    const error = await rejection(
      client.request('x', {
        headers: { authorization: 'Bearer abc123secret', 'x-api-key': 'key-987654' },
        query: { access_token: 'tok-en/55555' },
      }),
    )
    const shown = JSON.stringify([error, error.message, error.stack, error.details])
    for (const secret of ['abc123secret', 'key-987654', 'tok-en', '55555']) expect(shown).not.toContain(secret)
  })

  it('takes 304 as the answer to a conditional request, and no other', async () => {
    await using server = await httpServer((_request, response) =>
      response.writeHead(304, { 'content-length': '99' }).end(),
    )
    await using client = localClient(server)
    expect(await client.request('x', { headers: { 'if-none-match': '"a"' } })).toMatchObject({ status: 304 })
    expect(await rejection(client.request('x'))).toMatchObject({ details: { status: 304 } })
  })

  it('reads responses without a body, whatever they claim', async () => {
    await using server = await httpServer((request, response) => {
      response.writeHead(
        request.method === 'HEAD' ? 200 : 204,
        request.method === 'HEAD' ? { 'content-encoding': 'gzip', 'content-length': '5000000000' } : {},
      )
      response.end()
    })
    await using client = localClient(server)
    expect((await client.request('x', { method: 'HEAD' })).bytes()).toHaveLength(0)
    expect((await client.request('x')).status).toBe(204)
  })
})

describe('retries', () => {
  /** Fails as often as told, then answers. */
  async function flaky(failures: number, status: number) {
    let calls = 0
    const bodies: string[] = []
    const server = await asyncServer(async (request, response) => {
      const chunks = []
      for await (const chunk of request) chunks.push(chunk as Buffer)
      bodies.push(Buffer.concat(chunks).toString())
      response.statusCode = ++calls <= failures ? status : 200
      response.end('done')
    })
    return Object.assign(server, { calls: () => calls, bodies })
  }

  it('repeats what may be repeated, body included', async () => {
    for (const status of [500, 502, 503, 504, 429, 408]) {
      await using server = await flaky(2, status)
      await using client = localClient(server)
      const response = await client.request('x', { method: 'PUT', json: { n: 1 } })
      expect([response.text(), server.calls()]).toEqual(['done', 3])
      expect(server.bodies).toEqual(['{"n":1}', '{"n":1}', '{"n":1}'])
    }
  })

  it('repeats no POST unless it has a key, and says so', async () => {
    await using server = await flaky(1, 503)
    await using client = localClient(server)
    expect(await rejection(client.request('x', { json: 1 }))).toMatchObject({
      code: 'CORE_CLIENT_STATUS',
      retryable: false,
      details: { status: 503 },
    })
    expect(server.calls()).toBe(1)
    await using keyed = await flaky(1, 503)
    await using again = localClient(keyed)
    expect((await again.request('x', { json: 1, idempotencyKey: 'k' })).text()).toBe('done')
  })

  it('does not send a stream twice, but a function of one', async () => {
    await using server = await flaky(1, 503)
    await using client = localClient(server)
    expect(await rejection(client.request('x', { method: 'PUT', body: stream('s') }))).toMatchObject({
      retryable: false,
    })
    expect(server.calls()).toBe(1)
    await using other = await flaky(1, 503)
    await using second = localClient(other)
    await second.request('x', { method: 'PUT', body: () => stream('s') })
    expect(other.bodies).toEqual(['s', 's'])
  })

  it('holds the rule against a policy of the host, too', async () => {
    let calls = 0
    await using server = await httpServer((_request, response) => {
      calls++
      if (calls > 1) response.end('second')
    })
    await using client = localClient(server, { policy: policy(retry({ attempts: 3, initial: 1 }), timeout(50)) })
    expect(await rejection(client.request('x', { json: 1 }))).toMatchObject({ code: 'CORE_CLIENT_NOT_REPEATABLE' })
    expect(calls).toBe(1)
    expect((await client.request('x')).text()).toBe('second')
  })

  it('tries any method again that never left', async () => {
    await using server = await flaky(0, 200)
    const refused = `http://127.0.0.1:1`
    await using client = localClient({ url: refused }, { retry: { attempts: 3, initial: 1 } })
    const error = await rejection(client.request('x', { json: 1 }))
    expect(error).toMatchObject({ code: 'CORE_CLIENT_PORT_REFUSED' })
    const { port } = server
    await server[Symbol.asyncDispose]()
    await using gone = localClient({ url: `http://127.0.0.1:${port}` })
    expect(await rejection(gone.request('x', { json: 1 }))).toMatchObject({
      code: 'CORE_CLIENT_CONNECT_FAILED',
      retryable: true,
      message: expect.stringContaining('ECONNREFUSED') as string,
    })
  })

  it('stops calling an origin that keeps failing, and only that one', async () => {
    await using failing = await flaky(1_000, 500)
    await using healthy = await flaky(0, 500)
    await using client = localClient(failing, { retry: false, perOrigin: { breaker: { minimumCalls: 5 } } })
    for (let call = 0; call < 5; call++) await rejection(client.request('x'))
    expect(await rejection(client.request('x'))).toMatchObject({ code: 'CORE_CIRCUIT_OPEN' })
    expect(failing.calls()).toBe(5)
    expect((await client.request(`${healthy.url}/x`)).text()).toBe('done')
  })

  it('does not blame a service for requests that it rightly refuses', async () => {
    await using server = await flaky(1_000, 404)
    await using client = localClient(server, { perOrigin: { breaker: { minimumCalls: 5 } } })
    for (let call = 0; call < 20; call++)
      expect(await rejection(client.request('x'))).toMatchObject({ details: { status: 404 } })
    expect(server.calls()).toBe(20)
  })
})
