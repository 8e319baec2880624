import { describe, expect, it } from 'vitest'
import { settle } from '../testing/clock/settle.ts'
import { SimulatedClock } from '../testing/clock/simulated-clock.ts'
import { memoryRateLimiter } from './memory-rate-limiter.ts'
import { policy } from './policy.ts'
import { rateLimitHeaders } from './rate-limit-headers.ts'
import { rateLimit } from './rate-limit.ts'
import { retry } from './retry.ts'

describe('rateLimit', () => {
  it('refuses what is beyond the rate and says when to come again', async () => {
    const clock = new SimulatedClock()
    const limited = policy(rateLimit({ limit: 2, per: '1s', name: 'api', clock }))
    await limited(() => 1)
    await limited(() => 1)
    await expect(limited(() => 1)).rejects.toMatchObject({
      code: 'CORE_RATE_LIMITED',
      status: 429,
      details: { name: 'api', retryAfterMs: 500 },
    })
  })

  it('is waited for by a retry around it', async () => {
    const clock = new SimulatedClock()
    const limited = policy(retry({ clock, initial: 1, jitter: 'none' }), rateLimit({ limit: 1, per: '2s', clock }))
    await limited(() => 1)
    expect(
      await settle(
        clock,
        limited(() => clock.monotonic()),
      ),
    ).toBe(2_000)
  })

  it.each([
    ['at once', (decision: unknown) => decision],
    ['in a promise', async (decision: unknown) => decision],
    // oxlint-disable-next-line unicorn/no-thenable -- a promise of another library
    ['in a thenable', (decision: unknown) => ({ then: (resolve: (value: unknown) => void) => resolve(decision) })],
  ])('takes a limiter that answers %s', async (_, give) => {
    const own = memoryRateLimiter({ limit: 1, per: '1h' })
    const limited = policy(rateLimit({ limiter: { take: (key) => give(own.take(key)) as Promise<never> } }))
    expect(await limited(() => 'first')).toBe('first')
    await expect(limited(() => 'second')).rejects.toMatchObject({ code: 'CORE_RATE_LIMITED' })
  })
})

describe('rateLimitHeaders', () => {
  const rule = { limit: 10, per: '90s', burst: 5 } as const

  it('says what is left, and when to come again only to who was refused', () => {
    const limiter = memoryRateLimiter({ ...rule, clock: new SimulatedClock() })
    expect(rateLimitHeaders(limiter.take('a'), rule)).toEqual({
      'ratelimit-policy': '"default";q=10;w=90',
      ratelimit: '"default";r=4;t=9',
    })
    expect(rateLimitHeaders(limiter.take('a', 5), rule)).toEqual({
      'ratelimit-policy': '"default";q=10;w=90',
      ratelimit: '"default";r=4;t=9',
      'retry-after': '9',
    })
    expect(rateLimitHeaders(limiter.take('a', 6), rule)).not.toHaveProperty('retry-after')
  })

  it('are headers that fetch takes, whatever the name', () => {
    const decision = memoryRateLimiter(rule).take('a')
    const headers = new Headers(rateLimitHeaders(decision, { ...rule, name: 'a "b" \\c' }))
    expect(headers.get('ratelimit')).toBe('"a \\"b\\" \\\\c";r=4;t=9')
  })

  it.each(['', 'a\r\nset-cookie: x=1', 'ключ', 'a\u0000'])('refuse the name %j', (name) => {
    const decision = memoryRateLimiter(rule).take('a')
    expect(() => rateLimitHeaders(decision, { ...rule, name })).toThrow(
      expect.objectContaining({ code: 'CORE_POLICY_OPTION_INVALID' }),
    )
  })
})
