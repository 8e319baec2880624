import { once } from 'node:events'
import { connect } from 'node:net'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { createRouter, eventStream } from '@exprsn/core/http'
import { closed, closeServers, exchange, serve, settled } from './serve.ts'

afterEach(closeServers)

describe('streams', () => {
  it('are read no faster than the client takes them, and cancelled when it leaves', async () => {
    let produced = 0
    const cancelled = vi.fn<() => void>()
    const origin = await serve(
      () =>
        new Response(
          new ReadableStream({
            pull(controller) {
              produced += 65_536
              controller.enqueue(new Uint8Array(65_536))
            },
            cancel: cancelled,
          }),
        ),
    )
    const response = await fetch(origin)
    const reader = response.body!.getReader()
    await reader.read()
    let last = -1
    await settled(() => {
      const before = last
      last = produced
      expect(produced).toBe(before)
    })
    expect(produced).toBeLessThan(32 * 1024 * 1024)
    await reader.cancel()
    await settled(() => expect(cancelled).toHaveBeenCalledOnce())
  })

  it('to a client that stalls end after the write timeout', async () => {
    const cancelled = vi.fn<() => void>()
    const handler = (): Response =>
      new Response(
        new ReadableStream({ pull: (controller) => controller.enqueue(new Uint8Array(65_536)), cancel: cancelled }),
      )
    const origin = await serve(handler, { writeTimeout: '50ms' })
    const socket = connect(Number(new URL(origin).port), '127.0.0.1')
    socket.on('error', () => {})
    socket.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n')
    socket.pause()
    await settled(() => expect(cancelled).toHaveBeenCalledOnce())
    socket.destroy()
  })

  it('of a body are taken at the pace of the handler', async () => {
    let release = (): void => {}
    const held = new Promise<void>((resolve) => (release = resolve))
    const origin = await serve(async (request) => {
      const reader = request.body!.getReader()
      let size = (await reader.read()).value!.byteLength
      await held
      for (let part = await reader.read(); !part.done; part = await reader.read()) size += part.value.byteLength
      return Response.json({ size })
    })
    const total = 32 * 1024 * 1024
    let sent = 0
    const body = new ReadableStream({
      pull(controller) {
        if (sent === total) return controller.close()
        sent += 65_536
        controller.enqueue(new Uint8Array(65_536))
      },
    })
    const answer = fetch(origin, { method: 'POST', body, duplex: 'half' } as RequestInit)
    let last = -1
    await settled(() => {
      const before = last
      last = sent
      expect(sent > 0 && sent).toBe(before)
    })
    expect(sent).toBeLessThan(total)
    release()
    expect(await (await answer).json()).toEqual({ size: total })
  })

  it('of events reach the client one by one', async () => {
    async function* events() {
      yield { data: { n: 1 } }
      await new Promise(() => {})
    }
    const origin = await serve((request) => eventStream(events(), { signal: request.signal }))
    const reader = (await fetch(origin)).body!.getReader()
    expect(new TextDecoder().decode((await reader.read()).value)).toBe('data: {"n":1}\n\n')
    await reader.cancel()
  })
})

describe('clients that leave', () => {
  it('of events are answered before the first of them', async () => {
    let next: (event: { data: string }) => void = () => {}
    const event = new Promise<{ data: string }>((resolve) => (next = resolve))
    const events = async function* () {
      yield await event
    }
    const origin = await serve(({ signal }) => eventStream(events(), { signal, heartbeat: '1h' }))
    // Resolves with the headers, which stand for themselves: nothing is sent until they are here.
    const response = await fetch(origin)
    expect(response.headers.get('content-type')).toContain('text/event-stream')
    next({ data: 'late' })
    expect(await response.text()).toContain('late')
  })

  it('abort the signal of a handler that hangs', async () => {
    const reasons: unknown[] = []
    const started = vi.fn<() => void>()
    const origin = await serve((request) => {
      request.signal.addEventListener('abort', () => reasons.push((request.signal.reason as { code: string }).code))
      started()
      return new Promise<Response>(() => {})
    })
    const controller = new AbortController()
    const answer = fetch(origin, { signal: controller.signal })
    await settled(() => expect(started).toHaveBeenCalled())
    controller.abort()
    await expect(answer).rejects.toThrow()
    await settled(() => expect(reasons).toEqual(['CORE_HTTP_CLIENT_GONE']))
  })

  it('do not abort it when the answer was complete', async () => {
    let signal: AbortSignal | undefined
    const origin = await serve((request) => {
      signal = request.signal
      return new Response('ok')
    })
    await (await fetch(origin, { headers: { connection: 'close' } })).text()
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect(signal?.aborted).toBe(false)
  })

  it('in the midst of a body fail its reading', async () => {
    const codes: unknown[] = []
    const origin = await serve(async (request) => {
      await request.text().catch((error: { code: string }) => codes.push(error.code))
      return new Response()
    })
    const socket = connect(Number(new URL(origin).port), '127.0.0.1')
    socket.write('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nabc')
    await once(socket, 'connect')
    setTimeout(() => socket.destroy(), 20)
    await settled(() => expect(codes).toEqual(['CORE_HTTP_CLIENT_GONE']))
  })
})

describe('bodies with a limit', () => {
  const router = (options = {}) =>
    createRouter(options).route({
      method: 'POST',
      path: '/',
      bodyKind: 'bytes',
      handler: ({ body }) => (body as Uint8Array).length,
    })

  it('are refused by their length at once, and by their size as they arrive', async () => {
    const origin = await serve(router().fetch)
    const large = new Uint8Array(10 * 1024 * 1024)
    const body = new ReadableStream({
      start(controller) {
        for (let start = 0; start < large.length; start += 65_536)
          controller.enqueue(large.subarray(start, start + 65_536))
        controller.close()
      },
    })
    for (const init of [{ body: large }, { body, duplex: 'half' }]) {
      const response = await fetch(origin, { method: 'POST', ...init } as RequestInit)
      expect(response.status).toBe(413)
      expect(((await response.json()) as { code: string }).code).toBe('CORE_HTTP_BODY_TOO_LARGE')
    }
    const fine = await fetch(origin, { method: 'POST', body: large.subarray(0, 1_000_000) })
    expect(await fine.json()).toBe(1_000_000)
  })

  it('leave the connection usable for the next request', async () => {
    const origin = await serve(router().fetch)
    const large = `${(2_000_000).toString(16)}\r\n${'x'.repeat(2_000_000)}\r\n0\r\n\r\n`
    const first = `POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n${large}`
    const second = 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nConnection: close\r\n\r\nabc'
    const answer = await exchange(origin, first + second)
    expect(answer).toMatch(/^HTTP\/1\.1 413 /)
    expect(answer).toMatch(/HTTP\/1\.1 200 OK[^]*\r\n\r\n3$/)
  })

  it('are refused before they are sent when the client asks first', async () => {
    const origin = await serve(router().fetch)
    const answer = await exchange(origin, 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999\r\n\r\n', 'TOO_LARGE')
    expect(answer).toMatch(/^HTTP\/1\.1 413 /)
  })

  it('end the connection when the client does not stop sending after the answer', async () => {
    const origin = await serve(router().fetch, { drainTimeout: '100ms' })
    const socket = connect(Number(new URL(origin).port), '127.0.0.1')
    socket.on('error', () => {})
    socket.on('data', () => {})
    socket.write('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999\r\n\r\n')
    const send = setInterval(() => socket.write(new Uint8Array(20_000)), 5)
    await closed(socket)
    clearInterval(send)
    expect(socket.bytesWritten).toBeLessThan(50_000_000)
  })

  it('that trickle in are given up after the time limit', async () => {
    const origin = await serve(router({ bodyTimeout: '100ms' }).fetch)
    const socket = connect(Number(new URL(origin).port), '127.0.0.1')
    let answer = ''
    socket.on('error', () => {})
    socket.on('data', (chunk) => (answer += chunk.toString()))
    socket.write('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n')
    const send = setInterval(() => socket.write('a'), 10)
    await settled(() => expect(answer).toMatch(/^HTTP\/1\.1 408 /))
    clearInterval(send)
    socket.destroy()
  })
})
