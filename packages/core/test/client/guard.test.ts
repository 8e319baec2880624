import { createServer } from 'node:http'
import { createClient, guardedConnector, type Resolve } from '@exprsn/core/client'
import * as undici from 'undici'
import { describe, expect, it } from 'vitest'
import { httpServer, localClient, rejection, until } from './local-server.ts'

const refused = 'CORE_CLIENT_ADDRESS_REFUSED'

describe('the guard of the client', () => {
  it('refuses this machine in every spelling before a socket is made', async () => {
    await using server = await httpServer((_request, response) => response.end('inside'))
    await using client = createClient({ retry: false })
    const hosts = [
      '127.0.0.1',
      '127.1',
      '2130706433',
      '0x7f.1',
      '0177.0.0.1',
      '[::1]',
      '[::ffff:127.0.0.1]',
      '[::ffff:7f00:1]',
    ]
    for (const host of [...hosts, '0.0.0.0', '[::]', '[64:ff9b::7f00:1]', 'localhost', '127.0.0.1.', '①②⑦.⓪.⓪.①']) {
      const error = await rejection(client.request(`http://${host}:${server.port}/`))
      expect([host, error.code]).toEqual([host, refused])
    }
    expect(server.accepted()).toBe(0)
  })

  it('refuses a name that leads inside, also if only one of its addresses does', async () => {
    await using server = await httpServer((_request, response) => response.end('inside'))
    for (const addresses of [['127.0.0.1'], ['9.9.9.9', '127.0.0.1'], ['::ffff:127.0.0.1'], ['169.254.169.254']]) {
      await using client = createClient({ resolve: async () => addresses, retry: false })
      const error = await rejection(client.request(`http://rebind.test:${server.port}/`))
      expect(error).toMatchObject({ code: refused, retryable: false, status: 403 })
      expect(error.message).not.toContain(addresses.at(-1))
    }
    expect(server.accepted()).toBe(0)
  })

  it('connects to the very address that was checked: a name that changes its mind gets nowhere', async () => {
    await using inside = await httpServer((_request, response) => response.end('inside'))
    await using outside = await httpServer((_request, response) =>
      response.writeHead(200, { connection: 'close' }).end('outside'),
    )
    // 127.0.0.2 plays the public address: it alone is allowed.
    const answers = ['127.0.0.2', '127.0.0.1']
    let asked = 0
    const resolve: Resolve = async () => [answers[asked++ % 2]!]
    await using client = createClient({ resolve, retry: false, allow: { networks: ['127.0.0.2/32'] } })
    for (let round = 0; round < 10; round++) {
      const outcome = await client.request(`http://rebind.test:${inside.port}/`).then(
        (response) => response.text(),
        (error) => error.code as string,
      )
      expect(outcome).toBe(round % 2 === 0 ? 'CORE_CLIENT_CONNECT_FAILED' : refused)
    }
    expect(asked).toBe(10) // one question for each connection: nothing is asked between the check and the use
    expect([inside.accepted(), outside.accepted()]).toEqual([0, 0])
  })

  it('checks every hop of a redirect', async () => {
    await using inside = await httpServer((_request, response) => response.end('inside'))
    const places: Record<string, string> = {
      '/literal': `http://127.0.0.1:${inside.port}/`,
      '/spelled': `http://2130706433:${inside.port}/`,
      '/mapped': `http://[::ffff:127.0.0.1]:${inside.port}/`,
      '/name': `http://inside.test:${inside.port}/`,
      '/metadata': 'http://169.254.169.254/latest/meta-data/',
      '/twice': '/literal',
      '/port': 'http://entry.test:22/',
    }
    // Entry is reached through 127.0.0.9, the one address that counts as outside.
    const server = createServer((request, response) =>
      response.writeHead(302, { location: places[request.url!] }).end(),
    )
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.9', resolve))
    const { port } = server.address() as { port: number }
    const resolve: Resolve = async (name) => [name === 'inside.test' ? '127.0.0.1' : '127.0.0.9']
    await using client = createClient({ resolve, retry: false, allow: { networks: ['127.0.0.9/32'] } })
    for (const path of Object.keys(places)) {
      const error = await rejection(client.request(`http://entry.test:${port}${path}`))
      expect([path, error.code]).toEqual([path, path === '/port' ? 'CORE_CLIENT_PORT_REFUSED' : refused])
    }
    expect(inside.accepted()).toBe(0)
    server.closeAllConnections()
    server.close()
  })

  it('keeps to the hosts and ports that are named', async () => {
    await using server = await httpServer((_request, response) => response.end('ok'))
    await using client = localClient(server, {
      allow: { loopbackAddresses: true, hosts: ['127.0.0.1'], ports: [server.port] },
    })
    expect((await client.request('x')).text()).toBe('ok')
    expect(await rejection(client.request(`http://127.0.0.1:9/`))).toMatchObject({ code: 'CORE_CLIENT_PORT_REFUSED' })
    expect(await rejection(client.request(`http://localhost:${server.port}/`))).toMatchObject({
      code: 'CORE_CLIENT_HOST_REFUSED',
    })
  })

  it('says that a name does not resolve', async () => {
    const resolve = async (): Promise<string[]> => {
      throw Object.assign(new Error('getaddrinfo ENOTFOUND'), { code: 'ENOTFOUND' })
    }
    await using client = createClient({ resolve, retry: false })
    expect(await rejection(client.request('http://nowhere.test/'))).toMatchObject({
      code: 'CORE_CLIENT_CONNECT_FAILED',
      message: 'No connection to http://nowhere.test: ENOTFOUND.',
    })
    await using empty = createClient({ resolve: async () => [], retry: false })
    expect(await rejection(empty.request('http://nowhere.test/'))).toMatchObject({ code: 'CORE_CLIENT_CONNECT_FAILED' })
  })
})

describe('redirects', () => {
  it('follows them, with secrets only within the origin', async () => {
    const seen: [string, string | undefined][] = []
    await using other = await httpServer((request, response) => {
      seen.push(['other', request.headers.authorization])
      response.end('there')
    })
    await using server = await httpServer((request, response) => {
      seen.push([request.url!, request.headers.authorization])
      response.writeHead(302, { location: request.url === '/a' ? '/b' : `${other.url}/c` }).end('moved')
    })
    await using client = localClient(server, { headers: { authorization: 'Bearer x' } })
    const response = await client.request('a')
    expect([response.text(), response.url]).toEqual(['there', `${other.url}/c`])
    expect(seen).toEqual([
      ['/a', 'Bearer x'],
      ['/b', 'Bearer x'],
      ['other', undefined],
    ])
    expect(server.open.size).toBe(server.accepted()) // connections survive redirects
  })

  it('ends circles, and gives the redirect itself when none may be followed', async () => {
    let calls = 0
    await using server = await httpServer((_request, response) => {
      calls++
      response.writeHead(307, { location: '/again' }).end()
    })
    await using client = localClient(server)
    expect(await rejection(client.request('x'))).toMatchObject({
      code: 'CORE_CLIENT_TOO_MANY_REDIRECTS',
      details: { limit: 5 },
    })
    expect(calls).toBe(6)
    const manual = await client.request('x', { maxRedirects: 0, throwOnStatus: false })
    expect([manual.status, manual.headers.get('location')]).toEqual([307, '/again'])
  })

  it('does not read an endless body of a redirect', async () => {
    await using server = await httpServer((request, response) => {
      if (request.url === '/b') return void response.end('b')
      response.writeHead(302, { location: '/b' })
      const write = (): void => {
        while (!response.destroyed && response.write('x'.repeat(65_536)));
      }
      response.on('drain', write)
      write()
    })
    await using client = localClient(server)
    expect((await client.request('a')).text()).toBe('b')
    await until(() => server.open.size <= 1)
  })
})

describe('guardedConnector', () => {
  it("guards the host's own undici", async () => {
    await using server = await httpServer((_request, response) => response.end('inside'))
    const resolve: Resolve = async () => ['127.0.0.1']
    const guarded = new undici.Agent({ connect: guardedConnector({ undici, resolve }) })
    for (const host of ['127.0.0.1', 'name.test', '[::1]']) {
      const url = `http://${host}:${server.port}/`
      expect(await rejection(undici.request(url, { dispatcher: guarded }))).toMatchObject({ code: refused })
      const viaFetch = await rejection(undici.fetch(url, { dispatcher: guarded }))
      expect(viaFetch.cause).toMatchObject({ code: refused })
    }
    expect(server.accepted()).toBe(0)
    const allowing = new undici.Agent({
      connect: guardedConnector({ undici, resolve, allow: { loopbackAddresses: true } }),
    })
    const { body } = await undici.request(`http://name.test:${server.port}/`, { dispatcher: allowing })
    expect(await body.text()).toBe('inside')
    await Promise.all([guarded.close(), allowing.close()])
  })

  it('guards redirects that undici follows by itself', async () => {
    await using inside = await httpServer((_request, response) => response.end('inside'))
    const entry = createServer((_request, response) =>
      response.writeHead(302, { location: `http://127.0.0.1:${inside.port}/` }).end(),
    )
    await new Promise<void>((resolve) => entry.listen(0, '127.0.0.9', resolve))
    const { port } = entry.address() as { port: number }
    const dispatcher = new undici.Agent({
      connect: guardedConnector({ undici, allow: { networks: ['127.0.0.9/32'] } }),
    })
    const error = await rejection(undici.fetch(`http://127.0.0.9:${port}/`, { dispatcher }))
    expect(error.cause).toMatchObject({ code: refused })
    expect(inside.accepted()).toBe(0)
    await dispatcher.close()
    entry.close()
  })

  it('looks at where the socket ended up, whatever way it came about', async () => {
    await using server = await httpServer((_request, response) => response.end('inside'))
    const net = await import('node:net')
    // A connector that forgets the lookup it was given.
    const careless = {
      buildConnector: () => (_target: unknown, callback: (error: null, socket: unknown) => void) => {
        const socket = net.connect(server.port, '127.0.0.1', () => callback(null, socket))
        return socket
      },
    }
    const connect = guardedConnector({ undici: careless as never })
    const error = await new Promise((resolve) =>
      connect({ hostname: 'public.test', protocol: 'http:', port: '80' }, (...[failure]) => resolve(failure)),
    )
    expect(error).toMatchObject({ code: refused })
    await until(() => server.open.size === 0)
  })
})
