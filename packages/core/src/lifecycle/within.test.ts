import { describe, expect, it } from 'vitest'
import { SimulatedClock } from '../testing/clock/simulated-clock.ts'
import { within } from './within.ts'

describe('within', () => {
  it('is done when the step ends in time, and leaves no timer', async () => {
    const clock = new SimulatedClock()
    expect(await within(clock, 100, () => 'anything')).toBe('done')
    expect(await within(clock, 0, () => undefined)).toBe('done')
    expect(clock.pending).toBe(0)
  })

  it('is late when not, and aborts the step exactly then', async () => {
    const clock = new SimulatedClock()
    let given: AbortSignal | undefined
    const outcome = within(clock, 100, (signal) => {
      given = signal
      return new Promise(() => {})
    })
    await clock.advanceBy(99)
    expect(given?.aborted).toBe(false)
    await clock.advanceBy(1)
    expect([await outcome, given?.aborted, clock.pending]).toEqual(['late', true, 0])
  })

  it('passes on a failure in time, thrown or rejected, and swallows one that comes later', async () => {
    const clock = new SimulatedClock()
    const failure = new Error('no')
    await expect(within(clock, 100, () => Promise.reject(failure))).rejects.toBe(failure)
    const thrown = within(clock, 100, () => {
      throw failure
    })
    await expect(thrown).rejects.toBe(failure)
    let reject = (_error: Error): void => {}
    const outcome = within(clock, 100, () => new Promise((_, no) => (reject = no)))
    await clock.advanceBy(100)
    expect(await outcome).toBe('late')
    reject(failure)
    await new Promise((resolve) => setImmediate(resolve))
    expect(clock.pending).toBe(0)
  })
})
