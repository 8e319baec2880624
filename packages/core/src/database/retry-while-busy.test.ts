import { describe, expect, it } from 'vitest'
import type { Clock } from '../clock/clock.ts'
import { retryWhileBusy } from './retry-while-busy.ts'

const busy = Object.assign(new Error('database is locked'), { errcode: 5 })

/** Time passes only by waiting. */
function waitingClock(): Clock & { readonly waits: number[] } {
  let time = 0
  const waits: number[] = []
  return {
    waits,
    now: () => time,
    monotonic: () => time,
    setTimer(callback, delay) {
      waits.push(delay)
      time += delay
      queueMicrotask(callback)
      return { cancel: () => {} }
    },
  }
}

describe('retryWhileBusy', () => {
  it('tries again with growing pauses until the lock is gone', async () => {
    const clock = waitingClock()
    let left = 7
    const attempt = (): string => {
      if (left-- > 0) throw busy
      return 'done'
    }
    expect(await retryWhileBusy(attempt, { clock, busyTimeout: 1_000 })).toBe('done')
    expect(clock.waits).toEqual([1, 2, 4, 8, 16, 20, 20])
  })

  it('ends with SQLite’s error when the time is up', async () => {
    const clock = waitingClock()
    const attempt = (): never => {
      throw busy
    }
    await expect(retryWhileBusy(attempt, { clock, busyTimeout: 30 })).rejects.toBe(busy)
    expect(clock.now()).toBeGreaterThanOrEqual(30)
    await expect(retryWhileBusy(attempt, { clock, busyTimeout: 0 })).rejects.toBe(busy)
  })

  it('does not try other errors again', async () => {
    const clock = waitingClock()
    const attempt = (): never => {
      throw new RangeError('no')
    }
    await expect(retryWhileBusy(attempt, { clock, busyTimeout: 30 })).rejects.toThrow(RangeError)
    expect(clock.waits).toEqual([])
  })
})
