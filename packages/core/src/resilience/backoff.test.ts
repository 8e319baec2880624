import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { SeededRandom } from '../testing/random/seeded-random.ts'
import { backoff } from './backoff.ts'

const settings = fc.record({
  initial: fc.integer({ min: 0, max: 5_000 }),
  maximum: fc.integer({ min: 0, max: 60_000 }),
  factor: fc.double({ min: 1, max: 10, noNaN: true }),
  failures: fc.integer({ min: 1, max: 2_000 }),
  last: fc.integer({ min: 0, max: 60_000 }),
  seed: fc.integer(),
})

describe('backoff', () => {
  it('without jitter grows by the factor up to the maximum', () => {
    const wait = backoff({ initial: 100, maximum: 1_000, jitter: 'none' }, new SeededRandom(1))
    expect([1, 2, 3, 4, 5, 50, 5_000].map((failures) => wait(failures, 0))).toEqual([
      100, 200, 400, 800, 1_000, 1_000, 1_000,
    ])
  })

  it('full jitter lies between 0 and the wait without', () => {
    fc.assert(
      fc.property(settings, ({ failures, last, seed, ...options }) => {
        const plain = backoff({ ...options, jitter: 'none' }, new SeededRandom(seed))(failures, last)
        const wait = backoff({ ...options, jitter: 'full' }, new SeededRandom(seed))(failures, last)
        expect(plain).toBeLessThanOrEqual(options.maximum)
        expect(wait >= 0 && wait <= plain).toBe(true)
      }),
      { numRuns: 200 },
    )
  })

  it('decorrelated jitter lies between the initial wait and three times the last, never above the maximum', () => {
    fc.assert(
      fc.property(settings, ({ failures, last, seed, ...options }) => {
        const wait = backoff({ ...options, jitter: 'decorrelated' }, new SeededRandom(seed))(failures, last)
        expect(wait).toBeGreaterThanOrEqual(Math.min(options.initial, options.maximum))
        expect(wait).toBeLessThanOrEqual(Math.min(options.maximum, Math.max(options.initial, last * 3)))
      }),
      { numRuns: 200 },
    )
  })

  it('spreads callers that failed together over the whole wait', () => {
    const wait = backoff({ initial: 1_000 }, new SeededRandom(7))
    const waits = Array.from({ length: 4_000 }, () => wait(1, 0))
    const quarters = [0, 1, 2, 3].map((part) => waits.filter((one) => Math.floor(one / 250) === part).length)
    for (const quarter of quarters) expect(quarter).toBeGreaterThan(850)
  })

  it.each([0, 0.5, -1, Number.NaN, Infinity])('refuses the factor %s', (factor) => {
    expect(() => backoff({ factor }, new SeededRandom(1))).toThrow(
      expect.objectContaining({ code: 'CORE_POLICY_OPTION_INVALID' }),
    )
  })

  it.each([{ initial: -1 }, { maximum: Number.NaN }] as const)('refuses the duration in %o', (options) => {
    expect(() => backoff(options, new SeededRandom(1))).toThrow(
      expect.objectContaining({ code: 'CORE_DURATION_INVALID' }),
    )
  })
})
