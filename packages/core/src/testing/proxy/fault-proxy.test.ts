import { once } from 'node:events'
import { createConnection, createServer, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { sleep } from '../../clock/sleep.ts'
import { SeededRandom } from '../random/seeded-random.ts'
import { createFaultProxy, type FaultProxy, type FaultProxyOptions, type ProxyAddress } from './fault-proxy.ts'
import type { ProxyFault } from './proxy-fault.ts'
import { randomProxyFaults } from './random-proxy-faults.ts'

/** Sends back what it gets; remembers its connections and what it heard. */
let target: Server
let heard: Buffer[]
let sides: Socket[]
let address: { readonly host: string; readonly port: number }
let proxies: FaultProxy[]
let clients: Socket[]

beforeEach(async () => {
  heard = []
  sides = []
  proxies = []
  clients = []
  target = createServer({ allowHalfOpen: true }, (socket) => {
    sides.push(socket)
    socket.on('error', () => {})
    socket.on('data', (chunk) => {
      heard.push(chunk)
      socket.write(chunk)
    })
    socket.on('end', () => socket.end())
  }).listen(0, '127.0.0.1')
  await once(target, 'listening')
  address = { host: '127.0.0.1', port: (target.address() as { port: number }).port }
})

afterEach(async () => {
  for (const client of clients) client.destroy()
  for (const proxy of proxies) await proxy.close()
  for (const side of sides) side.destroy()
  await new Promise((resolve) => target.close(resolve))
})

async function connect(faults: FaultProxyOptions['faults'], options: Partial<FaultProxyOptions> = {}) {
  const proxy = createFaultProxy({ target: address, faults, ...options })
  proxies.push(proxy)
  return { proxy, client: await dial(await proxy.start()) }
}

async function dial(to: ProxyAddress) {
  const socket = createConnection({ ...to, allowHalfOpen: false })
  clients.push(socket)
  const events: string[] = []
  let text = ''
  socket.on('data', (chunk) => (text += chunk.toString('latin1')))
  socket.on('error', (error: NodeJS.ErrnoException) => events.push(error.code ?? 'error'))
  socket.on('end', () => events.push('end'))
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()))
  await once(socket, 'connect')
  return { socket, events, closed, text: () => text }
}

async function until(isSo: () => boolean): Promise<void> {
  for (let wait = 0; wait < 400 && !isSo(); wait++) await sleep(5)
  expect(isSo()).toBe(true)
}

describe('createFaultProxy', () => {
  it('is transparent without faults, also for a megabyte and a half-close', async () => {
    const { client, proxy } = await connect([])
    const megabyte = 'x'.repeat(1_000_000)
    client.socket.end(megabyte)
    await client.closed
    expect(client.text()).toBe(megabyte)
    expect(client.events).toEqual(['end'])
    expect(proxy.hits).toEqual({})
    await until(() => proxy.open === 0)
  })

  it('cuts after exactly so many bytes, in order', async () => {
    const { client, proxy } = await connect([{ kind: 'cut', afterBytes: 5 }])
    client.socket.write('1234567890')
    await client.closed
    expect(client.text()).toBe('12345')
    expect(client.events).toEqual(['end'])
    expect(proxy.hits).toEqual({ 'cut/to-client': 1 })
  })

  it('resets with RST', async () => {
    const { client } = await connect([{ kind: 'reset', afterBytes: 0, direction: 'to-target' }])
    client.socket.write('x')
    await client.closed
    expect(client.events).toEqual(['ECONNRESET'])
    expect(heard).toEqual([])
  })

  it('swallows what follows and keeps everything open', async () => {
    const { client, proxy } = await connect([{ kind: 'black-hole', afterBytes: 2 }])
    client.socket.write('abcd')
    await until(() => client.text() === 'ab')
    client.socket.write('ef')
    await until(() => Buffer.concat(heard).toString() === 'abcdef')
    await sleep(20)
    expect(client.text()).toBe('ab')
    expect(client.events).toEqual([])
    expect(proxy.open).toBe(1)
  })

  it('leaves the client connected to nothing', async () => {
    const { client, proxy } = await connect([{ kind: 'half-open', afterBytes: 0 }])
    client.socket.write('abcd')
    await until(() => sides[0]?.destroyed === true)
    client.socket.write('more')
    await sleep(20)
    expect(client.events).toEqual([])
    expect(client.socket.destroyed).toBe(false)
    expect(proxy.hits).toEqual({ 'half-open/to-client': 1 })
  })

  it('corrupts one byte', async () => {
    const { client } = await connect([{ kind: 'corrupt', afterBytes: 1 }])
    client.socket.write('aaa')
    await until(() => client.text().length === 3)
    expect(client.text()).toBe('a`a')
  })

  it('delays and throttles', async () => {
    const { client, proxy } = await connect([
      { kind: 'delay', milliseconds: 60 },
      { kind: 'throttle', bytesPerSecond: 10_000 },
    ])
    const start = performance.now()
    client.socket.write('x'.repeat(1_000))
    await until(() => client.text().length === 1_000)
    expect(performance.now() - start).toBeGreaterThan(140)
    expect(proxy.hits['throttle/to-client']).toBeGreaterThanOrEqual(2)
  })

  it('plans each connection by the seed and its number', async () => {
    const plans: string[] = []
    const plan = randomProxyFaults({ probability: 0.8 })
    const faults = (context: Parameters<typeof plan>[0]): readonly ProxyFault[] => {
      plans.push(JSON.stringify(plan(context)))
      return []
    }
    for (let round = 0; round < 2; round++) {
      const { proxy } = await connect(faults, { random: new SeededRandom(99) })
      for (let more = 0; more < 4; more++) await dial(proxy.address)
      await until(() => proxy.connections === 5)
    }
    expect(plans.slice(0, 5)).toEqual(plans.slice(5))
    expect(new Set(plans).size).toBeGreaterThan(2)
  })

  it('takes a new plan for later connections', async () => {
    const { proxy, client } = await connect([])
    proxy.setFaults([{ kind: 'reset', afterBytes: 0 }])
    const later = await dial(proxy.address)
    client.socket.write('a')
    later.socket.write('b')
    await later.closed
    await until(() => client.text() === 'a')
    expect(later.events).toEqual(['ECONNRESET'])
  })

  it('resets everything at once, and at the end', async () => {
    const { proxy, client } = await connect([])
    client.socket.write('a')
    await until(() => client.text() === 'a')
    proxy.resetAll()
    await client.closed
    const second = await dial(proxy.address)
    await proxy.close()
    await second.closed
    expect(proxy.open).toBe(0)
    expect(() => proxy.address).toThrow(expect.objectContaining({ code: 'CORE_TESTING_PROXY_STOPPED' }))
  })

  it('tells the client when nobody listens behind it', async () => {
    const { client } = await connect([], { target: { host: '127.0.0.1', port: 1 } })
    await client.closed
    expect(client.events.length).toBeGreaterThan(0)
  })

  it('speaks unix sockets on both sides', async () => {
    const listen = { path: join(tmpdir(), `fault-proxy-${process.pid}-${Math.random().toString(36).slice(2)}.sock`) }
    const { client, proxy } = await connect([{ kind: 'cut', afterBytes: 3 }], { listen })
    expect(proxy.address).toEqual(listen)
    client.socket.write('abcdef')
    await client.closed
    expect(client.text()).toBe('abc')
  })

  it.each([
    { kind: 'cut', afterBytes: -1 },
    { kind: 'reset', afterBytes: 1.5 },
    { kind: 'throttle', bytesPerSecond: 0 },
    { kind: 'delay', milliseconds: Number.NaN },
    { kind: 'explode' },
  ])('refuses %j', (fault) => {
    expect(() => createFaultProxy({ target: address, faults: [fault as ProxyFault] })).toThrow(
      expect.objectContaining({ code: 'CORE_TESTING_PROXY_FAULT' }),
    )
  })
})
