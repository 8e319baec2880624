import { SimulatedClock } from '@exprsn/core/testing'
import { describe, expect, it } from 'vitest'
import { withDeadline } from '@exprsn/core/resilience'
import { collect, httpServer, localClient, rejection, tcpServer, until } from './local-server.ts'

const reason = new Error('changed my mind')

/** Aborts a call when something has happened and gives its error. */
async function abortedWhen(call: (signal: AbortSignal) => Promise<unknown>, happened: () => boolean): Promise<unknown> {
  const controller = new AbortController()
  const failed = rejection(call(controller.signal))
  await until(happened)
  controller.abort(reason)
  return failed
}

describe('giving up leaves no socket', () => {
  it('before the request', async () => {
    await using server = await httpServer((_request, response) => response.end())
    await using client = localClient(server)
    expect(await rejection(client.request('x', { signal: AbortSignal.abort(reason) }))).toBe(reason)
    expect(server.accepted()).toBe(0)
  })

  it('while the name is being resolved', async () => {
    let asked = false
    const client = localClient(
      { url: 'http://never.test' },
      { resolve: () => ((asked = true), new Promise<string[]>(() => {})) },
    )
    expect(
      await abortedWhen(
        (signal) => client.request('x', { signal }),
        () => asked,
      ),
    ).toBe(reason)
    await client.close()
  })

  it('while the header is awaited', async () => {
    await using server = await tcpServer(() => {})
    await using client = localClient(server)
    const error = await abortedWhen(
      (signal) => client.request('x', { signal }),
      () => server.open.size === 1,
    )
    expect(error).toBe(reason)
    await until(() => server.open.size === 0)
  })

  it('while the body is sent', async () => {
    let received = 0
    await using server = await httpServer(
      (request) => void request.on('data', (chunk: Buffer) => (received += chunk.length)),
    )
    let closed = false
    async function* endless() {
      try {
        for (;;) {
          yield Buffer.alloc(1_000)
          await new Promise((resolve) => setTimeout(resolve, 1))
        }
      } finally {
        closed = true
      }
    }
    await using client = localClient(server)
    const error = await abortedWhen(
      (signal) => client.request('x', { method: 'PUT', body: endless(), signal }),
      () => received > 3_000,
    )
    expect(error).toBe(reason)
    await until(() => server.open.size === 0 && closed)
  })

  it('while the body is read, whole or streamed', async () => {
    await using server = await httpServer((_request, response) => void response.write('part'))
    await using client = localClient(server)
    const whole = await abortedWhen(
      (signal) => client.request('x', { signal }),
      () => server.open.size === 1,
    )
    expect(whole).toBe(reason)
    await until(() => server.open.size === 0)
    const controller = new AbortController()
    const streamed = await client.stream('x', { signal: controller.signal })
    const reading = rejection(collect(streamed.body))
    controller.abort(reason)
    expect(await reading).toBe(reason)
    await until(() => server.open.size === 0)
  })

  it('between attempts', async () => {
    let calls = 0
    await using server = await httpServer((_request, response) => {
      calls++
      response.writeHead(503, { 'retry-after': '9' }).end()
    })
    await using client = localClient(server)
    expect(
      await abortedWhen(
        (signal) => client.request('x', { signal }),
        () => calls === 1,
      ),
    ).toBe(reason)
    expect(calls).toBe(1)
  })

  it('when a stream is cancelled, or its reader stops', async () => {
    await using server = await httpServer((_request, response) => void response.write('part'))
    await using client = localClient(server)
    const cancelled = await client.stream('x')
    cancelled.cancel()
    await until(() => server.open.size === 0)
    const stopped = await client.stream('x')
    for await (const _ of stopped.body) break
    await until(() => server.open.size === 0)
    {
      await using disposed = await client.stream('x')
      expect(disposed.status).toBe(200)
    }
    await until(() => server.open.size === 0)
    expect(await rejection(collect(stopped.body))).toMatchObject({ code: 'CORE_CLIENT_STREAM_USED' })
  })

  it('when the reader of a compressed stream stops', async () => {
    const { createGzip } = await import('node:zlib')
    await using server = await httpServer((_request, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip' })
      const gzip = createGzip()
      gzip.pipe(response)
      gzip.write('part')
      gzip.flush()
    })
    await using client = localClient(server)
    const streamed = await client.stream('x')
    for await (const chunk of streamed.body) {
      expect(Buffer.from(chunk).toString()).toBe('part')
      break
    }
    await until(() => server.open.size === 0)
  })

  it('leaves no listener on the signal of the caller', async () => {
    await using server = await httpServer((_request, response) => response.end('x'))
    await using client = localClient(server)
    const { signal } = new AbortController()
    let listeners = 0
    const add = signal.addEventListener.bind(signal)
    const remove = signal.removeEventListener.bind(signal)
    signal.addEventListener = (...args: Parameters<typeof add>) => (listeners++, add(...args))
    signal.removeEventListener = (...args: Parameters<typeof remove>) => (listeners--, remove(...args))
    for (let call = 0; call < 5; call++) await client.request('x', { signal })
    await collect((await client.stream('x', { signal })).body)
    expect(listeners).toBe(0)
  })
})

describe('connections', () => {
  it('are used again', async () => {
    await using server = await httpServer((_request, response) => response.end('x'))
    await using client = localClient(server)
    for (let call = 0; call < 50; call++) await client.request('x')
    for (let call = 0; call < 10; call++) await collect((await client.stream('x')).body)
    // undici leaves a connection alone for a turn of the event loop after each response: hence two in turns.
    expect(server.accepted()).toBeLessThanOrEqual(2)
  })

  it('carry 1,000 requests at once, no more than the limit at a time', async () => {
    let running = 0
    let most = 0
    await using server = await httpServer((request, response) => {
      most = Math.max(most, ++running)
      setTimeout(() => {
        running--
        response.end(request.url)
      }, 2)
    })
    await using client = localClient(server, { perOrigin: { concurrency: 20 } })
    const texts = await Promise.all(
      Array.from({ length: 1_000 }, async (_, index) => (await client.request(`r${index}`)).text()),
    )
    expect(texts).toEqual(Array.from({ length: 1_000 }, (_, index) => `/r${index}`))
    expect(most).toBeLessThanOrEqual(20)
    expect(server.accepted()).toBeLessThanOrEqual(20)
  })

  it('refuse what does not fit into the queue', async () => {
    await using server = await tcpServer(() => {})
    await using client = localClient(server, {
      retry: false,
      timeout: '100ms',
      perOrigin: { concurrency: 1, queue: 1 },
    })
    const codes = (await Promise.all(['a', 'b', 'c'].map((path) => rejection(client.request(path))))).map(
      ({ code }) => code,
    )
    expect(codes).toEqual(['CORE_TIMEOUT', 'CORE_TIMEOUT', 'CORE_BULKHEAD_FULL'])
  })

  it('end with the client: it waits for what is on its way, then refuses', async () => {
    await using server = await httpServer((_request, response) => void setTimeout(() => response.end('late'), 50))
    const client = localClient(server)
    const late = client.request('x')
    await until(() => server.open.size === 1)
    const closing = client.close()
    expect(await rejection(client.request('x'))).toMatchObject({ code: 'CORE_CLIENT_CLOSED' })
    expect((await late).text()).toBe('late')
    await closing
    await until(() => server.open.size === 0)
    await client.close()
  })

  it('end with the client: after the deadline also what is on its way', async () => {
    await using server = await tcpServer(() => {})
    const client = localClient(server)
    const stuck = rejection(client.request('x'))
    await until(() => server.open.size === 1)
    await client.close({ deadline: '20ms' })
    expect(await stuck).toMatchObject({ code: 'CORE_CLIENT_CLOSED' })
    await until(() => server.open.size === 0)
  })

  it('can be the dispatcher of the host, which stays open', async () => {
    const undici = await import('undici')
    const agent = new undici.MockAgent()
    agent.disableNetConnect()
    agent.get('https://api.test').intercept({ path: '/x', method: 'GET' }).reply(200, 'mocked').persist()
    const client = localClient({ url: 'https://api.test' }, { dispatcher: agent as never })
    expect((await client.request('x')).text()).toBe('mocked')
    await client.close()
    const { body } = await undici.request('https://api.test/x', { dispatcher: agent })
    expect(await body.text()).toBe('mocked')
    await agent.close()
  })
})

describe('time', () => {
  it('is taken from the clock', async () => {
    await using server = await tcpServer(() => {})
    const clock = new SimulatedClock()
    const client = localClient(server, { clock, retry: false, timeouts: { headers: '7s' } })
    const stuck = rejection(client.request('x'))
    await until(() => server.open.size === 1)
    await new Promise((resolve) => setTimeout(resolve, 30))
    await clock.advanceBy('6s')
    expect(server.open.size).toBe(1)
    await clock.advanceBy('2s')
    expect(await stuck).toMatchObject({ code: 'CORE_CLIENT_TIMEOUT', details: { limit: 7_000 } })
    await client.close()
  })

  it('is no more than the surrounding deadline leaves', async () => {
    await using server = await tcpServer(() => {})
    await using client = localClient(server)
    expect(await rejection(withDeadline('50ms', () => client.request('x')))).toMatchObject({ code: 'CORE_TIMEOUT' })
  })
})
