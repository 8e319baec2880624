import { migrate, sqliteDatabase } from '@exprsn/core/database'
import { describe, expect, it } from 'vitest'
import { formatTid } from '@exprsn/atproto/codec'
import { createSync, jetstreamSource, type SourceItem, type SyncEvent } from '@exprsn/atproto/sync'
import { jsonService, recordJson } from './json-service.ts'

const allow = { loopbackAddresses: true }
const soon = <Value>(read: () => Value) => expect.poll(read, { timeout: 20_000 })
const start = 1_764_000_000_000_000
const did = 'did:plc:alice'

interface Event {
  readonly time_us: number
  readonly [field: string]: unknown
}

const commit = (offset: number, rev: number, operation: string, rkey: string, text = rkey): Event => ({
  did,
  time_us: start + offset,
  kind: 'commit',
  commit: {
    rev: formatTid({ microseconds: start + rev, clockId: 0 }),
    operation,
    collection: 'com.example.note',
    rkey,
    ...(operation === 'delete' ? {} : recordJson({ text })),
  },
})

/** Keeps events, and sends those from the cursor on, it included. */
async function fakeJetstream(events: Event[]) {
  const live = new Set<(event: Event) => void>()
  const service = await jsonService((socket, request) => {
    const cursor = new URL(request.url!, 'http://localhost').searchParams.get('cursor')
    const send = (event: Event): void => void socket.sendText(JSON.stringify(event))
    for (const event of events) if (cursor !== null && event.time_us >= Number(cursor)) send(event)
    live.add(send)
    void socket.closed.then(() => live.delete(send))
  })
  const publish = (...more: Event[]): void => {
    for (const event of more) {
      events.push(event)
      for (const send of live) send(event)
    }
  }
  return { service, publish }
}

async function follow(url: string, events: SyncEvent[]) {
  const database = sqliteDatabase({ path: ':memory:' })
  const source = jetstreamSource({ service: url, name: 'jetstream', allow, collections: ['com.example.note'] })
  const backoff = { initial: '10ms', maximum: '50ms' } as const
  const sync = createSync({ database, source, backoff, apply: (event) => void events.push(event) })
  await migrate(database, [sync.migrations])
  sync.start()
  await soon(() => sync.status().connected).toBe(true)
  return {
    sync,
    async [Symbol.asyncDispose]() {
      await sync.close()
      await database.close()
    },
  }
}

const told = (events: readonly SyncEvent[]): string[] =>
  events.map((event) => ('rkey' in event ? `${event.type} ${event.rkey}` : event.type))

describe('a Jetstream', () => {
  it('is applied once, across breaks, although what was sent is sent again, and several events have one time', async () => {
    const { service, publish } = await fakeJetstream([])
    await using _ = service
    const events: SyncEvent[] = []
    await using running = await follow(service.url, events)
    publish(
      commit(10, 1, 'create', 'a'),
      commit(10, 1, 'create', 'b'),
      commit(10, 1, 'create', 'c'),
      commit(11, 2, 'create', 'd'),
    )
    await soon(() => events.length).toBe(4)
    for (let round = 0; round < 5; round++) {
      const before = service.requests.length
      service.drop()
      publish(commit(100 * round + 100, 10 + 2 * round, 'update', 'a', `edited ${round}`))
      await soon(() => service.requests.length).toBeGreaterThan(before)
      publish(
        commit(100 * round + 101, 11 + 2 * round, 'delete', 'b'),
        commit(100 * round + 101, 11 + 2 * round, 'create', 'b', `again ${round}`),
      )
      await soon(() => events.length).toBe(4 + 3 * (round + 1))
    }
    const round = ['update a', 'delete b', 'create b']
    const first = ['create a', 'create b', 'create c', 'create d']
    expect(told(events)).toEqual([...first, ...round, ...round, ...round, ...round, ...round])
    expect(events.every((event) => 'verified' in event && !event.verified && event.live)).toBe(true)
    expect(running.sync.status().tally).toMatchObject({ damaged: 0, created: 9, updated: 5, deleted: 5 })
    const addresses = service.requests.map(({ url }) => new URL(url!, 'http://localhost'))
    expect(addresses[0]!.pathname + addresses[0]!.search).toBe('/subscribe?wantedCollections=com.example.note')
    // Some seconds are asked for again.
    for (const { searchParams } of addresses.slice(1)) expect(Number(searchParams.get('cursor'))).toBeLessThan(start)
  })

  it('tells of accounts and identities, and passes over kinds that it does not know', async () => {
    const { service, publish } = await fakeJetstream([])
    await using _ = service
    const events: SyncEvent[] = []
    await using running = await follow(service.url, events)
    publish(
      { did, time_us: start + 1, kind: 'identity', identity: { did, handle: 'alice.test', seq: 5 } },
      { did, time_us: start + 2, kind: 'something', something: {} },
      { did, time_us: start + 3, kind: 'account', account: { did, active: false, status: 'takendown', seq: 6 } },
      { did, time_us: start + 4, kind: 'account', account: { did, active: true, seq: 7 } },
      { did, time_us: start + 5, kind: 'account', account: { did, active: false, seq: 8 } },
    )
    await soon(() => events.length).toBe(4)
    expect(events).toEqual([
      { type: 'identity', did, handle: 'alice.test' },
      { type: 'account', did, active: false, status: 'takendown' },
      { type: 'account', did, active: true, status: 'active' },
      { type: 'account', did, active: false, status: 'inactive' },
    ])
    expect(running.sync.status().tally.damaged).toBe(0)
  })

  it('takes the number of a service that gives one as the cursor', async () => {
    const { service, publish } = await fakeJetstream([])
    await using _ = service
    const events: SyncEvent[] = []
    await using running = await follow(service.url, events)
    publish({ ...commit(1, 1, 'create', 'a'), cursor: 71 }, { ...commit(1, 1, 'create', 'b'), cursor: 72 })
    await soon(() => running.sync.status().cursor).toBe(72)
    service.drop()
    await soon(() => service.requests.length).toBeGreaterThan(1)
    expect(service.requests.at(-1)!.url).toContain('cursor=72')
  })

  const change = commit(1, 1, 'create', 'a')
  const altered = (fields: object): object => ({ ...change, commit: { ...(change.commit as object), ...fields } })
  it.each<[string, unknown]>([
    ['text that is no JSON', '{"did":'],
    ['a list', []],
    ['no time', { ...change, time_us: undefined }],
    ['a time with a fraction', { ...change, time_us: 1.5 }],
    ['no DID', { ...change, did: 'alice' }],
    ['no commit', { ...change, commit: null }],
    ['a revision that is none', altered({ rev: 'next' })],
    ['a path that leads elsewhere', altered({ rkey: '..' })],
    ['another record than its CID says', altered({ record: { text: 'another' } })],
    ['a number with a fraction', altered({ record: { text: 'a', size: 0.5 } })],
    ['a link that is none', altered({ record: { text: { $link: 'nowhere' } } })],
    ['no record', altered({ record: undefined })],
    ['an unknown operation', altered({ operation: 'replace' })],
    ['an account without a state', { ...change, kind: 'account', account: { did } }],
  ])('counts as damaged: %s', async (_, event) => {
    await using service = await jsonService((socket) => {
      socket.sendText(typeof event === 'string' ? event : JSON.stringify(event))
      socket.send(Uint8Array.of(1, 2))
      socket.sendText(JSON.stringify(change))
    })
    const source = jetstreamSource({ service: service.url, allow })
    const items: SourceItem[] = []
    for await (const item of source.open({ cursor: undefined, signal: new AbortController().signal })) {
      items.push(item)
      if (items.length === 4) break
    }
    expect(items.map(({ kind }) => kind)).toEqual(['open', 'damaged', 'damaged', 'message'])
    expect(items[1]).toMatchObject({ error: { code: 'ATPROTO_SYNC_MESSAGE_INVALID' } })
  })

  it('S1: does not connect to private addresses', async () => {
    const source = jetstreamSource({ service: 'http://10.0.0.1' })
    const stream = source.open({ cursor: undefined, signal: new AbortController().signal })[Symbol.asyncIterator]()
    await expect(stream.next()).rejects.toMatchObject({ cause: { code: 'CORE_CLIENT_ADDRESS_REFUSED' } })
  })
})
