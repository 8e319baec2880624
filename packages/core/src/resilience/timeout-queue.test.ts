import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { SimulatedClock } from '../testing/clock/simulated-clock.ts'
import { TimeoutQueue, timeoutQueue, type TimeoutEntry } from './timeout-queue.ts'

function entry(expire: () => void): TimeoutEntry {
  return { previous: undefined, next: undefined, cohort: undefined, expire }
}

describe('TimeoutQueue', () => {
  it('is never early and at most a fiftieth or 1 ms late, at any length and any time of adding', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.double({ min: 1, max: 100_000, noNaN: true }),
        fc.array(fc.double({ min: 0, max: 3, noNaN: true }), { minLength: 1, maxLength: 20 }),
        async (length, gaps) => {
          const clock = new SimulatedClock()
          const queue = new TimeoutQueue(clock, length)
          const waited: number[] = []
          for (const gap of gaps) {
            await clock.advanceBy((gap * length) / 3)
            const added = clock.monotonic()
            queue.add(entry(() => waited.push(clock.monotonic() - added)))
          }
          await clock.advanceBy(length * 2 + 2)
          expect(waited).toHaveLength(gaps.length)
          const rounding = length * 1e-9
          for (const time of waited) {
            expect(time).toBeGreaterThanOrEqual(length - rounding)
            expect(time).toBeLessThanOrEqual(length + Math.max(1, length / 50) + rounding)
          }
          expect(clock.pending).toBe(0)
        },
      ),
      { numRuns: 200 },
    )
  })

  it('forgets what is removed, in any order, and expires the rest in order', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 30 }),
        fc.array(fc.nat(29), { maxLength: 60 }),
        async (count, removals) => {
          const clock = new SimulatedClock()
          const queue = new TimeoutQueue(clock, 100)
          const expired: number[] = []
          const entries = Array.from({ length: count }, (_, index) => entry(() => expired.push(index)))
          for (const one of entries) queue.add(one)
          // Removing twice, or what was never added, does nothing.
          for (const index of removals) queue.remove(entries[index] ?? entry(() => {}))
          await clock.advanceBy(300)
          const removed = new Set(removals)
          expect(expired).toEqual(entries.map((_, index) => index).filter((index) => !removed.has(index)))
        },
      ),
      { numRuns: 200 },
    )
  })

  it('serves any number of calls with one timer, which rests when nothing is queued', async () => {
    const clock = new SimulatedClock()
    const queue = new TimeoutQueue(clock, 1_000)
    const entries = Array.from({ length: 5_000 }, () => entry(() => {}))
    for (const one of entries) queue.add(one)
    expect(clock.pending).toBe(1)
    for (const one of entries) queue.remove(one)
    await clock.advanceBy(20)
    expect(clock.pending).toBe(0)
  })

  it('may be added to while it expires', async () => {
    const clock = new SimulatedClock()
    const queue = new TimeoutQueue(clock, 10)
    const times: number[] = []
    const again = (): void => {
      times.push(clock.monotonic())
      if (times.length < 5) queue.add(entry(again))
    }
    queue.add(entry(again))
    await clock.advanceBy(100)
    expect(times).toEqual([11, 22, 33, 44, 55])
  })
})

describe('timeoutQueue', () => {
  it('is one for each clock and length, as long as the lengths are few', () => {
    const clock = new SimulatedClock()
    expect(timeoutQueue(clock, 5)).toBe(timeoutQueue(clock, 5))
    expect(timeoutQueue(clock, 5)).not.toBe(timeoutQueue(clock, 6))
    expect(timeoutQueue(new SimulatedClock(), 5)).not.toBe(timeoutQueue(clock, 5))
    for (let length = 0; length < 1_000; length++) timeoutQueue(clock, 1_000 + length)
    expect(timeoutQueue(clock, 1_999)).not.toBe(timeoutQueue(clock, 1_999))
    expect(timeoutQueue(clock, 5)).toBe(timeoutQueue(clock, 5))
  })
})
