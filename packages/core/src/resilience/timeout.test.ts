import { describe, expect, it } from 'vitest'
import { SimulatedClock } from '../testing/clock/simulated-clock.ts'
import { bulkhead } from './bulkhead.ts'
import { remainingTime, withDeadline } from './deadline.ts'
import { policy } from './policy.ts'
import { timeout } from './timeout.ts'

describe('timeout', () => {
  it('rejects and aborts the signal with one and the same error', async () => {
    const clock = new SimulatedClock()
    let signal: AbortSignal | undefined
    const call = policy(timeout('2s', { clock }))((context) => {
      signal = context.signal
      return new Promise(() => {})
    })
    const caught = call.catch((error: unknown) => error)
    await clock.advanceBy(1_999)
    expect(signal!.aborted).toBe(false)
    await clock.advanceBy(41)
    expect(await caught).toMatchObject({ code: 'CORE_TIMEOUT', retryable: true, details: { limit: 2_000 } })
    expect(signal!.reason).toBe(await caught)
  })

  it('shows an aborted signal to work that looks at it only afterwards', async () => {
    const clock = new SimulatedClock()
    const gate = Promise.withResolvers<void>()
    const aborted = Promise.withResolvers<boolean>()
    const call = policy(timeout('1s', { clock }))(async (context) => {
      await gate.promise
      aborted.resolve(context.signal.aborted)
    })
    call.catch(() => {})
    await clock.advanceBy('2s')
    gate.resolve()
    expect(await aborted.promise).toBe(true)
    await expect(call).rejects.toMatchObject({ code: 'CORE_TIMEOUT' })
  })

  it('lets what ends in time pass, errors too, and leaves no timer', async () => {
    const clock = new SimulatedClock()
    const quick = policy(timeout('1s', { clock }))
    expect(await quick(async () => 'in time')).toBe('in time')
    await expect(quick(() => Promise.reject(new Error('own')))).rejects.toThrow('own')
    await clock.advanceBy('1s')
    expect(clock.pending).toBe(0)
  })

  it('leaves the place of a bulkhead inside taken until the expired work ends', async () => {
    const clock = new SimulatedClock()
    const places = bulkhead({ limit: 1 })
    const limited = policy(timeout('1s', { clock }), places)
    const stuck = Promise.withResolvers<void>()
    const call = expect(limited(() => stuck.promise)).rejects.toMatchObject({ code: 'CORE_TIMEOUT' })
    await clock.advanceBy('2s')
    await call
    await expect(limited(() => 1)).rejects.toMatchObject({ code: 'CORE_BULKHEAD_FULL' })
    stuck.resolve()
    await clock.advanceBy(0)
    await expect(limited(() => 1)).resolves.toBe(1)
  })

  it('counts the time that a call waits for its place', async () => {
    const clock = new SimulatedClock()
    const places = bulkhead({ limit: 1, queue: 5 })
    const stuck = Promise.withResolvers<void>()
    const first = policy(places)(() => stuck.promise)
    let began = false
    const second = policy(timeout('1s', { clock }), places)(() => (began = true))
    const failed = expect(second).rejects.toMatchObject({ code: 'CORE_TIMEOUT' })
    await clock.advanceBy('2s')
    await failed
    expect(places.waiting).toBe(0)
    stuck.resolve()
    await first
    expect([began, places.running]).toEqual([false, 0])
  })

  it('works on the system clock', async () => {
    const began = performance.now()
    // A limit does not hold the process, and so needs something that does.
    const holding = setInterval(() => {}, 1_000)
    await expect(policy(timeout(30))(() => new Promise(() => {}))).rejects.toMatchObject({ code: 'CORE_TIMEOUT' })
    clearInterval(holding)
    expect(performance.now() - began).toBeGreaterThanOrEqual(29)
  })

  it.each([0, 0.5])('refuses %d ms', (limit) => {
    expect(() => timeout(limit)).toThrow(expect.objectContaining({ code: 'CORE_POLICY_OPTION_INVALID' }))
  })

  it.each([-1, Number.NaN, Infinity])('refuses %d, which is no duration', (limit) => {
    expect(() => timeout(limit)).toThrow(expect.objectContaining({ code: 'CORE_DURATION_INVALID' }))
  })
})

describe('withDeadline', () => {
  it('cuts every timeout below to what remains, however deep', async () => {
    const clock = new SimulatedClock()
    const slow = policy(timeout('30s', { clock }))
    const call = withDeadline('2s', () => Promise.resolve().then(() => slow(() => new Promise(() => {}))), { clock })
    const failed = expect(call).rejects.toMatchObject({ code: 'CORE_TIMEOUT', details: { limit: 2_000 } })
    await clock.advanceBy('2s')
    await failed
    expect(clock.pending).toBe(0)
  })

  it('leaves a shorter timeout as it is, and cancels its own timer when the work is done', async () => {
    const clock = new SimulatedClock()
    const work = async (): Promise<number> => {
      const stuck = policy(timeout('1s', { clock }))(() => new Promise(() => {}))
      await expect(Promise.all([stuck, clock.advanceBy('2s')])).rejects.toMatchObject({ details: { limit: 1_000 } })
      return policy(timeout('1h', { clock }))(async () => 1)
    }
    expect(await withDeadline('10s', work, { clock })).toBe(1)
    expect(clock.pending).toBe(0)
  })

  it('lets nothing begin once it has passed', async () => {
    const clock = new SimulatedClock()
    let began = false
    const call = withDeadline(
      '1s',
      async () => {
        await clock.advanceBy('2s')
        return policy(timeout('5s', { clock }))(() => (began = true))
      },
      { clock },
    )
    await expect(call).rejects.toMatchObject({ code: 'CORE_DEADLINE_EXCEEDED', retryable: false })
    expect(began).toBe(false)
  })

  it('can only become shorter', async () => {
    const clock = new SimulatedClock()
    const remaining = async (): Promise<number | undefined> => remainingTime(clock)
    expect(await withDeadline(500, () => withDeadline('1h', remaining, { clock }), { clock })).toBe(500)
    expect(await withDeadline('1h', () => withDeadline(500, remaining, { clock }), { clock })).toBe(500)
    expect(remainingTime(clock)).toBeUndefined()
  })

  it('belongs to its clock, and to its own calls among concurrent ones', async () => {
    const clock = new SimulatedClock()
    expect(await withDeadline(500, async () => remainingTime(), { clock })).toBeUndefined()
    const both = [100, 200].map((limit) =>
      withDeadline(limit, async () => (await Promise.resolve(), remainingTime(clock)), { clock }),
    )
    expect(await Promise.all(both)).toEqual([100, 200])
  })

  it('counts time that passed before the call', async () => {
    const clock = new SimulatedClock()
    const left = withDeadline('1s', async () => (await clock.advanceBy(300), remainingTime(clock)), { clock })
    expect(await left).toBe(700)
  })
})
