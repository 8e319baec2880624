import { describe, expect, it } from 'vitest'
import { sleep } from '../clock/sleep.ts'
import { settle } from '../testing/clock/settle.ts'
import { SimulatedClock } from '../testing/clock/simulated-clock.ts'
import { bulkhead } from './bulkhead.ts'
import { observe } from './observe.ts'
import { policy } from './policy.ts'
import { retry } from './retry.ts'

describe('observe', () => {
  it('sees whole calls outside a retry and attempts inside it, with their durations', async () => {
    const clock = new SimulatedClock()
    const seen: unknown[] = []
    const hooks = (name: string) =>
      observe({ name, clock, onSuccess: (call) => seen.push(call), onFailure: (failure) => seen.push(failure) })
    const busy = new Error('busy')
    const call = policy(
      hooks('call'),
      retry({ clock, initial: 50, jitter: 'none' }),
      hooks('attempt'),
    )(async ({ attempt }) => {
      await sleep(10, { clock })
      if (attempt === 1) throw busy
    })
    await settle(clock, call)
    expect(seen).toEqual([
      { name: 'attempt', attempt: 1, duration: 10, error: busy },
      { name: 'attempt', attempt: 2, duration: 10 },
      { name: 'call', attempt: 1, duration: 70 },
    ])
  })

  it('sees refusals of the layers below', async () => {
    const failures: unknown[] = []
    const watched = policy(observe({ onFailure: ({ error }) => failures.push(error) }), bulkhead({ limit: 1 }))
    const stuck = watched(() => sleep(5))
    await expect(watched(() => 1)).rejects.toMatchObject({ code: 'CORE_BULKHEAD_FULL' })
    await stuck
    expect(failures).toMatchObject([{ code: 'CORE_BULKHEAD_FULL' }])
  })

  it('without hooks changes nothing', async () => {
    const plain = policy(observe({}))
    expect(await plain(() => 1)).toBe(1)
    await expect(plain(() => Promise.reject(new Error('own')))).rejects.toThrow('own')
  })
})
