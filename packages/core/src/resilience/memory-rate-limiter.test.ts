import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { SimulatedClock } from '../testing/clock/simulated-clock.ts'
import { compileRate, describeDecision, nextArrival } from './gcra.ts'
import { memoryRateLimiter } from './memory-rate-limiter.ts'
import { anyRule, anySteps } from '../../test/resilience/limiter-steps.ts'

describe('memoryRateLimiter', () => {
  it('lets a burst through, then one unit for each interval', async () => {
    const clock = new SimulatedClock()
    const limiter = memoryRateLimiter({ limit: 10, per: '1s', burst: 3, clock })
    const taken = [1, 2, 3, 4].map(() => limiter.take('a'))
    expect(taken).toEqual([
      { allowed: true, remaining: 2, retryAfterMs: 0, resetAfterMs: 100 },
      { allowed: true, remaining: 1, retryAfterMs: 0, resetAfterMs: 200 },
      { allowed: true, remaining: 0, retryAfterMs: 0, resetAfterMs: 300 },
      { allowed: false, remaining: 0, retryAfterMs: 100, resetAfterMs: 300 },
    ])
    await clock.advanceBy(99)
    expect(limiter.take('a')).toMatchObject({ allowed: false, retryAfterMs: 1 })
    await clock.advanceBy(1)
    expect(limiter.take('a').allowed).toBe(true)
    expect(limiter.take('b').remaining).toBe(2)
  })

  it('never allows more than the burst and the rate together, in any span', async () => {
    await fc.assert(
      fc.asyncProperty(anyRule, anySteps, async (rule, steps) => {
        const clock = new SimulatedClock()
        const limiter = memoryRateLimiter({ ...rule, clock })
        const granted: { at: number; cost: number }[] = []
        for (const step of steps) {
          if ('wait' in step) await clock.advanceBy(step.wait)
          else if (limiter.take('only', step.cost).allowed) granted.push({ at: clock.monotonic(), cost: step.cost })
        }
        const interval = compileRate(rule).interval / 1_000
        for (const [index, { at: from }] of granted.entries()) {
          let units = 0
          for (const { at, cost } of granted.slice(index)) {
            units += cost
            // One microsecond for the rounding of each reading of the clock.
            expect(units).toBeLessThanOrEqual(rule.burst! + (at - from + 0.002) / interval)
          }
        }
      }),
      { numRuns: 200 },
    )
  })

  it('keeps its promise: what is refused passes after the wait it names, and not a millisecond before', async () => {
    await fc.assert(
      fc.asyncProperty(anyRule, fc.integer({ min: 1, max: 20 }), async (rule, cost) => {
        const clock = new SimulatedClock()
        const limiter = memoryRateLimiter({ ...rule, clock })
        while (limiter.take('a').allowed);
        const { retryAfterMs } = limiter.take('a', cost)
        expect(Number.isFinite(retryAfterMs)).toBe(cost <= rule.burst!)
        if (cost > rule.burst!) return
        await clock.advanceBy(Math.max(0, retryAfterMs - 1))
        expect(limiter.take('a', cost).allowed).toBe(false)
        await clock.advanceBy(1)
        expect(limiter.take('a', cost).allowed).toBe(true)
      }),
      { numRuns: 200 },
    )
  })

  it('forgets keys without a trace: it decides as if it remembered all', async () => {
    await fc.assert(
      fc.asyncProperty(anyRule, anySteps, async (rule, steps) => {
        const clock = new SimulatedClock()
        const limiter = memoryRateLimiter({ ...rule, clock })
        const rate = compileRate(rule)
        const arrivals = new Map<string, number>()
        for (const step of steps) {
          if ('wait' in step) {
            await clock.advanceBy(step.wait)
            continue
          }
          const { key, cost } = step
          const now = Math.floor(clock.monotonic() * 1_000)
          const arrival = arrivals.get(key) ?? 0
          const next = nextArrival(rate, arrival, now, cost)
          arrivals.set(key, next ?? arrival)
          expect(limiter.take(key, cost)).toEqual(
            describeDecision(rate, next !== undefined, next ?? arrival, now, cost),
          )
        }
      }),
      { numRuns: 200 },
    )
  })

  it('remembers no more keys than it may', () => {
    const limiter = memoryRateLimiter({ limit: 1, per: '1h', maximumKeys: 100, clock: new SimulatedClock() })
    expect(limiter.take('first').allowed).toBe(true)
    expect(limiter.take('first').allowed).toBe(false)
    for (let key = 0; key < 300; key++) limiter.take(`other ${key}`)
    expect(limiter.take('first').allowed).toBe(true)
  })

  it.each([0, 0.5, -1, Number.NaN, Infinity])('refuses the cost %d', (cost) => {
    expect(() => memoryRateLimiter({ limit: 5, per: '1s' }).take('a', cost)).toThrow(
      expect.objectContaining({ code: 'CORE_POLICY_OPTION_INVALID' }),
    )
  })

  it.each([
    { limit: 0, per: 1_000 },
    { limit: Number.NaN, per: 1_000 },
    { limit: Infinity, per: 1_000 },
    { limit: 5, per: 0 },
    { limit: 1e9, per: '1s' },
    { limit: 5, per: '1s', burst: 0 },
    { limit: 5, per: '1s', burst: 1.5 },
    { limit: 1, per: '52w', burst: 1_000 },
    { limit: 5, per: '1s', maximumKeys: Number.NaN },
  ] as const)('refuses %o', (options) => {
    expect(() => memoryRateLimiter(options)).toThrow(expect.objectContaining({ code: 'CORE_POLICY_OPTION_INVALID' }))
  })
})
