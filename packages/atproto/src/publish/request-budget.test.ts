import { randomBelow, sleep } from '@exprsn/core'
import { migrate, sqliteDatabase, type Database } from '@exprsn/core/database'
import { SeededRandom, SimulatedClock } from '@exprsn/core/testing'
import { describe, expect, it, onTestFinished } from 'vitest'
import { officialLimits, RateLimited, RateLimits } from '../testing/rate-limits.ts'
import { neverSent } from './never-sent.ts'
import { publishMigrations } from './migrations.ts'
import type { PublishAccount, XrpcAnswer } from './publish-account.ts'
import { readBudgets } from './read-budgets.ts'
import { createRequestBudget } from './request-budget.ts'
import { usedUpUntil } from './used-up.ts'

const did = 'did:plc:ewvi7nxzyoun6zhxrhs64oiz'
const service = 'https://pds.example'
const window = { limit: 300, seconds: 300, reserve: 20 }
const start = Date.UTC(2026, 0, 1)
const hours = 2

describe('the budget of requests', () => {
  it('sets requests aside by fifties, and gives back at its end what was not sent', async () => {
    const { budget, database, clock, transactions } = await open()
    const account = budget.counted(accountOf(async () => answer()))
    await Promise.all(Array.from({ length: 60 }, () => account.call('app.bsky.feed.post', {})))
    expect(transactions()).toBe(3)
    expect(await uses(database, clock)).toEqual([{ counts: 'requests', used: 100 }])
    await budget.close()
    expect(await uses(database, clock)).toEqual([{ counts: 'requests', used: 60 }])
  })

  it('says until when there are none, without asking the host, and lets points be given back', async () => {
    const { budget, clock } = await open()
    let sent = 0
    const account = budget.counted(accountOf(async () => (sent++, answer())))
    for (let request = 0; request < 280; request++) await account.call('a.b.c', {})
    const error: unknown = await account.call('a.b.c', {}).catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ code: 'ATPROTO_PUBLISH_REQUESTS_USED_UP', status: 429, details: { service } })
    expect([sent, neverSent(error), usedUpUntil(error)]).toEqual([280, true, start + 300_000])
    await clock.advanceBy(300_000)
    await account.call('a.b.c', {})
    expect(sent).toBe(281)
  })

  it('tells other processes at once what the host has refused, and what it has counted of theirs', async () => {
    const { budget, other } = await open()
    const refused = answer(0, 429)
    await budget.counted(accountOf(async () => refused)).call('a.b.c', {})
    const second = other().counted(accountOf(async () => answer()))
    const error: unknown = await second.call('a.b.c', {}).catch((thrown: unknown) => thrown)
    expect(usedUpUntil(error)).toBe(start + 201_000)
  })

  it('does not count what never left, and keeps what a process had set aside that has died', async () => {
    const { budget, other, database, clock } = await open()
    const unreachable = accountOf(async () => {
      throw Object.assign(new Error('nobody listens'), { code: 'ECONNREFUSED' })
    })
    await expect(budget.counted(unreachable).call('a.b.c', {})).rejects.toThrow('nobody listens')
    expect(await uses(database, clock)).toEqual([{ counts: 'requests', used: 50 }])
    const heir = other().counted(accountOf(async () => answer()))
    for (let request = 0; request < 230; request++) await heir.call('a.b.c', {})
    await expect(heir.call('a.b.c', {})).rejects.toMatchObject({ code: 'ATPROTO_PUBLISH_REQUESTS_USED_UP' })
  })

  it.for([1, 2, 3, 4])('of four processes never overruns the windows of a host: %i', async (seed) => {
    const { refused, charged } = await liveThrough(seed)
    expect(refused).toBe(0)
    expect(charged).toBeGreaterThan((hours * 12 * 280) / 2)
  })

  it('is what keeps them from it', async () => {
    const { refused } = await liveThrough(1, { isCounted: false })
    expect(refused).toBeGreaterThan(0)
  })
})

/** Four processes behind one address, a host with windows of its own, and a network that delays. */
async function liveThrough(seed: number, { isCounted = true } = {}) {
  const { other, clock, random } = await open(seed)
  const limits = new RateLimits({ ...officialLimits, requests: window }, clock)
  const end = start + hours * 3_600_000
  let [refused, charged] = [0, 0]
  const host = accountOf(async () => {
    await sleep(randomBelow(random, 2_000), { clock })
    charged++
    try {
      return {
        status: 200,
        body: {},
        headers: new Headers(limits.charge([{ window: 'requests', key: 'ours', points: 1 }])),
      }
    } catch (error) {
      if (!(error instanceof RateLimited)) throw error
      refused++
      return { status: 429, body: {}, headers: new Headers(error.headers) }
    }
  })
  const work = async (): Promise<void> => {
    const account = isCounted ? other().counted(host) : host
    while (clock.now() < end) {
      const error: unknown = await account.call('a.b.c', {}).catch((thrown: unknown) => thrown)
      const until = usedUpUntil(error)
      await sleep(until === undefined ? randomBelow(random, 3_000) : until - clock.now(), { clock })
    }
  }
  let isOver = false
  const workers = Promise.all(Array.from({ length: 4 }, work)).finally(() => (isOver = true))
  while (!isOver) await clock.advanceBy(10_000)
  await workers
  return { refused, charged }
}

async function open(seed = 1) {
  const clock = new SimulatedClock({ now: start })
  const random = new SeededRandom(seed)
  const database = sqliteDatabase({ path: ':memory:', clock })
  onTestFinished(() => database[Symbol.asyncDispose]())
  await migrate(database, [publishMigrations], { clock })
  let transactions = 0
  const counting: Database = Object.assign(Object.create(database) as Database, {
    transaction: (...args: Parameters<Database['transaction']>) => (transactions++, database.transaction(...args)),
  })
  const other = () => createRequestBudget({ database: counting, service, windows: [window], clock, random })
  return { budget: other(), other, database, clock, random, transactions: () => transactions }
}

async function uses(database: Database, clock: SimulatedClock) {
  const all = await readBudgets({ database, did, service, clock })
  return all.map(({ counts, used }) => ({ counts, used }))
}

function accountOf(call: () => Promise<XrpcAnswer>): PublishAccount {
  return { did, call }
}

/** One that tells how many are left of a window that is over after 200 seconds. */
function answer(remaining?: number, status = 200): XrpcAnswer {
  const told: Record<string, string> =
    remaining === undefined
      ? {}
      : {
          'ratelimit-policy': '300;w=300',
          'ratelimit-remaining': String(remaining),
          'ratelimit-reset': String(start / 1000 + 200),
        }
  return { status, body: {}, headers: new Headers(told) }
}
