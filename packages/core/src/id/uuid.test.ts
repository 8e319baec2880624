import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Clock } from '../clock/clock.ts'
import { SimulatedClock } from '../testing/clock/simulated-clock.ts'
import { SeededRandom } from '../testing/random/seeded-random.ts'
import { createId, createIdGenerator } from './uuid.ts'

const layout = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/
const timeOf = (id: string): number => Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16)

/** A clock that tells the given times, then stays at the last. */
function telling(times: readonly number[]): Clock {
  let calls = 0
  return {
    now: () => times[Math.min(calls++, times.length - 1)]!,
    monotonic: () => 0,
    setTimer: () => ({ cancel() {} }),
  }
}

describe('createId', () => {
  it('has the layout of RFC 9562 version 7 and the time in front', () => {
    const before = Date.now()
    const id = createId()
    expect(id).toMatch(layout)
    expect(timeOf(id)).toBeGreaterThanOrEqual(before)
    expect(timeOf(id)).toBeLessThanOrEqual(Date.now() + 1)
  })

  it('is unique and ascending over 100,000', () => {
    const ids = Array.from({ length: 100_000 }, () => createId())
    expect(new Set(ids).size).toBe(100_000)
    expect(ids.every((id, index) => index === 0 || ids[index - 1]! < id)).toBe(true)
    expect(ids.every((id) => layout.test(id))).toBe(true)
  })
})

describe('createIdGenerator', () => {
  it('reproduces the time of the example in RFC 9562 appendix A.6', () => {
    const next = createIdGenerator({ clock: telling([0x017f_22e2_79b0]), random: new SeededRandom(1) })
    expect(next().slice(0, 15)).toMatch(/^017f22e2-79b0-7/)
  })

  it('ascends within one millisecond and carries into the time when the counter is full', () => {
    const clock = new SimulatedClock()
    const next = createIdGenerator({ clock, random: new SeededRandom(2) })
    const ids = Array.from({ length: 20_000 }, next)
    expect(ids.every((id, index) => index === 0 || ids[index - 1]! < id)).toBe(true)
    expect(timeOf(ids[0]!)).toBe(clock.now())
    expect(timeOf(ids.at(-1)!)).toBeGreaterThan(clock.now())
    expect(timeOf(ids.at(-1)!)).toBeLessThan(clock.now() + 11)
  })

  it('ascends strictly whatever the clock does, back or fractional', () => {
    const times = fc.array(fc.double({ min: 0, max: 2 ** 47, noNaN: true }), { minLength: 1, maxLength: 200 })
    fc.assert(
      fc.property(times, fc.integer(), (ticks, seed) => {
        const next = createIdGenerator({ clock: telling(ticks), random: new SeededRandom(seed) })
        const ids = ticks.map(() => next())
        for (const [index, id] of ids.entries()) {
          expect(id).toMatch(layout)
          if (index > 0) expect(id > ids[index - 1]!).toBe(true)
        }
      }),
      { numRuns: 200 },
    )
  })

  it('goes on from the latest time when the clock is set back for long', () => {
    const clock = telling([1_000_000, ...Array.from({ length: 10_000 }, () => 5)])
    const next = createIdGenerator({ clock, random: new SeededRandom(3) })
    const ids = Array.from({ length: 10_001 }, next)
    expect(ids).toEqual(ids.toSorted())
    expect(timeOf(ids.at(-1)!)).toBeLessThan(1_000_010)
  })

  it('starts its counter in the lower half, so that a burst has room', () => {
    let now = 0
    const clock: Clock = { now: () => ++now, monotonic: () => 0, setTimer: () => ({ cancel() {} }) }
    const next = createIdGenerator({ clock, random: new SeededRandom(4) })
    for (let index = 0; index < 1_000; index++) expect(Number.parseInt(next().slice(15, 18), 16)).toBeLessThan(0x800)
  })

  it('draws all of its 62 random bits', () => {
    const next = createIdGenerator({ random: new SeededRandom(5) })
    let ones = 0n
    let zeros = 0n
    for (let index = 0; index < 500; index++) {
      const bits = BigInt(`0x${next().slice(19).replace('-', '')}`) & (2n ** 62n - 1n)
      ones |= bits
      zeros |= ~bits & (2n ** 62n - 1n)
    }
    expect([ones, zeros]).toEqual([2n ** 62n - 1n, 2n ** 62n - 1n])
  })
})
