import { getEventListeners } from 'node:events'
import { describe, expect, it } from 'vitest'
import { SimulatedClock } from '../testing/clock/simulated-clock.ts'
import { sleep } from './sleep.ts'

describe('sleep', () => {
  it('waits as long as it is told', async () => {
    const clock = new SimulatedClock()
    let awake = false
    const slept = sleep('1.5s', { clock }).then(() => (awake = true))
    await clock.advanceBy(1_499)
    expect(awake).toBe(false)
    await clock.advanceBy(1)
    await slept
    expect(awake).toBe(true)
  })

  it('waits for real on the system clock', async () => {
    const began = performance.now()
    await sleep(20)
    expect(performance.now() - began).toBeGreaterThanOrEqual(19)
  })

  it('ends with the reason of its signal and leaves no timer or listener', async () => {
    const clock = new SimulatedClock()
    const { signal, abort } = abortable()
    const slept = sleep('1h', { clock, signal })
    expect([clock.pending, getEventListeners(signal, 'abort').length]).toEqual([1, 1])
    const reason = new Error('stop')
    abort(reason)
    await expect(slept).rejects.toBe(reason)
    expect([clock.pending, getEventListeners(signal, 'abort').length]).toEqual([0, 0])
  })

  it('takes off every listener that it put on, over a thousand waits with one signal', async () => {
    const clock = new SimulatedClock()
    const { signal } = abortable()
    let added = 0
    let removed = 0
    const add = signal.addEventListener.bind(signal)
    const remove = signal.removeEventListener.bind(signal)
    signal.addEventListener = (...parts: Parameters<typeof add>) => (added++, add(...parts))
    signal.removeEventListener = (...parts: Parameters<typeof remove>) => (removed++, remove(...parts))
    const waits = Array.from({ length: 1_000 }, (_, index) => sleep(index, { clock, signal }))
    await clock.runUntilIdle()
    await Promise.all(waits)
    expect([added, removed, getEventListeners(signal, 'abort').length]).toEqual([1_000, 1_000, 0])
  })

  it('does not begin with an aborted signal', async () => {
    const clock = new SimulatedClock()
    await expect(sleep(5, { clock, signal: AbortSignal.abort('no') })).rejects.toBe('no')
    expect(clock.pending).toBe(0)
  })

  it('refuses what is no duration, and puts on no listener', async () => {
    const { signal } = abortable()
    await expect(sleep(-1, { signal })).rejects.toMatchObject({ code: 'CORE_DURATION_INVALID' })
    expect(getEventListeners(signal, 'abort')).toHaveLength(0)
  })
})

function abortable() {
  const controller = new AbortController()
  return { signal: controller.signal, abort: (reason: unknown) => controller.abort(reason) }
}
