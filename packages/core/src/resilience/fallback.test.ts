import { describe, expect, it } from 'vitest'
import { SimulatedClock } from '../testing/clock/simulated-clock.ts'
import { countedSignal } from '../../test/resilience/counted-signal.ts'
import { fallback } from './fallback.ts'
import { policy } from './policy.ts'
import { timeout } from './timeout.ts'

describe('fallback', () => {
  it('answers when everything below failed, and knows why', async () => {
    const lenient = policy(fallback(async (error) => `instead of ${(error as Error).message}`))
    expect(await lenient(async () => 'own')).toBe('own')
    expect(await lenient(() => Promise.reject(new Error('outage')))).toBe('instead of outage')
  })

  it('answers only what it is meant for', async () => {
    const picky = policy(fallback(() => 'x', { when: (error) => error instanceof RangeError }))
    expect(await picky(() => Promise.reject(new RangeError('too far')))).toBe('x')
    await expect(picky(() => Promise.reject(new TypeError('bug')))).rejects.toThrow('bug')
  })

  it('may fail itself', async () => {
    const failing = fallback(() => Promise.reject(new Error('no cache either')))
    await expect(policy(failing)(() => Promise.reject(new Error('down')))).rejects.toThrow('no cache either')
  })

  it('is not asked when the caller gave up', async () => {
    const { signal, abort } = countedSignal()
    let asked = false
    const call = policy(fallback(() => (asked = true)))(
      ({ signal: inner }) =>
        new Promise((_, reject) => inner.addEventListener('abort', () => reject(inner.reason as Error))),
      { signal },
    )
    abort(new Error('gone'))
    await expect(call).rejects.toThrow('gone')
    expect(asked).toBe(false)
  })

  it('answers for a timeout inside of it, and not for one outside', async () => {
    const clock = new SimulatedClock()
    const limit = timeout('1s', { clock })
    const answer = fallback(() => 'instead')
    const never = ({ signal }: { signal: AbortSignal }) =>
      new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)))
    const inside = policy(answer, limit)(never)
    const outside = expect(policy(limit, answer)(never)).rejects.toMatchObject({ code: 'CORE_TIMEOUT' })
    await clock.advanceBy('2s')
    expect(await inside).toBe('instead')
    await outside
  })
})
