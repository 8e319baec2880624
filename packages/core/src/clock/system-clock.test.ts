import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { systemClock } from './system-clock.ts'

const source = fileURLToPath(new URL('system-clock.ts', import.meta.url))

describe('systemClock', () => {
  it('tells the time', () => {
    const before = Date.now()
    const now = systemClock.now()
    expect(now).toBeGreaterThanOrEqual(before)
    expect(now).toBeLessThanOrEqual(Date.now())
    const first = systemClock.monotonic()
    expect(systemClock.monotonic()).toBeGreaterThanOrEqual(first)
  })

  it('fires a real timer once, not before its time, and not after it was cancelled', async () => {
    const began = performance.now()
    const cancelled = vi.fn()
    systemClock.setTimer(cancelled, 5).cancel()
    const waited = await new Promise<number>((resolve) => {
      const timer = systemClock.setTimer(() => {
        timer.cancel()
        resolve(performance.now() - began)
      }, 30)
    })
    expect(waited).toBeGreaterThanOrEqual(29)
    expect(cancelled).not.toHaveBeenCalled()
  })

  it('keeps the process alive unless the timer is in the background', () => {
    const run = (options: string): string =>
      execFileSync(process.execPath, [
        '--no-warnings',
        '--input-type=module',
        '-e',
        `const { systemClock } = await import(${JSON.stringify(source)})
         systemClock.setTimer(() => console.log('fired'), 60, ${options})`,
      ]).toString()
    expect(run('{}')).toBe('fired\n')
    expect(run('{ background: true }')).toBe('')
  })
})

describe('systemClock beyond what setTimeout can wait', () => {
  const month = 30 * 24 * 3_600_000
  afterEach(() => {
    vi.useRealTimers()
  })

  // The stand-in timers fire after 1 ms when asked for more than 2³¹ − 1, as the real ones do.
  it.each([2 ** 31 - 1, 2 ** 31, month, 400 * month])('waits %i ms exactly', (delay) => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    const fired = vi.fn()
    systemClock.setTimer(fired, delay)
    vi.advanceTimersByTime(delay - 1)
    expect(fired).not.toHaveBeenCalled()
    vi.advanceTimersByTime(1)
    expect(fired).toHaveBeenCalledOnce()
    expect(vi.getTimerCount()).toBe(0)
  })

  it('can be cancelled in its second part', () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    const fired = vi.fn()
    const timer = systemClock.setTimer(fired, 2 * 2 ** 31)
    vi.advanceTimersByTime(2 ** 31 + 5)
    timer.cancel()
    expect(vi.getTimerCount()).toBe(0)
    vi.advanceTimersByTime(2 ** 32)
    expect(fired).not.toHaveBeenCalled()
  })

  it('takes a time in the past as now', () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    const fired = vi.fn()
    systemClock.setTimer(fired, -5)
    vi.advanceTimersByTime(1)
    expect(fired).toHaveBeenCalledOnce()
  })
})
