import { systemClock, type Clock } from '@exprsn/core'
import { migrate, sqliteDatabase, type Database } from '@exprsn/core/database'
import { postgresDatabase } from '@exprsn/core/drivers/postgres'
import { SeededRandom, SimulatedClock } from '@exprsn/core/testing'
import { cidOf, encodeCbor, type DataObject } from '@exprsn/atproto/codec'
import { createPublisher, type PublishAccount, type Publisher } from '@exprsn/atproto/publish'
import { freshPostgresDatabase } from '@exprsn/real-servers/postgres'
import { describe, expect, it } from 'vitest'
import { notes, type Items } from './stage.ts'

const did = 'did:plc:ewvi7nxzyoun6zhxrhs64oiz'
const minute = 60_000
const hour = 60 * minute

describe('the pace of new items', () => {
  it('sends no more in any hour, from two processes, and all in the end', { timeout: 120_000 }, async () => {
    const clock = new SimulatedClock({ now: Date.UTC(2026, 5, 1) })
    const host = new Host(clock)
    await using database = sqliteDatabase({ path: ':memory:', clock })
    const publishers = [publisherOn(database, host, clock, 10), publisherOn(database, host, clock, 10)]
    await migrate(database, publishers[0]!.migrations, { clock })
    for (let id = 0; id < 45; id++) await publishers[0]!.put('notes', { id: `n${id}`, body: `post ${id}` })
    for (const publisher of publishers) publisher.start()
    await clock.advanceBy(minute)
    expect(host.firsts.length).toBe(10)
    expect(await publishers[0]!.list({ state: 'pending', limit: 1 })).toMatchObject([
      { reason: 'as many new items as may be were sent in this hour' },
    ])
    await pass(clock, 5 * 60)
    expect(host.firsts.length).toBe(45)
    expectPace(host)
    for (const publisher of publishers) void publisher.close()
    await clock.advanceBy(minute)
  })

  it('S12: holds after an outage: attempts that failed take no place twice', { timeout: 120_000 }, async () => {
    const clock = new SimulatedClock({ now: Date.UTC(2026, 5, 1) })
    const host = new Host(clock)
    host.isAway = true
    await using database = sqliteDatabase({ path: ':memory:', clock })
    const publisher = publisherOn(database, host, clock, 10, { attempts: 200 })
    await migrate(database, publisher.migrations, { clock })
    for (let id = 0; id < 30; id++) await publisher.put('notes', { id: `n${id}`, body: `post ${id}` })
    publisher.start()
    await pass(clock, 90)
    host.isAway = false
    await pass(clock, 5 * 60)
    expect(host.firsts.length).toBe(30)
    expectPace(host)
    void publisher.close()
    await clock.advanceBy(minute)
  })

  it('wakes each item at its turn, and moves up when others are taken back or more are allowed', async () => {
    const clock = new SimulatedClock({ now: Date.UTC(2026, 5, 1) })
    const host = new Host(clock)
    await using database = sqliteDatabase({ path: ':memory:', clock })
    const slow = publisherOn(database, host, clock, 10)
    await migrate(database, slow.migrations, { clock })
    for (let id = 0; id < 200; id++) await slow.put('notes', { id: `n${id}`, body: `post ${id}` })
    await slow.drain()
    const jobs = async () => Number((await database.query('select count(*) as jobs from exprsn_jobs')).rows[0]!.jobs)
    // One that is asked for, and one that wakes it.
    expect(await jobs()).toBe(390)
    await slow.resume()
    await slow.drain()
    expect(host.firsts.length).toBe(10)
    await clock.advanceBy(hour)
    const before = await jobs()
    await slow.drain()
    expect(host.firsts.length).toBe(20)
    expect((await jobs()) - before).toBe(10)
    for (let id = 20; id < 120; id++) await slow.remove('notes', `n${id}`)
    await slow.drain()
    await clock.advanceBy(hour)
    await slow.resume()
    await slow.drain()
    expect(host.firsts.length).toBe(30)
    expectPace(host)
    const fast = publisherOn(database, host, clock, 50)
    await fast.resume()
    await fast.drain()
    expect(host.firsts.length).toBe(70)
    for (const publisher of [slow, fast]) void publisher.close()
    await clock.advanceBy(minute)
  })

  it('holds up neither edits nor deletions, on PostgreSQL as well', async () => {
    const server = await freshPostgresDatabase()
    const host = new Host(systemClock)
    const database = postgresDatabase({ connection: { ...server.connection }, max: 4 })
    const publisher = publisherOn(database, host, systemClock, 2)
    await migrate(database, publisher.migrations)
    for (const id of ['a', 'b', 'c', 'd', 'e']) await publisher.put('notes', { id, body: id })
    await publisher.drain()
    const published = await publisher.list({ state: 'published' })
    await database.query('update exprsn_publish_points set reserved_at = reserved_at - $1', [hour])
    await publisher.resume()
    await publisher.drain()
    expect(await publisher.counts()).toMatchObject({ published: 4, pending: 1 })
    // Their own hour is over, and this one is full.
    await publisher.put('notes', { id: published[0]!.id, body: 'edited' })
    await publisher.remove('notes', published[1]!.id)
    await publisher.drain()
    expect(await publisher.counts()).toMatchObject({ published: 3, deleted: 1, pending: 1 })
    expect([...host.records.values()].map(({ text }) => text)).toContain('edited')
    const [waiting] = await publisher.list({ state: 'pending' })
    await publisher.remove('notes', waiting!.id)
    await publisher.drain()
    expect(await publisher.counts()).toMatchObject({ published: 3, deleted: 2, pending: 0 })
    await publisher.close()
    await database.close()
    await server.drop()
  })

  it.for([0, -1, 1.5, Number.NaN])('is no %s', async (newItemsPerHour) => {
    await using database = sqliteDatabase({ path: ':memory:' })
    const account: PublishAccount = { did, call: () => Promise.reject(new Error('not called')) }
    expect(() => createPublisher<Items>({ database, account, mappings: { notes: notes() }, newItemsPerHour })).toThrow(
      'newItemsPerHour',
    )
  })
})

/** The account's host, as far as it is needed: it notes the millisecond when a record is there for the first time. */
class Host implements PublishAccount {
  readonly did = did
  readonly records = new Map<string, DataObject>()
  readonly firsts: number[] = []
  isAway = false
  readonly #clock: Clock

  constructor(clock: Clock) {
    this.#clock = clock
  }

  async call(method: string, { input, params }: Parameters<PublishAccount['call']>[1]) {
    const headers = new Headers()
    if (this.isAway) return { status: 503, body: {}, headers }
    const { rkey, record } = (input ?? params) as { readonly rkey: string; readonly record?: DataObject }
    if (method === 'com.atproto.repo.getRecord') {
      const stored = this.records.get(rkey)
      if (stored === undefined) return { status: 400, body: { error: 'RecordNotFound' }, headers }
      return { status: 200, body: { cid: cidOfRecord(stored) }, headers }
    }
    if (method === 'com.atproto.repo.deleteRecord') {
      this.records.delete(rkey)
      return { status: 200, body: {}, headers }
    }
    if (!this.records.has(rkey)) this.firsts.push(Math.floor(this.#clock.now()))
    this.records.set(rkey, record!)
    return { status: 200, body: { cid: cidOfRecord(record!) }, headers }
  }
}

function publisherOn(
  database: Database,
  account: PublishAccount,
  clock: Clock,
  newItemsPerHour: number,
  options: { readonly attempts?: number } = {},
): Publisher<Items> {
  const shared = { database, account, mappings: { notes: notes() }, clock, random: new SeededRandom('pace') }
  return createPublisher<Items>({ ...shared, newItemsPerHour, ...options })
}

/** No hour has seen more than ten for the first time. */
function expectPace({ firsts }: Host): void {
  for (const [index, at] of firsts.entries())
    if (index >= 10) expect(at - firsts[index - 10]!).toBeGreaterThanOrEqual(hour)
}

async function pass(clock: SimulatedClock, minutes: number): Promise<void> {
  for (let passed = 0; passed < minutes; passed++) await clock.advanceBy(minute)
}

function cidOfRecord(record: DataObject): string {
  return String(cidOf('dag-cbor', encodeCbor(record)))
}
