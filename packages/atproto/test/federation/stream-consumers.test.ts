import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { duplexPair, type Duplex } from 'node:stream'
import { sleep } from '@exprsn/core'
import { migrate, sqliteDatabase } from '@exprsn/core/database'
import { SimulatedClock } from '@exprsn/core/testing'
import { atprotoNetworkUnavailable } from '@exprsn/real-servers/atproto-network'
import { describe, expect, it } from 'vitest'
import type { ServedRepos } from '@exprsn/atproto/federation'
import { decodeFrame, encodeFrame } from '@exprsn/atproto/repo'
import { createRepoStream } from '@exprsn/atproto/http'
import { createSync, firehoseSource } from '@exprsn/atproto/sync'
import { HostRecords, servedDatabase, streamHost } from './stream-host.ts'

const dids = ['did:web:news.example', 'did:web:shop.example', 'did:web:talk.example']
const allow = { loopbackAddresses: true }
const unavailable = await atprotoNetworkUnavailable()
const networkFolder = join(import.meta.dirname, '../../../../testing/atproto')

describe('our own consumer', () => {
  it('has what the host has, each change once and by its commit, although both end again and again', async () => {
    const records = new HostRecords('consumer')
    await using served = await servedDatabase(records)
    let repos = records.served(served)
    await using host = await streamHost(() => (repos = records.served(served)))
    await using database = sqliteDatabase({ path: ':memory:' })
    await database.query('create table copy (uri text primary key, cid text not null)')
    for (const did of dids) records.add(did, 10)
    await repos.refresh()

    let wrong = 0
    const fetched: number[] = []
    const follow = () => {
      const source = firehoseSource({ service: host.url, name: 'host', allow })
      const sync = createSync({
        database,
        source,
        backoff: { initial: '10ms', maximum: '100ms' },
        resolveSigningKey: async () => records.key.didKey,
        async apply(event, tx) {
          if (event.type === 'account' || event.type === 'identity') return
          const { rows } = await tx.query('select 1 from copy where uri = $1', [event.uri])
          if ((event.type === 'create') !== (rows.length === 0)) wrong++
          if (event.type === 'delete') await tx.query('delete from copy where uri = $1', [event.uri])
          else
            await tx.query('insert into copy values ($1, $2) on conflict (uri) do update set cid = excluded.cid', [
              event.uri,
              event.cid,
            ])
        },
      })
      return { sync, source }
    }
    let running = follow()
    await migrate(database, [running.sync.migrations])
    running.sync.start()
    const isLevel = async (): Promise<boolean> => {
      const { last } = (await served.query<{ last: number }>('select seq as last from exprsn_served_stream')).rows[0]!
      return running.sync.status().cursor === last && running.sync.status().pending === 0
    }
    // The first ones are fetched; from then on everything comes with the stream.
    await expect.poll(() => running.sync.status().tally.fetched, { timeout: 120_000 }).toBe(dids.length)
    const listing = async () => (await database.query('select listing from exprsn_sync_source')).rows[0]!.listing
    await expect.poll(listing, { timeout: 120_000 }).toBe(0)
    records.change(dids[0]!, 3)
    await repos.refresh()
    await expect.poll(isLevel, { timeout: 120_000 }).toBe(true)
    for (let round = 0; round < 12; round++) {
      for (const did of dids) {
        records.change(did, 4)
        await repos.refresh(did)
      }
      if (round % 3 === 1) {
        await host.stop()
        records.change(dids[round % 3]!, 3)
        await host.start()
        await repos.refresh()
      }
      if (round % 3 === 2) {
        fetched.push(running.sync.status().tally.fetched)
        await running.sync.close()
        await running.source.close()
        records.change(dids[0]!, 2)
        await repos.refresh()
        running = follow()
        running.sync.start()
      }
    }
    await expect.poll(isLevel, { timeout: 120_000 }).toBe(true)
    const { rows } = await database.query<{ uri: string; cid: string }>('select uri, cid from copy')
    const expected = new Map<string, string>()
    for (const did of dids)
      for (const path of Object.keys(records.repos.get(did)!.records))
        expected.set(`at://${did}/${path}`, (await repos.record(did, path)).cid)
    expect(new Map(rows.map(({ uri, cid }) => [uri, cid]))).toEqual(expected)
    expect(wrong).toBe(0)
    expect(await running.sync.parked()).toEqual([])
    expect([...fetched, running.sync.status().tally.fetched]).toEqual([dids.length, 0, 0, 0, 0])
    await running.sync.close()
    await running.source.close()
  }, 240_000)
})

describe.skipIf(unavailable !== undefined)(`the official consumer (${unavailable ?? 'installed'})`, () => {
  it('accepts every message, and its own search tree takes every commit back; ended and begun anew it misses none', async () => {
    const records = new HostRecords('official')
    await using served = await servedDatabase(records)
    const repos = records.served(served)
    await using host = await streamHost(() => repos)
    records.add(dids[0]!, 50)
    records.repos.get(dids[0]!)!.handle = 'news.example'
    await repos.refresh()
    const seqs: number[] = []
    let wrong = 0
    const types = new Set<string>()
    for (let life = 0; life < 2; life++) {
      const file = join(import.meta.dirname, 'official-consumer.process.ts')
      const flags = ['--conditions=@exprsn/source', '--experimental-strip-types', '--no-warnings', file]
      const given = [host.url, String(seqs.at(-1) ?? 0), records.key.didKey, networkFolder]
      const child = spawn(process.execPath, [...flags, ...given], { stdio: ['ignore', 'pipe', 'inherit'] })
      const ended = once(child, 'exit')
      for (let round = 0; round < 12; round++) {
        records.change(dids[0]!, 1 + round)
        if (round === 5 && life === 1) for (let more = 0; more < 250; more++) records.create(dids[0]!)
        if (round === 9) records.repos.get(dids[0]!)!.status = life === 1 ? 'deactivated' : 'active'
        await repos.refresh()
      }
      records.repos.get(dids[0]!)!.status = 'active'
      await repos.refresh()
      const { last } = (await served.query<{ last: number }>('select seq as last from exprsn_served_stream')).rows[0]!
      for await (const line of createInterface(child.stdout)) {
        const told = JSON.parse(line) as { seq: number; type: string; isRight: boolean }
        seqs.push(told.seq)
        types.add(told.type)
        if (!told.isRight) wrong++
        if (told.seq === last) break
      }
      child.kill('SIGKILL')
      await ended
    }
    expect(wrong).toBe(0)
    expect(seqs).toEqual(seqs.map((_, index) => index + 1))
    expect([...types].sort()).toEqual(['account', 'commit', 'identity', 'sync'])
  }, 240_000)
})

const upgradeLines = (path: string, more: readonly string[] = []): string =>
  [
    `GET ${path} HTTP/1.1`,
    'Host: localhost',
    'Connection: Upgrade',
    'Upgrade: websocket',
    ...(more.length > 0 ? more : ['Sec-WebSocket-Version: 13', 'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==']),
    '',
    '',
  ].join('\r\n')
const method = '/xrpc/com.atproto.sync.subscribeRepos'

async function raw(url: string, text: string): Promise<{ readonly socket: Socket; readonly received: () => Buffer }> {
  const socket = connect({ host: '127.0.0.1', port: Number(new URL(url).port) })
  const parts: Buffer[] = []
  socket.on('data', (part: Buffer) => parts.push(part))
  socket.on('error', () => socket.destroy())
  await once(socket, 'connect')
  socket.write(text)
  return { socket, received: () => Buffer.concat(parts) }
}

/** Events without end, or those that a test gives. */
function eventsOf(make: (cursor: number | undefined, signal: AbortSignal) => AsyncGenerator<Uint8Array>) {
  const events: ServedRepos['events'] = ({ cursor, signal }) => make(cursor, signal)
  return { events } as ServedRepos
}

const silent = eventsOf(async function* (_, signal) {
  yield encodeFrame('#info', { name: 'Hello' })
  await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }))
})

const soon = (probe: () => unknown) => expect.poll(probe, { timeout: 120_000, interval: 5 })

describe('the stream as a server', () => {
  it.each([
    ['another path', upgradeLines('/else'), ''],
    ['no key', upgradeLines(method, ['Sec-WebSocket-Version: 13']), 'HTTP/1.1 400 '],
    [
      'a key that is none',
      upgradeLines(method, ['Sec-WebSocket-Version: 13', 'Sec-WebSocket-Key: a']),
      'HTTP/1.1 400 ',
    ],
    [
      'another version',
      upgradeLines(method, ['Sec-WebSocket-Version: 8', 'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==']),
      'HTTP/1.1 426 ',
    ],
    ['another method', upgradeLines(method).replace('GET', 'PUT'), 'HTTP/1.1 400 '],
  ])('refuses %s', async (_, text, answer) => {
    await using host = await streamHost(() => silent)
    const { socket, received } = await raw(host.url, text)
    await soon(() => socket.closed).toBe(true)
    expect(received().toString().slice(0, answer.length)).toBe(answer)
    if (answer === '') expect(received()).toHaveLength(0)
    expect(host.stream.connections).toBe(0)
  })

  it.each([
    ['?cursor=x', 'InvalidRequest'],
    ['?cursor=', 'InvalidRequest'],
    ['?cursor=1.5', 'InvalidRequest'],
    ['?cursor=99', 'FutureCursor'],
  ])('ends %s with %s and 1008', async (query, error) => {
    const records = new HostRecords('cursors')
    await using served = await servedDatabase(records)
    await using host = await streamHost(() => records.served(served))
    const socket = new WebSocket(`${host.url.replace('http', 'ws')}${method}${query}`)
    socket.binaryType = 'arraybuffer'
    const frames: unknown[] = []
    socket.addEventListener('message', ({ data }) => frames.push(decodeFrame(new Uint8Array(data as ArrayBuffer))))
    const [closed] = (await once(socket, 'close')) as [CloseEvent]
    expect(closed.code).toBe(1008)
    expect(frames).toMatchObject([{ type: 'error', error }])
  })

  it('lets no more in than allowed, of all and of one address, and lets the next in when one has gone', async () => {
    const limits = { maxConnections: 3, maxConnectionsPerAddress: 2 }
    let address = 'a'
    await using host = await streamHost(() => silent, { ...limits, addressOf: () => address })
    const open = async () => {
      const one = await raw(host.url, upgradeLines(method))
      await soon(() => one.received().length).toBeGreaterThan(0)
      return { ...one, status: one.received().toString('latin1').slice(9, 12) }
    }
    const first = await open()
    expect([first.status, (await open()).status, (await open()).status]).toEqual(['101', '101', '429'])
    address = 'b'
    expect([(await open()).status, (await open()).status]).toEqual(['101', '503'])
    first.socket.destroy()
    await soon(() => host.stream.connections).toBe(2)
    expect((await open()).status).toBe('101')
  })

  it('cuts off who takes nothing, with ConsumerTooSlow for those who then listen, and holds no more than allowed', async () => {
    const clock = new SimulatedClock()
    const frame = encodeFrame('#info', { name: 'x'.repeat(100_000) })
    let sent = 0
    let isOver = false
    const endless = eventsOf(async function* (_, signal) {
      try {
        for (; !signal.aborted; sent++) {
          yield frame
          await sleep(0)
        }
      } finally {
        isOver = true
      }
    })
    await using host = await streamHost(() => endless, {
      clock,
      stallTimeout: '10s',
      maxBufferedBytes: 300_000,
      pingInterval: '1d',
    })
    const { socket } = await raw(host.url, upgradeLines(method))
    socket.pause()
    // What the kernel takes differs; in the end it takes no more.
    await soon(async () => {
      await clock.advanceBy('11s')
      return isOver
    }).toBe(true)
    const taken = sent
    const parts: Buffer[] = []
    socket.on('data', (part: Buffer) => parts.push(part))
    socket.resume()
    await soon(() => socket.closed).toBe(true)
    expect(Buffer.concat(parts).includes('ConsumerTooSlow')).toBe(true)
    expect(sent).toBe(taken)
    await soon(() => host.stream.connections).toBe(0)
  })

  it('breaks with who does not even take its last frame', async () => {
    const clock = new SimulatedClock()
    const frame = encodeFrame('#info', { name: 'x'.repeat(100_000) })
    const endless = eventsOf(async function* (_, signal) {
      while (!signal.aborted) {
        yield frame
        await sleep(0)
      }
    })
    await using host = await streamHost(() => endless, { clock, stallTimeout: '10s', pingInterval: '1d' })
    const { socket } = await raw(host.url, upgradeLines(method))
    socket.pause()
    await soon(() => host.stream.connections).toBe(1)
    await soon(async () => {
      await clock.advanceBy('11s')
      return host.stream.connections
    }).toBe(0)
    expect(socket.readableLength).toBeGreaterThan(0)
  })

  it('asks for signs of life, and breaks with who gives none', async () => {
    const clock = new SimulatedClock()
    await using stream = createRepoStream({ repos: silent, clock, pingInterval: '10s' })
    const headers = { upgrade: 'websocket', 'sec-websocket-version': '13', 'sec-websocket-key': `${'A'.repeat(22)}==` }
    const join = (answers: boolean): Duplex => {
      const [near, far] = duplexPair()
      far.on('data', (part: Buffer) => {
        if (part[0] === 0x89 && answers) far.write(Buffer.from([0x8a, 0x80, 0, 0, 0, 0]))
      })
      expect(stream.upgrade({ method: 'GET', url: method, headers }, near)).toBe(true)
      return near
    }
    const [mute, alive] = [join(false), join(true)]
    for (let round = 1; round <= 6; round++) {
      expect([mute.destroyed, alive.destroyed]).toEqual([round > 3, false])
      await clock.advanceBy('10s')
      for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve))
    }
    expect(stream.connections).toBe(1)
    alive.destroy()
    await soon(() => stream.connections).toBe(0)
  })

  it.each([
    ['a frame without a mask', [0x81, 0x01, 0x61], 1002],
    ['reserved bits', [0xc1, 0x80, 0, 0, 0, 0], 1002],
    ['an opcode that is none', [0x83, 0x80, 0, 0, 0, 0], 1002],
    ['a control frame in parts', [0x09, 0x80, 0, 0, 0, 0], 1002],
    ['a continuation of nothing', [0x80, 0x80, 0, 0, 0, 0], 1002],
    ['more than is taken', [0x82, 0xff, 0, 0, 0, 0, 0x7f, 0xff, 0xff, 0xff, 0, 0, 0, 0], 1009],
    [
      'a message in parts that are too much',
      [0x01, 0xfe, 4, 0, 0, 0, 0, 0, ...Array<number>(1024).fill(0), 0x80, 0x81, 0, 0, 0, 0, 0],
      1009,
    ],
    ['a close', [0x88, 0x80, 0, 0, 0, 0], 1000],
  ])('ends after %s', async (_, bytes, code) => {
    await using host = await streamHost(() => silent)
    const { socket, received } = await raw(host.url, upgradeLines(method))
    await soon(() => received().includes('Hello')).toBe(true)
    socket.write(Buffer.from(bytes))
    await soon(() => socket.closed).toBe(true)
    expect([...received().subarray(-4)]).toEqual([0x88, 2, code >> 8, code & 0xff])
  })

  it('ends with 1011 when its events break, and 1001 when it is closed', async () => {
    let breaks = true
    const broken = eventsOf(async function* (cursor, signal) {
      if (breaks) throw new Error('the database is away')
      yield* silent.events({ cursor, signal })
    })
    const host = await streamHost(() => broken)
    const open = (): Promise<number> => {
      const socket = new WebSocket(`${host.url.replace('http', 'ws')}${method}`)
      return once(socket, 'close').then(([event]) => (event as CloseEvent).code)
    }
    expect(await open()).toBe(1011)
    await soon(() => host.stream.connections).toBe(0)
    breaks = false
    const code = open()
    await soon(() => host.stream.connections).toBe(1)
    await host.stream.close()
    expect(await code).toBe(1001)
    const { socket, received } = await raw(host.url, upgradeLines(method))
    await soon(() => socket.closed).toBe(true)
    expect(received().toString()).toMatch(/^HTTP\/1.1 503 /)
    await host.stop()
  })
})
