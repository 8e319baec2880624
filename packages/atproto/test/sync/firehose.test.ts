import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import { sqliteDatabase, migrate, type Database } from '@exprsn/core/database'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createSync, firehoseSource, type SourceItem, type Sync, type SyncEvent } from '@exprsn/atproto/sync'
import { createFakePds, type FakePds } from '@exprsn/atproto/testing'

const allow = { loopbackAddresses: true }
const soon = <Value>(read: () => Value) => expect.poll(read, { timeout: 20_000 })
const note = (rkey: string, text = rkey) =>
  ({ action: 'create', path: `com.example.note/${rkey}`, value: { text } }) as const

let pds: FakePds
let database: Database
const closing: { close(): Promise<unknown> }[] = []

beforeEach(async () => {
  pds = createFakePds()
  await pds.start()
  database = sqliteDatabase({ path: ':memory:' })
})
afterEach(async () => {
  for (const one of closing.splice(0).reverse()) await one.close()
  await pds.close()
  await database.close()
})

function sourceOf(options: Partial<Parameters<typeof firehoseSource>[0]> = {}) {
  const source = firehoseSource({ service: pds.url, name: 'pds', allow, ...options })
  closing.push(source)
  return source
}

async function start(events: SyncEvent[]): Promise<Sync> {
  const sync = createSync({
    database,
    source: sourceOf(),
    resolveSigningKey: async (did) => pds.host.plc.get(did)!.signingKey,
    apply: (event) => void events.push(event),
    backoff: { initial: '20ms', maximum: '100ms' },
  })
  closing.push(sync)
  await migrate(database, [sync.migrations])
  sync.start()
  return sync
}

describe('the firehose of a host', () => {
  it('is read over a real socket, across breaks and restarts of the host', async () => {
    const { did } = pds.host.createAccount({ handle: 'alice.test' })
    const events: SyncEvent[] = []
    const sync = await start(events)
    await soon(() => events.length).toBe(1)
    for (let round = 0; round < 6; round++) {
      pds.host.write(did, [note(`k${round}`)])
      if (round % 2 === 0) pds.dropStreams()
      else {
        await pds.stop()
        await pds.start()
      }
      await wait(30)
    }
    await soon(() => events.filter(({ type }) => type === 'create').length).toBe(6)
    await soon(() => sync.status().tally.connections).toBeGreaterThan(1)
    expect(events.filter(({ type }) => type === 'create')).toHaveLength(6)
  })

  it('S12: fetches a repository although its answers are lost, wrong or refused at first', async () => {
    const { did } = pds.host.createAccount({ handle: 'alice.test' })
    pds.host.write(did, [note('a')])
    const method = 'com.atproto.sync.getRepo'
    pds.plan({ method, kind: 'drop' })
    pds.plan({ method, kind: 'error', status: 429 })
    pds.plan({ method, kind: 'corrupt' })
    pds.plan({ method, kind: 'lost-response' })
    pds.plan({ method: 'com.atproto.sync.listRepos', kind: 'error', status: 503 })
    const events: SyncEvent[] = []
    await start(events)
    await soon(() => events.map(({ type }) => type)).toEqual(['create', 'account'])
    expect(pds.hits).toMatchObject({ error: 2, corrupt: 1 })
  })

  it('begins anew when the host does not know the cursor', async () => {
    const { did } = pds.host.createAccount({ handle: 'alice.test' })
    const events: SyncEvent[] = []
    await start(events)
    await soon(() => events.length).toBe(1)
    pds.host.write(did, [note('a')])
    await soon(() => events.length).toBe(2)
    pds.host.events.restart()
    pds.dropStreams()
    await soon(
      async () => (await database.query<{ epoch: number }>('select epoch from exprsn_sync_source')).rows[0]!.epoch,
    ).toBe(2)
    await soon(() => pds.streams).toBe(1)
    pds.host.write(did, [note('b')])
    await soon(() => events.filter(({ type }) => type === 'create').length).toBe(2)
    const created = events.flatMap((event) => (event.type === 'create' ? [event.rkey] : []))
    expect(created).toEqual(['a', 'b'])
  })

  it('lets the host wait when nobody takes what it sends', async () => {
    const { did } = pds.host.createAccount({ handle: 'alice.test' })
    const big = 'x'.repeat(100_000)
    for (let index = 0; index < 400; index++) pds.host.write(did, [note(`k${index}`, `${index}${big}`)])
    const stop = new AbortController()
    const items: SourceItem[] = []
    const before = process.memoryUsage().arrayBuffers
    for await (const item of sourceOf({ highWaterMark: 500_000 }).open({ cursor: 0, signal: stop.signal })) {
      items.push(item)
      if (items.length === 3) {
        await wait(300)
        // 40 MB are on their way; what is here is what was let in and what the kernel holds for both ends.
        expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(60_000_000)
      }
      if (item.kind === 'message' && item.message.seq === pds.host.events.last) break
    }
    expect(items.filter(({ kind }) => kind === 'message')).toHaveLength(pds.host.events.last)
  })

  const refused = { code: 'CORE_CLIENT_ADDRESS_REFUSED' }
  const { signal } = new AbortController()
  const openFirst = (source: ReturnType<typeof sourceOf>) =>
    source.open({ cursor: undefined, signal })[Symbol.asyncIterator]().next()

  it.each(['http://127.0.0.1:2583', 'http://169.254.169.254', 'http://[::ffff:10.0.0.1]', 'http://pds.example.com'])(
    'S1: does not connect to %s, which leads to a private address',
    async (service) => {
      const source = sourceOf({ service, allow: undefined, resolve: async () => ['93.184.215.14', '10.0.0.1'] })
      await expect(openFirst(source)).rejects.toMatchObject({
        code: 'ATPROTO_WEBSOCKET_LOST',
        cause: expect.objectContaining(refused),
      })
      await expect(source.fetchRepo!('did:plc:a', { signal })).rejects.toMatchObject(refused)
    },
  )

  it('S1: asks for the address of a name at each connection, and believes no earlier answer', async () => {
    const { port } = new URL(pds.url)
    const answers = ['127.0.0.1', '169.254.169.254']
    const asked: string[] = []
    const source = sourceOf({
      service: `http://pds.example.com:${port}`,
      resolve: async (name) => {
        asked.push(name)
        return [answers.shift() ?? '169.254.169.254']
      },
    })
    const stream = source.open({ cursor: undefined, signal })[Symbol.asyncIterator]()
    expect((await stream.next()).value).toEqual({ kind: 'open' })
    await stream.return!()
    await expect(openFirst(source)).rejects.toMatchObject({ cause: expect.objectContaining(refused) })
    await expect(source.fetchRepo!('did:plc:a', { signal })).rejects.toMatchObject(refused)
    expect(asked).toEqual(['pds.example.com', 'pds.example.com', 'pds.example.com'])
  })

  it('S1: is not led to a private address by an answer that points elsewhere', async () => {
    const server = createServer((_, response) => {
      response.writeHead(302, { location: 'http://169.254.169.254/latest/meta-data' }).end()
    }).listen(0, '127.0.0.1')
    closing.push({ close: async () => void server.close() })
    await once(server, 'listening')
    const source = sourceOf({ service: `http://127.0.0.1:${(server.address() as AddressInfo).port}` })
    await expect(openFirst(source)).rejects.toMatchObject({ code: 'ATPROTO_WEBSOCKET_LOST' })
    await expect(source.fetchRepo!('did:plc:a', { signal })).rejects.toMatchObject(refused)
  })

  it('says what the host says when it ends the stream, and counts a silent one as lost', async () => {
    const { signal } = new AbortController()
    const drain = async (source: ReturnType<typeof sourceOf>, cursor?: number) => {
      const kinds: string[] = []
      for await (const { kind } of source.open({ cursor, signal })) kinds.push(kind)
      return kinds
    }
    expect(await drain(sourceOf(), 99)).toEqual(['open', 'reset'])
    await expect(drain(sourceOf(), 0.5)).rejects.toMatchObject({ code: 'ATPROTO_SYNC_STREAM_REFUSED' })
    await expect(drain(sourceOf({ idleTimeout: '50ms' }))).rejects.toMatchObject({ code: 'ATPROTO_WEBSOCKET_LOST' })
    await pds.stop()
    await expect(drain(sourceOf())).rejects.toMatchObject({ code: 'ATPROTO_WEBSOCKET_LOST' })
  })

  it('ends with its signal', async () => {
    const stop = new AbortController()
    const stream = sourceOf().open({ cursor: undefined, signal: stop.signal })[Symbol.asyncIterator]()
    expect((await stream.next()).value).toEqual({ kind: 'open' })
    const next = stream.next()
    stop.abort(new Error('enough'))
    await expect(next).rejects.toThrow('enough')
    await soon(() => pds.streams).toBe(0)
  })
})
