import { randomBelow, sleep } from '@exprsn/core'
import { migrate, sqliteDatabase, tableNames, type Database } from '@exprsn/core/database'
import { SeededRandom, SimulatedClock } from '@exprsn/core/testing'
import { describe, expect, it, onTestFinished } from 'vitest'
import { officialLimits, RateLimited, RateLimits } from '../testing/rate-limits.ts'
import { latestArrival } from './latest-arrival.ts'
import { publishMigrations } from './migrations.ts'
import { readBudgets } from './read-budgets.ts'
import { publishStatements, type PublishStatements } from './statements.ts'
import { WriteBudget, type ReservedPoints, type writePoints } from './write-budget.ts'

const did = 'did:plc:ewvi7nxzyoun6zhxrhs64oiz'
const window = { limit: 100, seconds: 300, reserve: 10 }
const start = Date.UTC(2026, 0, 1)
const seeds = [1, 2, 3, 4, 5, 6, 7, 8]
/** How long they live through it. */
const hours = 12
/** Of a request, and of its answer. */
const longestDelay = 3_000

describe('the budget of writes', () => {
  it('refuses what is beyond the limit until the window is over, and leaves the reserve to deletions', async () => {
    const { budget, database, clock } = await open()
    for (let write = 0; write < 45; write++) await answered(database, budget, 98 - write * 2)
    const resetAt = start + 301_000
    expect(await budget.take(database, 'put')).toEqual({ waitUntil: resetAt })
    expect(await budget.take(database, 'delete', 10)).toMatchObject({ reserved: { points: 10 } })
    expect(await budget.take(database, 'delete')).toEqual({ waitUntil: resetAt })
    await clock.advanceBy(resetAt - clock.now())
    // The host may get the ten in the window that begins now.
    expect(await budget.take(database, 'create', 27)).toMatchObject({ waitUntil: expect.any(Number) })
    expect(await budget.take(database, 'create', 26)).toMatchObject({ reserved: { points: 78 } })
  })

  it('S12: keeps what was never answered until it is in no window any more', async () => {
    const { budget, database, clock } = await open()
    for (let write = 0; write < 45; write++) await budget.take(database, 'put')
    const free = start + 300_000 + latestArrival
    expect(await budget.take(database, 'put')).toEqual({ waitUntil: free })
    await clock.advanceBy(free - 1 - clock.now())
    expect(await budget.take(database, 'put')).toEqual({ waitUntil: free })
    await clock.advanceBy(1)
    expect(await budget.take(database, 'put', 45)).toHaveProperty('reserved')
  })

  it('believes no 5xx that names no limits, and every other answer', async () => {
    const { budget, database, clock } = await open()
    const [bad, refused] = [await take(database, budget), await take(database, budget)]
    await budget.settle(database, bad, { status: 502, headers: new Headers() })
    await budget.settle(database, refused, { status: 400, headers: new Headers() })
    expect(await budget.take(database, 'put', 44)).toEqual({ waitUntil: start + 300_000 })
    await clock.advanceBy(300_000)
    expect(await budget.take(database, 'put', 45)).toHaveProperty('waitUntil')
    expect(await budget.take(database, 'put', 44)).toHaveProperty('reserved')
  })

  it('forgets what is in no window any more, and shows what may be counted', async () => {
    const { budget, database, clock } = await open()
    await budget.take(database, 'put')
    await answered(database, budget, 96)
    expect(await readBudgets({ database, did, clock })).toMatchObject([{ limit: 100, seconds: 300, used: 6 }])
    await clock.advanceBy(300_000 + latestArrival)
    await answered(database, budget, 98)
    const { rows } = await database.query('select * from exprsn_publish_points')
    expect(rows).toEqual([])
    expect(await readBudgets({ database, did, clock })).toMatchObject([{ used: 2 }])
  })

  it('S12: learns what others have used from answers, and from a refusal', async () => {
    const { budget, database, clock } = await open()
    await answered(database, budget, 12)
    expect(await budget.take(database, 'put')).toHaveProperty('reserved')
    expect(await budget.take(database, 'put')).toEqual({ waitUntil: start + 301_000 })
    await answered(database, budget, 0, 'delete', 429)
    expect(await budget.take(database, 'delete')).toEqual({ waitUntil: start + 301_000 })
    await clock.advanceBy(301_000)
    expect(await budget.take(database, 'put')).toHaveProperty('reserved')
  })

  it('takes back what was never sent', async () => {
    const { budget, database, clock } = await open()
    await budget.giveBack(database, await take(database, budget))
    expect(await readBudgets({ database, did, clock })).toMatchObject([{ used: 0 }])
  })

  it('without windows counts nothing', async () => {
    const { budget, database } = await open(1, { windows: [] })
    await answered(database, budget, 98)
    await budget.take(database, 'put')
    for (const table of ['points', 'budget'])
      expect((await database.query(`select * from exprsn_publish_${table}`)).rows).toEqual([])
  })

  it.for(seeds)(
    'never overruns the windows of a host, whenever they begin and whatever gets lost or late: %i',
    { timeout: 60_000 },
    async (seed) => {
      const { refused, charged } = await liveThrough(seed)
      expect(refused).toBe(0)
      // Half of what the windows have: of ten writes three are never answered, and block their points for a while.
      expect(charged).toBeGreaterThan((hours * 12 * 90) / 2)
    },
  )

  it.for(['reservePoints', 'saveBudget'] as const)(
    'one that forgets them does: %s',
    { timeout: 60_000 },
    async (name) => {
      const forgets = (text: string): string =>
        text
          .replace('values ($1, $2, $3, $4)', 'values ($1, $2, $3, 0 * $4)')
          .replace('set used = $3', 'set used = 0 * $3')
      const change = (statements: PublishStatements) => ({ ...statements, [name]: forgets(statements[name]) })
      let isFound = false
      for (const seed of seeds) isFound ||= (await liveThrough(seed, change)).refused > 0
      expect(isFound).toBe(true)
    },
  )
})

/** Four users of a budget, a host with windows of its own, and a network that loses and delays. */
async function liveThrough(
  seed: number,
  change?: (statements: PublishStatements) => PublishStatements,
): Promise<{ readonly refused: number; readonly charged: number }> {
  const { budget, database, clock, random } = await open(seed, { change })
  const limits = new RateLimits({ ...officialLimits, hour: { limit: window.limit, seconds: window.seconds } }, clock)
  const end = start + hours * 3_600_000
  let refused = 0
  let charged = 0
  const charge = (points: number): Headers => {
    charged += points
    try {
      return new Headers(limits.charge([{ window: 'hour', key: did, points }]))
    } catch (error) {
      if (!(error instanceof RateLimited)) throw error
      refused++
      return new Headers(error.headers)
    }
  }
  const send = async (reserved: ReservedPoints): Promise<void> => {
    const { points } = reserved
    await sleep(randomBelow(random, longestDelay), { clock })
    const chance = randomBelow(random, 10)
    if (chance === 0) clock.setTimer(() => void charge(points), randomBelow(random, latestArrival - longestDelay))
    if (chance < 2) return
    const headers = charge(points)
    await sleep(randomBelow(random, longestDelay), { clock })
    if (chance > 2) await database.transaction((tx) => budget.settle(tx, reserved, { status: 200, headers }))
  }
  const work = async (): Promise<void> => {
    while (clock.now() < end) {
      const action = (['create', 'put', 'delete'] as const)[randomBelow(random, 3)]!
      const count = action === 'create' ? 1 + randomBelow(random, 8) : 1
      const taken = await database.transaction((tx) => budget.take(tx, action, count))
      if ('waitUntil' in taken) await sleep(taken.waitUntil - clock.now(), { clock })
      else {
        await send(taken.reserved)
        await sleep(randomBelow(random, 20_000), { clock })
      }
    }
  }
  let isOver = false
  const workers = Promise.all(Array.from({ length: 4 }, work)).finally(() => (isOver = true))
  while (!isOver) await clock.advanceBy(10_000)
  await workers
  return { refused, charged }
}

async function open(seed = 1, { windows = [window], change = (statements: PublishStatements) => statements } = {}) {
  const clock = new SimulatedClock({ now: start })
  const random = new SeededRandom(seed)
  const database = sqliteDatabase({ path: ':memory:', clock })
  onTestFinished(() => database[Symbol.asyncDispose]())
  await migrate(database, [publishMigrations], { clock })
  const statements = change(publishStatements(tableNames(database.dialect, {})))
  return { budget: new WriteBudget(did, windows, statements, { clock, random }), database, clock, random }
}

async function take(
  database: Database,
  budget: WriteBudget,
  action: keyof typeof writePoints = 'put',
): Promise<ReservedPoints> {
  const taken = await budget.take(database, action)
  if ('reserved' in taken) return taken.reserved
  throw new Error('there are no points left')
}

/** A write that the host has answered, in a window that ends 300 s after the start. */
async function answered(
  database: Database,
  budget: WriteBudget,
  remaining: number,
  action: keyof typeof writePoints = 'put',
  status = 200,
): Promise<void> {
  const headers = new Headers({
    'ratelimit-policy': '100;w=300',
    'ratelimit-remaining': String(remaining),
    'ratelimit-reset': String(start / 1000 + 300),
  })
  await budget.settle(database, await take(database, budget, action), { status, headers })
}
