import { describe, expect, it } from 'vitest'
import { defineErrors } from '../errors/registry.ts'
import { SimulatedClock } from '../testing/clock/simulated-clock.ts'
import type { RateDecision } from './gcra.ts'
import { memoryRateLimiter } from './memory-rate-limiter.ts'
import { answerInOutage, type OutageOptions } from './outage.ts'

const errors = defineErrors({
  TEST_DOWN: { message: 'Down.', help: 'Wait.', retryable: true, status: 503 },
  TEST_BROKEN: { message: 'Broken.', help: 'Repair it.' },
})
const rule = { limit: 2, per: '1m' } as const

function setUp(options: OutageOptions = {}) {
  const clock = new SimulatedClock()
  const stored = memoryRateLimiter({ ...rule, clock })
  const told: unknown[] = []
  const store = { mode: 'up' as 'up' | 'down' | 'silent' | 'broken', asked: 0 }
  const ask = async (key: string, cost: number): Promise<RateDecision> => {
    store.asked++
    if (store.mode === 'down') throw errors.TEST_DOWN()
    if (store.mode === 'broken') throw errors.TEST_BROKEN()
    if (store.mode === 'silent') return new Promise(() => {})
    return stored.take(key, cost)
  }
  const take = answerInOutage(ask, rule, { clock, onOutage: (error) => told.push(error), ...options })
  return { clock, store, told, take }
}

describe('a limiter whose store is down', () => {
  it('counts in the process by default, under the same rule', async () => {
    const { store, told, take } = setUp()
    store.mode = 'down'
    const taken = [await take('a'), await take('a'), await take('a'), await take('b')]
    expect(taken.map(({ allowed }) => allowed)).toEqual([true, true, false, true])
    expect(told).toMatchObject(Array(4).fill({ code: 'TEST_DOWN' }))
  })

  it('lets everything pass with `allow`', async () => {
    const { store, take } = setUp({ whenDown: 'allow' })
    store.mode = 'down'
    for (let call = 0; call < 20; call++) expect(await take('a')).toMatchObject({ allowed: true, remaining: 2 })
  })

  it('refuses with `refuse`, and says why', async () => {
    const { store, take } = setUp({ whenDown: 'refuse' })
    store.mode = 'down'
    await expect(take('a')).rejects.toMatchObject({
      code: 'CORE_RATE_LIMIT_UNAVAILABLE',
      status: 503,
      cause: { code: 'TEST_DOWN' },
    })
  })

  it('is not waited for longer than its time', async () => {
    const { clock, store, told, take } = setUp({ storeTimeout: '200ms' })
    store.mode = 'silent'
    const taken = take('a')
    await clock.advanceBy(210)
    expect(await taken).toMatchObject({ allowed: true })
    expect(told).toMatchObject([{ code: 'CORE_TIMEOUT' }])
  })

  it('is left alone for a second after a few failures, then asked again', async () => {
    const { clock, store, take } = setUp()
    store.mode = 'down'
    for (let call = 0; call < 100; call++) await take('a')
    expect(store.asked).toBe(5)
    store.mode = 'up'
    await clock.advanceBy('1s')
    await take('a')
    await take('a')
    expect(store.asked).toBe(7)
  })

  it('hides no error that will not pass', async () => {
    const { store, told, take } = setUp({ whenDown: 'allow' })
    store.mode = 'broken'
    for (let call = 0; call < 20; call++) await expect(take('a')).rejects.toMatchObject({ code: 'TEST_BROKEN' })
    expect([store.asked, told]).toEqual([20, []])
  })

  it('refuses a bad cost before anything else, and an unknown mode', async () => {
    const { store, take } = setUp()
    await expect(take('a', Number.NaN)).rejects.toMatchObject({ code: 'CORE_POLICY_OPTION_INVALID' })
    expect(store.asked).toBe(0)
    expect(() => setUp({ whenDown: 'maybe' as 'allow' })).toThrow(
      expect.objectContaining({ code: 'CORE_POLICY_OPTION_INVALID' }),
    )
  })
})
