import { getEventListeners } from 'node:events'
import { describe, expect, it } from 'vitest'
import { SimulatedClock } from '../testing/clock/simulated-clock.ts'
import { sleep } from '../clock/sleep.ts'
import { circuitBreaker } from './circuit-breaker.ts'
import { countedSignal } from '../../test/resilience/counted-signal.ts'
import { hedge } from './hedge.ts'
import { policy } from './policy.ts'
import { timeout } from './timeout.ts'

describe('hedge', () => {
  it('starts no second attempt when the first is quick', async () => {
    const clock = new SimulatedClock()
    const attempts: number[] = []
    const answer = await policy(hedge({ delay: 50, clock }))(async ({ attempt }) => attempts.push(attempt))
    await clock.advanceBy('1s')
    expect([answer, attempts, clock.pending]).toEqual([1, [1], 0])
  })

  it('takes the first answer and aborts the slower attempt', async () => {
    const clock = new SimulatedClock()
    const signals: AbortSignal[] = []
    const call = policy(hedge({ delay: 50, clock }))(async ({ attempt, signal }) => {
      signals.push(signal)
      await sleep(attempt === 1 ? 500 : 10, { clock, signal })
      return attempt
    })
    await clock.advanceBy(60)
    expect(await call).toBe(2)
    expect(signals.map(({ aborted }) => aborted)).toEqual([true, false])
    expect(signals[0]!.reason).toMatchObject({ code: 'CORE_HEDGE_LOST' })
    expect(clock.pending).toBe(0)
  })

  it('aborts the second when the first comes back after all', async () => {
    const clock = new SimulatedClock()
    const call = policy(hedge({ delay: 50, clock }))(async ({ attempt, signal }) => {
      await sleep(attempt === 1 ? 60 : 500, { clock, signal })
      return attempt
    })
    await clock.advanceBy(60)
    expect(await call).toBe(1)
    expect(clock.pending).toBe(0)
  })

  it('starts the next at once when one fails, and fails with the last error when all have', async () => {
    const clock = new SimulatedClock()
    const call = policy(hedge({ delay: '1h', attempts: 3, clock }))(({ attempt }) =>
      Promise.reject(new Error(`attempt ${attempt}`)),
    )
    await expect(call).rejects.toThrow('attempt 3')
    expect([clock.monotonic(), clock.pending]).toEqual([0, 0])
  })

  it('waits for the others when one of them fails', async () => {
    const clock = new SimulatedClock()
    const call = policy(hedge({ delay: 10, attempts: 2, clock }))(async ({ attempt, signal }) => {
      await sleep(attempt === 1 ? 100 : 20, { clock, signal })
      if (attempt === 2) throw new Error('second')
      return attempt
    })
    await clock.advanceBy(200)
    expect(await call).toBe(1)
  })

  it('starts up to its number of attempts, one delay apart', async () => {
    const clock = new SimulatedClock()
    const times: number[] = []
    const gate = Promise.withResolvers<void>()
    const call = policy(hedge({ delay: 50, attempts: 4, clock }))(() => (times.push(clock.monotonic()), gate.promise))
    await clock.advanceBy('1s')
    expect(times).toEqual([0, 50, 100, 150])
    gate.resolve()
    await call
  })

  it('starts nothing more once it was given up, by a timeout or by the caller', async () => {
    const clock = new SimulatedClock()
    const { signal, abort } = countedSignal()
    let attempts = 0
    const ignoring = (): Promise<never> => (attempts++, new Promise(() => {}))
    const hedged = hedge({ delay: 100, attempts: 9, clock })
    const timed = expect(policy(timeout(50, { clock }), hedged)(ignoring)).rejects.toMatchObject({
      code: 'CORE_TIMEOUT',
    })
    const left = expect(policy(hedged)(ignoring, { signal })).rejects.toBe('left')
    abort('left')
    await clock.advanceBy('10s')
    await Promise.all([timed, left])
    expect([attempts, clock.pending]).toEqual([2, 0])
  })

  it('leaves no listeners behind on the signals of its attempts or the caller’s', async () => {
    const clock = new SimulatedClock()
    const { signal, counts } = countedSignal()
    const inner: AbortSignal[] = []
    for (let call = 0; call < 50; call++) {
      const done = policy(hedge({ delay: 5, clock }))(
        async ({ attempt, signal: own }) => {
          inner.push(own)
          await sleep(attempt === 1 ? 20 : 7, { clock, signal: own })
        },
        { signal },
      )
      await clock.advanceBy(30)
      await done
    }
    expect(counts).toEqual({ added: 50, removed: 50 })
    expect(inner).toHaveLength(100)
    for (const own of inner) expect(getEventListeners(own, 'abort')).toHaveLength(0)
  })

  it('does not blame the dependency for the attempt that lost', async () => {
    const clock = new SimulatedClock()
    const breaker = circuitBreaker({ minimumCalls: 1, failureRate: 0.01, clock })
    const call = policy(
      hedge({ delay: 5, clock }),
      breaker,
    )(({ attempt, signal }) => sleep(attempt === 1 ? 50 : 1, { clock, signal }))
    await clock.advanceBy(100)
    await call
    expect(breaker.state).toBe('closed')
  })

  it.each([0, 1.5, Number.NaN])('refuses %d attempts', (attempts) => {
    expect(() => hedge({ delay: 5, attempts })).toThrow(expect.objectContaining({ code: 'CORE_POLICY_OPTION_INVALID' }))
  })
})
