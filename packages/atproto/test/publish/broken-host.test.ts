import { createClient } from '@exprsn/core/client'
import { migrate, sqliteDatabase } from '@exprsn/core/database'
import { SimulatedClock } from '@exprsn/core/testing'
import { createPublisher, passwordAccount, readBudgets, type Publisher } from '@exprsn/atproto/publish'
import { createFakePds, type FakePds } from '@exprsn/atproto/testing'
import { expect, it } from 'vitest'
import { notes, type Items } from './stage.ts'

const put = 'com.atproto.repo.putRecord'
const items = 20

it('S12: a host that is out of order is left alone after a few calls, holds up no other, and has everything in the end', async () => {
  const clock = new SimulatedClock({ now: Date.UTC(2026, 5, 1) })
  await using broken = createFakePds()
  await using whole = createFakePds()
  await broken.start()
  await whole.start()
  await using database = sqliteDatabase({ path: ':memory:' })
  const perOrigin = { breaker: { minimumCalls: 4, openFor: '10m' } } as const
  await using client = createClient({ allow: { loopbackAddresses: true }, retry: false, perOrigin, clock })
  const { did: alice } = broken.host.createAccount({ handle: 'alice.test' })
  const { did: bob } = whole.host.createAccount({ handle: 'bob.test' })
  const open = (pds: FakePds, did: string): Publisher<Items> => {
    const account = passwordAccount({ did, service: pds.url, password: 'password', client })
    return createPublisher<Items>({ database, account, mappings: { notes: notes() }, clock, concurrency: 1 })
  }
  await using first = open(broken, alice)
  await using second = open(whole, bob)
  await migrate(database, first.migrations)

  broken.plan({ method: put, kind: 'error', times: 8 })
  for (let index = 0; index < items; index++)
    for (const publisher of [first, second]) await publisher.put('notes', { id: `n${index}`, body: `note ${index}` })
  await first.drain()
  // Each item was tried; of these calls, the login among them, four have left this machine.
  expect(broken.hits).toEqual({ error: 3 })
  const waiting = await first.list({ state: 'pending' })
  expect(waiting.length).toBe(items)
  expect(waiting.filter(({ reason }) => reason?.includes('is open')).length).toBe(items - 3)
  // What was never sent has cost nothing.
  expect((await readBudgets({ database, did: alice, clock })).map(({ used }) => used)).toEqual([6, 6])
  await second.drain()
  expect(await second.counts()).toMatchObject({ published: items })

  while ((await first.counts()).published < items) {
    await clock.advanceBy(60_000)
    await first.drain()
  }
  expect(await first.counts()).toEqual({ pending: 0, published: items, parked: 0, deleted: 0 })
  expect(broken.hits).toEqual({ error: 8 })
}, 120_000)
