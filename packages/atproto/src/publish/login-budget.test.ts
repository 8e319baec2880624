import { migrate, sqliteDatabase } from '@exprsn/core/database'
import { SeededRandom, SimulatedClock } from '@exprsn/core/testing'
import { describe, expect, it, onTestFinished } from 'vitest'
import { publishErrors } from './errors.ts'
import { latestArrival } from './latest-arrival.ts'
import { createLoginBudget } from './login-budget.ts'
import type { XrpcAnswer } from './publish-account.ts'
import { readBudgets } from './read-budgets.ts'
import { usedUpUntil } from './used-up.ts'

const did = 'did:plc:ewvi7nxzyoun6zhxrhs64oiz'
const start = Date.UTC(2026, 0, 1)
const fiveMinutes = 300_000
const day = 86_400_000
const accepted: XrpcAnswer = { status: 200, body: {}, headers: new Headers() }

describe('the budget of logins', () => {
  it('leaves three of thirty to others, asks the host for none beyond, and says until when', async () => {
    const { spend, sent } = await open()
    for (let login = 0; login < 27; login++) await spend()
    const error = await refusal(spend())
    expect(error).toMatchObject({
      code: 'ATPROTO_PUBLISH_LOGINS_USED_UP',
      retryable: true,
      status: 429,
      details: { did, until: new Date(start + fiveMinutes).toISOString() },
    })
    expect(usedUpUntil(error)).toBe(start + fiveMinutes)
    expect(sent()).toBe(27)
  })

  it('does not use up the logins of the day, however often a process restarts', async () => {
    const { spend, sent, clock, database } = await open()
    let last: unknown
    while (clock.now() < start + day - 60_000) {
      last = await spend().catch((error: unknown) => error)
      await clock.advanceBy(10_000)
    }
    expect(sent()).toBe(270)
    expect(usedUpUntil(last)).toBe(start + day)
    expect(await readBudgets({ database, did, clock })).toMatchObject([
      { counts: 'logins', limit: 300, used: 270, resetAt: new Date(start + day) },
      { counts: 'logins', limit: 30, used: 0 },
    ])
    await clock.advanceBy(start + day - clock.now())
    await spend()
    expect(sent()).toBe(271)
  })

  it('counts logins that were refused, not those that never left, and keeps what was not answered', async () => {
    const { spend, clock, database } = await open()
    const used = async () => (await readBudgets({ database, did, clock })).map((budget) => budget.used)
    await spend(async () => ({ ...accepted, status: 401 }))
    expect(await used()).toEqual([1, 1])
    const away = publishErrors.ATPROTO_PUBLISH_LOGIN_FAILED({ service: 'x', reason: 'x' })
    await refusal(spend(() => Promise.reject(away)))
    expect(await used()).toEqual([1, 1])
    await refusal(spend(() => Promise.reject(new Error('the connection was reset'))))
    await spend(async () => ({ ...accepted, status: 502 }))
    expect(await used()).toEqual([3, 3])
    await clock.advanceBy(fiveMinutes + latestArrival)
    expect(await used()).toEqual([3, 0])
  })

  it('S12: learns from the host what others have used, and from a refusal until when to wait', async () => {
    const { spend, sent } = await open()
    const told = (remaining: number) =>
      new Headers({
        'ratelimit-policy': '30;w=300',
        'ratelimit-remaining': String(remaining),
        'ratelimit-reset': String((start + 200_000) / 1000),
      })
    await spend(async () => ({ ...accepted, headers: told(4) }))
    await spend()
    expect(usedUpUntil(await refusal(spend()))).toBe(start + 201_000)
    expect(sent()).toBe(2)
    const other = await open()
    const tooMany = { ...accepted, status: 429, headers: told(0) }
    expect(usedUpUntil(await refusal(other.spend(async () => tooMany)))).toBe(start + 200_000)
    expect(usedUpUntil(await refusal(other.spend()))).toBe(start + 201_000)
    expect(other.sent()).toBe(1)
  })

  it('tells accounts, and logins and points, apart', async () => {
    const { logins, spend, database, clock } = await open()
    for (let login = 0; login < 27; login++) await spend()
    await logins.spend('did:plc:other', async () => accepted)
    expect(await readBudgets({ database, did: 'did:plc:other', clock })).toMatchObject([{ used: 1 }, { used: 1 }])
  })
})

async function open() {
  const clock = new SimulatedClock({ now: start })
  const database = sqliteDatabase({ path: ':memory:', clock })
  onTestFinished(() => database[Symbol.asyncDispose]())
  const logins = createLoginBudget({ database, clock, random: new SeededRandom('logins') })
  await migrate(database, logins.migrations, { clock })
  let sent = 0
  const spend = (login = async () => accepted) =>
    logins.spend(did, () => {
      sent++
      return login()
    })
  return { logins, spend, sent: () => sent, database, clock }
}

function refusal(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => expect.unreachable(),
    (error: unknown) => error,
  )
}
