import { describe, expect, it } from 'vitest'
import { sleep } from '../../clock/sleep.ts'
import { settle } from './settle.ts'
import { SimulatedClock } from './simulated-clock.ts'

const start = new Date('2026-11-20T10:00:00Z')

describe('SimulatedClock', () => {
  it('stands still until told', async () => {
    const clock = new SimulatedClock({ now: start })
    expect([clock.now(), clock.monotonic(), clock.pending]).toEqual([start.getTime(), 0, 0])
    expect(new SimulatedClock().now()).toBe(Date.UTC(2026, 0, 1))
    await clock.advanceBy('90s')
    expect([clock.now(), clock.monotonic()]).toEqual([start.getTime() + 90_000, 90_000])
    await clock.advanceTo(new Date('2026-11-21T00:00:00Z'))
    expect(clock.now()).toBe(Date.UTC(2026, 10, 21))
  })

  it('fires timers in the order of their times, then of their making, each at its own time', async () => {
    const clock = new SimulatedClock({ now: 0 })
    const fired: string[] = []
    const timer = (name: string, delay: number) => clock.setTimer(() => fired.push(`${name} ${clock.now()}`), delay)
    timer('late', 30)
    timer('first', 10)
    timer('second', 10)
    timer('at once', -5)
    timer('cancelled', 20).cancel()
    timer('out of reach', 31)
    expect(clock.nextTimerAt).toBe(0)
    await clock.advanceBy(30)
    expect(fired).toEqual(['at once 0', 'first 10', 'second 10', 'late 30'])
    expect([clock.pending, clock.nextTimerAt]).toEqual([1, 31])
  })

  it('does not mind a timer cancelled late, twice, or by another', async () => {
    const clock = new SimulatedClock()
    let fired = 0
    const other = clock.setTimer(() => fired++, 20)
    const timer = clock.setTimer(() => {
      fired++
      other.cancel()
    }, 10)
    await clock.advanceBy(50)
    timer.cancel()
    timer.cancel()
    expect([fired, clock.pending, clock.nextTimerAt]).toEqual([1, 0, undefined])
  })

  it('runs chains of promises between timers, however long, and also those behind ticks', async () => {
    const clock = new SimulatedClock({ now: 0 })
    const seen: number[] = []
    const work = (async () => {
      for (let round = 0; round < 3; round++) {
        await sleep(10, { clock })
        for (let turn = 0; turn < 5_000; turn++) await Promise.resolve()
        await new Promise<void>((resolve) => process.nextTick(resolve))
        seen.push(clock.now())
      }
    })()
    await clock.advanceBy(30)
    expect(seen).toEqual([10, 20, 30])
    await work
  })

  it('runs until nothing is left, and lets background timers be', async () => {
    const clock = new SimulatedClock({ now: 0 })
    let ticks = 0
    const tick = (): void => {
      ticks++
      clock.setTimer(tick, 60_000, { background: true })
    }
    clock.setTimer(tick, 60_000, { background: true })
    const month = sleep('30d', { clock })
    await clock.runUntilIdle()
    await month
    expect(clock.now()).toBe(30 * 86_400_000)
    expect(ticks).toBe(30 * 24 * 60 - 1)
    expect(clock.pending).toBe(1)
    await clock.runUntilIdle()
    expect(clock.now()).toBe(30 * 86_400_000)
  })

  it('gives up on a timer that always comes back', async () => {
    const clock = new SimulatedClock()
    const again = (): void => void clock.setTimer(again, 1)
    again()
    await expect(clock.runUntilIdle({ limit: 100 })).rejects.toMatchObject({
      code: 'CORE_TESTING_NOT_IDLE',
      details: { timers: 100, pending: 1 },
    })
  })

  it('lets the wall clock jump while timers and the monotonic clock go on', async () => {
    const clock = new SimulatedClock({ now: start })
    let firedAt = -1
    clock.setTimer(() => (firedAt = clock.monotonic()), 1_000)
    await clock.advanceBy(400)
    clock.set(new Date('2020-01-01T00:00:00Z'))
    expect([clock.now(), clock.monotonic()]).toEqual([Date.UTC(2020, 0, 1), 400])
    expect(clock.nextTimerAt).toBe(Date.UTC(2020, 0, 1) + 600)
    await clock.advanceBy(600)
    expect([firedAt, clock.now()]).toEqual([1_000, Date.UTC(2020, 0, 1) + 600])
  })

  it('does not run back', async () => {
    const clock = new SimulatedClock({ now: start })
    await expect(clock.advanceTo(start.getTime() - 1)).rejects.toMatchObject({ code: 'CORE_TESTING_CLOCK_BACK' })
    await expect(clock.advanceTo(Number.NaN)).rejects.toMatchObject({ code: 'CORE_TESTING_CLOCK_BACK' })
    await clock.advanceTo(start)
    expect(clock.now()).toBe(start.getTime())
  })

  it('passes on what a timer throws', async () => {
    const clock = new SimulatedClock()
    clock.setTimer(() => {
      throw new Error('from the timer')
    }, 5)
    await expect(clock.advanceBy(10)).rejects.toThrow('from the timer')
    expect(clock.monotonic()).toBe(5)
  })
})

describe('settle', () => {
  it('runs work that waits for simulated and for real things in turn', async () => {
    const clock = new SimulatedClock({ now: 0 })
    const work = async (): Promise<number> => {
      for (let round = 0; round < 3; round++) {
        await new Promise((resolve) => setTimeout(resolve, 2))
        await sleep('1h', { clock })
      }
      return clock.now()
    }
    expect(await settle(clock, work())).toBe(3 * 3_600_000)
    await expect(settle(clock, Promise.reject(new Error('broken')))).rejects.toThrow('broken')
  })
})
