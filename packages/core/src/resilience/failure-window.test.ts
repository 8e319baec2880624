import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { SimulatedClock } from '../testing/clock/simulated-clock.ts'
import { FailureWindow } from './failure-window.ts'

describe('FailureWindow', () => {
  it('holds everything of the last four fifths of its length, and nothing that is older than it', async () => {
    const steps = fc.array(fc.record({ wait: fc.integer({ min: 0, max: 400 }), failed: fc.boolean() }), {
      maxLength: 80,
    })
    await fc.assert(
      fc.asyncProperty(steps, async (records) => {
        const clock = new SimulatedClock()
        const window = new FailureWindow(clock, 1_000)
        const all: { at: number; failed: boolean }[] = []
        for (const { wait, failed } of records) {
          await clock.advanceBy(wait)
          window.record(failed)
          all.push({ at: clock.monotonic(), failed })
          const since = (age: number) => all.filter(({ at }) => clock.monotonic() - at < age)
          expect(window.calls).toBeGreaterThanOrEqual(since(800).length)
          expect(window.calls).toBeLessThanOrEqual(since(1_100).length)
          expect(window.failures).toBeGreaterThanOrEqual(since(800).filter((one) => one.failed).length)
          expect(window.failures).toBeLessThanOrEqual(since(1_100).filter((one) => one.failed).length)
        }
      }),
      { numRuns: 200 },
    )
  })

  it('is empty after it was cleared', () => {
    const window = new FailureWindow(new SimulatedClock(), 1_000)
    window.record(true)
    window.clear()
    expect([window.calls, window.failures]).toEqual([0, 0])
  })
})
