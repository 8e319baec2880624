import { migrate, sqliteDatabase } from '@exprsn/core/database'
import { describe, expect, it } from 'vitest'
import { formatTid } from '@exprsn/atproto/codec'
import { createSync, tapSource, type SyncEvent, type SyncOptions } from '@exprsn/atproto/sync'
import { jsonService, recordJson } from './json-service.ts'

const allow = { loopbackAddresses: true }
const soon = <Value>(read: () => Value) => expect.poll(read, { timeout: 20_000 })
const did = 'did:plc:alice'

interface Event {
  readonly id: number
  readonly type: string
  readonly [field: string]: unknown
}

function record(id: number, rev: number, action: string, rkey: string, more: object = {}): Event {
  const fields = {
    did,
    live: true,
    rev: formatTid({ microseconds: 1_700_000_000_000_000 + rev, clockId: 0 }),
    collection: 'com.example.note',
    rkey,
    action,
    ...(action === 'delete' ? {} : recordJson({ text: `${rkey} ${rev}` })),
    ...more,
  }
  return { id, type: 'record', record: fields }
}

/**
 * Keeps events until they are acknowledged, and sends those that were not when somebody connects. A live record is sent when
 * everything before it is acknowledged, and alone; others go together.
 */
async function fakeTap(events: Event[], password?: string) {
  const acknowledged: number[] = []
  let deaf = false
  const senders = new Set<() => void>()
  const isBarrier = ({ record: fields }: Event): boolean => (fields as { live?: boolean } | undefined)?.live !== false
  const service = await jsonService(
    (socket) => {
      const sent = new Set<number>()
      const pump = (): void => {
        for (const [index, event] of events.entries()) {
          if (isBarrier(event) && index > 0) return
          if (!sent.has(event.id)) socket.sendText(JSON.stringify(event))
          sent.add(event.id)
          if (isBarrier(event)) return
        }
      }
      socket.onText = (text) => {
        const { type, id } = JSON.parse(text) as { type: string; id: number }
        if (type !== 'ack' || deaf) return
        acknowledged.push(id)
        const index = events.findIndex((event) => event.id === id)
        if (index >= 0) events.splice(index, 1)
        pump()
      }
      senders.add(pump)
      void socket.closed.then(() => senders.delete(pump))
      pump()
    },
    ({ headers }) =>
      password !== undefined &&
      headers.authorization !== `Basic ${Buffer.from(`admin:${password}`).toString('base64')}`,
  )
  return {
    service,
    acknowledged,
    setDeaf: (value: boolean) => (deaf = value),
    publish(...more: Event[]) {
      events.push(...more)
      for (const pump of senders) pump()
    },
  }
}

async function follow(url: string, options: Partial<SyncOptions> & { readonly password?: string }) {
  const { password, ...others } = options
  const database = sqliteDatabase({ path: ':memory:' })
  const source = tapSource({ service: url, name: 'tap', allow, password })
  const backoff = { initial: '10ms', maximum: '50ms' } as const
  const sync = createSync({ database, source, backoff, apply: () => {}, ...others })
  await migrate(database, [sync.migrations])
  sync.start()
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

describe('a Tap', () => {
  it('is applied and acknowledged, what was there before first', async () => {
    const history = ['c', 'a', 'b'].map((rkey, index) => record(3 - index, 1, 'create', rkey, { live: false }))
    const tap = await fakeTap(history)
    await using service = tap.service
    const events: SyncEvent[] = []
    await using running = await follow(service.url, { apply: (event) => void events.push(event) })
    await soon(() => events.length).toBe(3)
    // Numbers say nothing: those that came late are applied, too.
    expect(told(events)).toEqual(['create c', 'create a', 'create b'])
    tap.publish(record(4, 2, 'update', 'a'), record(5, 3, 'delete', 'b'), record(6, 4, 'create', 'b'))
    await soon(() => tap.acknowledged.length).toBe(6)
    expect(told(events).slice(3)).toEqual(['update a', 'delete b', 'create b'])
    expect(events.map((event) => 'live' in event && [event.live, event.verified])).toEqual([
      ...[1, 2, 3].map(() => [false, false]),
      ...[4, 5, 6].map(() => [true, false]),
    ])
    expect(running.sync.status().connected).toBe(true)
  })

  it('recognises what is sent again because its acknowledgement was lost', async () => {
    const tap = await fakeTap([])
    await using service = tap.service
    const events: SyncEvent[] = []
    await using running = await follow(service.url, { apply: (event) => void events.push(event) })
    for (let round = 0; round < 5; round++) {
      tap.setDeaf(true)
      tap.publish(record(round * 2 + 1, round * 2 + 1, round === 0 ? 'create' : 'update', 'a'))
      await soon(() => events.length).toBe(round + 1)
      const before = service.requests.length
      service.drop()
      tap.setDeaf(false)
      await soon(() => service.requests.length).toBeGreaterThan(before)
      await soon(() => tap.acknowledged).toContain(round * 2 + 1)
    }
    expect(told(events)).toEqual(['create a', ...Array.from({ length: 4 }, () => 'update a')])
    expect(running.sync.status().tally.damaged).toBe(0)
  })

  it('does not acknowledge what the handler has not taken', async () => {
    const tap = await fakeTap([])
    await using service = tap.service
    let fails = true
    let calls = 0
    await using _ = await follow(service.url, {
      apply() {
        calls++
        if (fails) throw new Error('not now')
      },
    })
    tap.publish(record(1, 1, 'create', 'a'), record(2, 2, 'update', 'a'))
    await soon(() => calls).toBeGreaterThan(2)
    expect(tap.acknowledged).toEqual([])
    fails = false
    await soon(() => tap.acknowledged).toEqual([1, 2])
  })

  it('acknowledges what is not wanted, not known, or not readable: it would come again for ever', async () => {
    const tap = await fakeTap([])
    await using service = tap.service
    const events: SyncEvent[] = []
    await using running = await follow(service.url, {
      accepts: (account) => account === did,
      apply: (event) => void events.push(event),
    })
    tap.publish(
      record(1, 1, 'create', 'a', { did: 'did:plc:bob' }),
      { id: 2, type: 'weather' },
      record(3, 1, 'create', 'a', { cid: 'bafynone' }),
      record(4, 1, 'replace', 'a'),
      { id: 5, type: 'identity', identity: { did, handle: 'alice.test' } },
      record(6, 1, 'create', 'a'),
    )
    await soon(() => tap.acknowledged).toEqual([1, 2, 3, 4, 5, 6])
    expect(told(events)).toEqual(['create a'])
    expect(running.sync.status().tally.damaged).toBe(3)
  })

  it('tells status and handle of an account, and acknowledges them together, in both of its forms', async () => {
    const tap = await fakeTap([])
    await using service = tap.service
    const events: SyncEvent[] = []
    await using _ = await follow(service.url, { apply: (event) => void events.push(event) })
    tap.publish(
      { id: 1, type: 'identity', identity: { did, handle: 'alice.test', is_active: true, status: 'active' } },
      { id: 2, type: 'user', user: { did, handle: '', isActive: false, status: 'deactivated' } },
      { id: 3, type: 'identity', identity: { did, handle: 'alice.test', is_active: false, status: '' } },
    )
    await soon(() => tap.acknowledged).toEqual([1, 2, 3])
    expect(events).toEqual([
      { type: 'account', did, active: true, status: 'active' },
      { type: 'identity', did, handle: 'alice.test' },
      { type: 'account', did, active: false, status: 'deactivated' },
      { type: 'identity', did, handle: undefined },
      { type: 'account', did, active: false, status: 'inactive' },
      { type: 'identity', did, handle: 'alice.test' },
    ])
  })

  it('is asked with its password', async () => {
    const tap = await fakeTap([], 'open sesame')
    await using service = tap.service
    await using right = await follow(service.url, { password: 'open sesame' })
    await soon(() => right.sync.status().connected).toBe(true)
    const source = tapSource({ service: service.url, allow, password: 'wrong' })
    const stream = source.open({ cursor: undefined, signal: new AbortController().signal })[Symbol.asyncIterator]()
    const error = await stream.next().catch((caught: unknown) => caught)
    expect(error).toMatchObject({ code: 'ATPROTO_WEBSOCKET_LOST' })
    expect(JSON.stringify(error) + String(error)).not.toContain('wrong')
  })
})
