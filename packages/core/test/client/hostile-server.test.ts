import { createServer } from 'node:net'
import { brotliCompressSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib'
import { SeededRandom } from '@exprsn/core/testing'
import { describe, expect, it } from 'vitest'
import { collect, httpServer, listening, localClient, rejection, tcpServer, until } from './local-server.ts'

const raw = (text: string | Buffer) => tcpServer((socket) => socket.end(text))
const once = { retry: false } as const
const limits = { ...once, maxResponseBytes: 1_000_000 } as const

describe('slow servers', () => {
  it('gives up on a server that accepts and says nothing', async () => {
    await using server = await tcpServer(() => {})
    await using client = localClient(server, { ...once, timeouts: { headers: '50ms' } })
    const error = await rejection(client.request('x'))
    expect(error).toMatchObject({
      code: 'CORE_CLIENT_TIMEOUT',
      retryable: true,
      message: expect.stringContaining('header') as string,
    })
    await until(() => server.open.size === 0)
  })

  it('gives up on headers that drip', async () => {
    await using server = await tcpServer((socket) => {
      socket.write('HTTP/1.1 200 OK\r\n')
      const timer = setInterval(() => socket.write('x: y\r\n'), 5)
      socket.on('close', () => clearInterval(timer))
    })
    await using client = localClient(server, { ...once, timeouts: { headers: '60ms' } })
    expect(await rejection(client.request('x'))).toMatchObject({ code: 'CORE_CLIENT_TIMEOUT' })
    await until(() => server.open.size === 0)
  })

  it('gives up on a body that stops, but not on one that is slow', async () => {
    await using server = await httpServer((request, response) => {
      response.write('a')
      if (request.url === '/stops') return
      const timer = setInterval(() => response.write('b'), 20)
      setTimeout(() => {
        clearInterval(timer)
        response.end('c')
      }, 150)
    })
    await using client = localClient(server, { ...once, timeouts: { idle: '100ms' } })
    expect(await rejection(client.request('stops'))).toMatchObject({
      code: 'CORE_CLIENT_TIMEOUT',
      message: expect.stringContaining('next part of the body') as string,
    })
    expect((await client.request('slow')).text()).toMatch(/^ab+c$/)
  })

  it('ends a body that drips for ever at the total limit', async () => {
    await using server = await httpServer((_request, response) => {
      const timer = setInterval(() => response.write('x'), 5)
      response.on('close', () => clearInterval(timer))
    })
    await using client = localClient(server, { ...once, timeout: '80ms' })
    expect(await rejection(client.request('x'))).toMatchObject({ code: 'CORE_TIMEOUT' })
    await until(() => server.open.size === 0)
    const streamed = await client.stream('x')
    expect(await rejection(collect(streamed.body))).toMatchObject({ code: 'CORE_TIMEOUT' })
    await until(() => server.open.size === 0)
  })

  it('gives up on a connection that is never made', async () => {
    await using client = localClient(
      { url: 'http://never.test' },
      { ...once, resolve: () => new Promise(() => {}), timeouts: { connect: '40ms' } },
    )
    expect(await rejection(client.request('x'))).toMatchObject({
      code: 'CORE_CLIENT_TIMEOUT',
      message: expect.stringContaining('connection') as string,
    })
  })
})

describe('broken answers', () => {
  it.each([
    [
      'a body shorter than its length',
      'HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nabc',
      'CORE_CLIENT_CONNECTION_LOST',
    ],
    [
      'a chunked body without end',
      'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n',
      'CORE_CLIENT_CONNECTION_LOST',
    ],
    [
      'chunks of nonsense',
      'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\nabc\r\n0\r\n\r\n',
      'CORE_CLIENT_RESPONSE_INVALID',
    ],
    [
      'a chunk longer than it says',
      'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n1\r\nabc\r\n0\r\n\r\n',
      'CORE_CLIENT_RESPONSE_INVALID',
    ],
    ['another protocol', 'SSH-2.0-OpenSSH_9.2\r\n', 'CORE_CLIENT_RESPONSE_INVALID'],
    ['nothing', '', 'CORE_CLIENT_CONNECTION_LOST'],
    ['half a header', 'HTTP/1.1 200 OK\r\ncontent-le', 'CORE_CLIENT_CONNECTION_LOST'],
    [
      'a header with a line break in its name',
      'HTTP/1.1 200 OK\r\nbad name: x\r\n\r\n',
      'CORE_CLIENT_RESPONSE_INVALID',
    ],
    [
      'length and chunks at once',
      'HTTP/1.1 200 OK\r\ncontent-length: 3\r\ntransfer-encoding: chunked\r\n\r\nabc',
      'CORE_CLIENT_CONNECTION_LOST',
    ],
    ['a negative length', 'HTTP/1.1 200 OK\r\ncontent-length: -1\r\n\r\nabc', 'CORE_CLIENT_RESPONSE_INVALID'],
    [
      'two lengths',
      'HTTP/1.1 200 OK\r\ncontent-length: 3\r\ncontent-length: 4\r\n\r\nabcd',
      'CORE_CLIENT_CONNECTION_LOST',
    ],
    [
      'an upgrade that nobody asked for',
      'HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n',
      'CORE_CLIENT_CONNECTION_LOST',
    ],
  ])('%s', async (_name, answer, code) => {
    await using server = await raw(answer)
    await using client = localClient(server, once)
    expect(await rejection(client.request('x'))).toMatchObject({ code })
    await until(() => server.open.size === 0)
  })

  it('skips interim responses', async () => {
    await using server = await raw(
      'HTTP/1.1 103 Early Hints\r\nlink: x\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok',
    )
    await using client = localClient(server, once)
    expect((await client.request('x')).text()).toBe('ok')
  })

  it('is not misled by an answer that comes before its request on a kept connection', async () => {
    await using server = await tcpServer((socket) => {
      socket.write('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nokHTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nevil')
    })
    await using client = localClient(server)
    for (let call = 0; call < 5; call++) {
      const text = await client.request('x').then(
        (response) => response.text(),
        (error) => error.code as string,
      )
      expect(text).not.toBe('evil')
    }
  })

  it('survives a connection that is cut after any number of bytes, by FIN or by RST', async () => {
    const answer = `HTTP/1.1 200 OK\r\ncontent-length: 400\r\nx: ${'y'.repeat(50)}\r\n\r\n${'z'.repeat(400)}`
    const random = new SeededRandom(11)
    let cut = 0
    await using server = await tcpServer((socket) => {
      const part = answer.slice(0, cut)
      if (random.uint32() % 2 === 0) socket.end(part)
      else socket.write(part, () => socket.resetAndDestroy())
    })
    await using client = localClient(server, { ...once, perOrigin: { breaker: false } })
    for (let round = 0; round < 60; round++) {
      cut = random.uint32() % answer.length
      expect(await rejection(client.request('x'))).toMatchObject({
        code: 'CORE_CLIENT_CONNECTION_LOST',
        retryable: true,
      })
    }
    await until(() => server.open.size === 0)
  })

  it('gets through when only some connections are cut', async () => {
    let calls = 0
    await using server = await tcpServer((socket) => {
      if (++calls % 2 === 1) socket.resetAndDestroy()
      else socket.end('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok')
    })
    await using client = localClient(server)
    for (let call = 0; call < 5; call++) expect((await client.request('x')).text()).toBe('ok')
  })
})

describe('too much', () => {
  it('refuses a body by its length, before it is read', async () => {
    await using server = await httpServer((_request, response) =>
      response.writeHead(200, { 'content-length': '5000000' }).write('x'),
    )
    await using client = localClient(server, limits)
    expect(await rejection(client.request('x'))).toMatchObject({
      code: 'CORE_CLIENT_RESPONSE_TOO_LARGE',
      details: { limit: 1_000_000, length: 5_000_000 },
    })
    await until(() => server.open.size === 0)
  })

  it('stops an endless body at the limit, streamed or not, and takes one that has just the size', async () => {
    let sent = 0
    await using server = await httpServer((request, response) => {
      if (request.url === '/exact') return void response.end(Buffer.alloc(1_000_000))
      const piece = Buffer.alloc(64 * 1024)
      const write = (): void => {
        while (!response.destroyed && response.write(piece)) sent += piece.length
      }
      response.on('drain', write)
      write()
    })
    await using client = localClient(server, limits)
    expect(await rejection(client.request('endless'))).toMatchObject({ code: 'CORE_CLIENT_RESPONSE_TOO_LARGE' })
    await until(() => server.open.size === 0)
    expect(sent).toBeLessThan(12_000_000) // what the buffers of the system hold, not more
    const streamed = await client.stream('endless')
    expect(await rejection(collect(streamed.body))).toMatchObject({ code: 'CORE_CLIENT_RESPONSE_TOO_LARGE' })
    await until(() => server.open.size === 0)
    expect((await client.request('exact')).bytes()).toHaveLength(1_000_000)
  })

  it.each([
    ['gzip', gzipSync],
    ['deflate', deflateSync],
    ['br', brotliCompressSync],
    ['zstd', zstdCompressSync],
  ] as const)('stops a %s bomb at the limit', async (coding, pack) => {
    const bomb = pack(Buffer.alloc(50_000_000))
    expect(bomb.length).toBeLessThan(100_000)
    await using server = await httpServer((_request, response) =>
      response.writeHead(200, { 'content-encoding': coding }).end(bomb),
    )
    await using client = localClient(server, limits)
    expect(await rejection(client.request('x'))).toMatchObject({ code: 'CORE_CLIENT_RESPONSE_TOO_LARGE' })
    let read = 0
    const streamed = await client.stream('x')
    const error = await rejection(
      (async () => {
        for await (const chunk of streamed.body) read += chunk.length
      })(),
    )
    expect(error).toMatchObject({ code: 'CORE_CLIENT_RESPONSE_TOO_LARGE' })
    expect(read).toBeLessThanOrEqual(1_000_000)
  })

  it('stops compressed data that never becomes anything', async () => {
    // Empty stored blocks (RFC 1951 §3.2.4): five bytes each that give none.
    const header = gzipSync('').subarray(0, 10)
    const nothing = Buffer.concat(Array.from({ length: 20_000 }, () => Buffer.from([0, 0, 0, 0xff, 0xff])))
    await using server = await httpServer((_request, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip' }).write(header)
      const write = (): void => {
        while (!response.destroyed && response.write(nothing));
      }
      response.on('drain', write)
      write()
    })
    await using client = localClient(server, limits)
    expect(await rejection(client.request('x'))).toMatchObject({ code: 'CORE_CLIENT_RESPONSE_TOO_LARGE' })
  })

  it('refuses 10,000 headers, and takes as many as it is told to', async () => {
    const headers = Array.from({ length: 10_000 }, (_, index) => `x-${index}: ${index}\r\n`).join('')
    await using server = await raw(`HTTP/1.1 200 OK\r\ncontent-length: 2\r\n${headers}\r\nok`)
    await using client = localClient(server, once)
    expect(await rejection(client.request('x'))).toMatchObject({
      code: 'CORE_CLIENT_HEADERS_TOO_LARGE',
      details: { limit: 16_384 },
    })
    await using patient = localClient(server, { ...once, maxHeaderBytes: 1_000_000 })
    expect((await patient.request('x')).headers.get('x-9999')).toBe('9999')
  })

  it('reads no more of an error page than it quotes', async () => {
    await using server = await httpServer((_request, response) => {
      response.statusCode = 500
      const write = (): void => {
        while (!response.destroyed && response.write('e'.repeat(65_536)));
      }
      response.on('drain', write)
      write()
    })
    await using client = localClient(server, once)
    const error = await rejection(client.request('x'))
    expect(error).toMatchObject({ code: 'CORE_CLIENT_STATUS', details: { status: 500 } })
    expect((error.details.excerpt as string).length).toBeLessThan(1_100)
    await until(() => server.open.size === 0)
  })

  it('holds back a sender whose reader is slow, and lets it go on', async () => {
    const size = 64 * 1024 * 1024
    let sent = 0
    await using server = await httpServer((_request, response) => {
      const piece = Buffer.alloc(64 * 1024)
      const write = (): void => {
        while (sent < size) {
          sent += piece.length
          if (!response.write(piece)) return
        }
        response.end()
      }
      response.on('drain', write)
      write()
    })
    await using client = localClient(server, { maxResponseBytes: size })
    const streamed = await client.stream('x')
    const chunks = streamed.body[Symbol.asyncIterator]()
    let received = (await chunks.next()).value!.length as number
    // The sender stops when the buffers of the system are full: wait until it has made no progress for a while.
    for (let before = -1; before !== sent; await new Promise((resolve) => setTimeout(resolve, 150))) before = sent
    expect(sent).toBeLessThan(size / 2)
    for (let next = await chunks.next(); next.done !== true; next = await chunks.next()) received += next.value.length
    expect(received).toBe(size)
  })
})

describe('TLS', () => {
  it('does not speak to a server that does not speak TLS', async () => {
    await using server = await listening(createServer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')))
    await using client = localClient({ url: `https://127.0.0.1:${server.port}` }, once)
    expect(await rejection(client.request('x'))).toMatchObject({ code: 'CORE_CLIENT_TLS_FAILED', retryable: false })
  })
})
