import { describe, expect, it } from 'vitest'
import { countedAnswer, pointsSince } from './budget-window.ts'
import { latestArrival } from './latest-arrival.ts'

const window = { limit: 100, seconds: 300, reserve: 10 }
const now = 1_000_000_000
const at = now + 120_000

describe('what is counted after an answer', () => {
  it('is what the host says, in the window that it names', () => {
    expect(counted({ used: 0, resetAt: 0 }, told(98, at))).toEqual({ used: 2, resetAt: at + 1_000 })
  })

  it('is no less than before when answers of one window overtake one another', () => {
    const known = { used: 12, resetAt: at + 1_000 }
    expect(counted(known, told(90, at))).toEqual(known)
    expect(counted(known, told(80, at))).toEqual({ used: 20, resetAt: at + 1_000 })
  })

  it('is over no sooner than the window of the host, although ours began before it', () => {
    const known = { used: 40, resetAt: at - 800 }
    expect(counted(known, told(60, at))).toEqual({ used: 40, resetAt: at + 1_000 })
    expect(counted({ used: 40, resetAt: at + 1_000 }, told(60, at - 1_000))).toEqual({ used: 40, resetAt: at + 1_000 })
  })

  it('begins anew with a window that ends later', () => {
    const known = { used: 97, resetAt: now + 500 }
    expect(counted(known, told(98, now + 300_000))).toEqual({ used: 2, resetAt: now + 301_000 })
  })

  it('is not taken from the answer of a window that is over', () => {
    const known = { used: 6, resetAt: at }
    expect(counted(known, told(3, now - 2_000))).toEqual({ used: 8, resetAt: at })
    expect(counted({ used: 90, resetAt: now }, told(3, now - 2_000))).toEqual({ used: 2, resetAt: now + 300_000 })
  })

  it('is counted by us in a window that the host does not show, from its first answer', () => {
    const first = counted({ used: 90, resetAt: now }, new Headers())
    expect(first).toEqual({ used: 2, resetAt: now + 300_000 })
    expect(counted(first, told(5, at, '3000;w=300'))).toEqual({ used: 4, resetAt: now + 300_000 })
  })

  it('keeps what was counted when the host names an end sooner than ours', () => {
    expect(counted({ used: 40, resetAt: now + 290_000 }, told(90, at))).toEqual({ used: 42, resetAt: at + 1_000 })
  })
})

describe('points without an answer', () => {
  it('count as long as they may be in the window of now', () => {
    expect(pointsSince(300, now + 100_000, now)).toBe(now - 200_000 - latestArrival)
    expect(pointsSince(300, now - 50_000, now)).toBe(now - 50_000 - latestArrival)
    expect(pointsSince(300, 0, now)).toBe(now - 300_000 - latestArrival)
  })
})

function counted(known: { used: number; resetAt: number }, headers: Headers) {
  return countedAnswer(window, known, { points: 2, headers, now })
}

function told(remaining: number, resetAt: number, policy = '100;w=300'): Headers {
  return new Headers({
    'ratelimit-policy': policy,
    'ratelimit-remaining': String(remaining),
    'ratelimit-reset': String(resetAt / 1000),
  })
}
