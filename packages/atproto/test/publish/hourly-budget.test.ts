import { migrate, sqliteDatabase } from '@exprsn/core/database'
import { SimulatedClock } from '@exprsn/core/testing'
import { describe, expect, it } from 'vitest'
import { cidOf, encodeCbor, type DataObject } from '@exprsn/atproto/codec'
import { createPublisher, readBudgets, type PublishAccount } from '@exprsn/atproto/publish'
import { officialLimits } from '@exprsn/atproto/testing'
import { RateLimited, RateLimits } from '../../src/testing/rate-limits.ts'
import { notes, type Items } from './stage.ts'

const waiting = 2_500

describe('the budget of 5,000 points an hour', () => {
  it('is enough for 2,400 single posts, and the host never has to refuse one', { timeout: 240_000 }, async () => {
    const clock = new SimulatedClock({ now: Date.UTC(2026, 5, 1) })
    const did = 'did:plc:ewvi7nxzyoun6zhxrhs64oiz'
    const records = new Set<unknown>()
    const limits = new RateLimits(officialLimits, clock)
    let refused = 0
    const account: PublishAccount = {
      did,
      async call(method, request) {
        const points = method === 'com.atproto.repo.putRecord' ? 2 : 1
        try {
          const charges = (['hour', 'day'] as const).map((window) => ({ window, key: did, points }))
          const headers = new Headers(limits.charge([...charges, { window: 'requests', key: 'address', points: 1 }]))
          // The repository itself is another matter: only what is charged counts here.
          const { rkey, record } = request.input as { rkey: string; record: DataObject }
          records.add(rkey)
          return { status: 200, body: { cid: String(cidOf('dag-cbor', encodeCbor(record))) }, headers }
        } catch (error) {
          if (!(error instanceof RateLimited)) throw error
          refused++
          return { status: 429, body: { error: error.error }, headers: new Headers(error.headers) }
        }
      },
    }
    await using database = sqliteDatabase({ path: ':memory:', clock })
    const publisher = createPublisher<Items>({ database, account, mappings: { notes: notes() }, clock, concurrency: 8 })
    await migrate(database, publisher.migrations, { clock })
    await database.transaction(async (tx) => {
      for (let index = 0; index < waiting; index++)
        await publisher.put('notes', { id: `n${index}`, body: `post ${index}` }, { tx })
    })
    publisher.start()
    // Every five minutes the limit of requests begins anew, and with the hour the points.
    for (let minute = 0; minute < 59; minute++) await clock.advanceBy(60_000)
    expect(records.size).toBeGreaterThanOrEqual(2_400)
    expect(refused).toBe(0)
    const [, hour] = await readBudgets({ database, did, clock })
    expect(hour).toMatchObject({ limit: 5_000, used: records.size * 2 })
    // What is left comes in the next hour.
    for (let minute = 0; minute < 5; minute++) await clock.advanceBy(60_000)
    expect(records.size).toBe(waiting)
    expect(refused).toBe(0)
    void publisher.close()
    await clock.advanceBy(60_000)
  })
})
