import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { SimulatedClock } from '../testing/clock/simulated-clock.ts'
import { at } from './at.ts'
import { cron } from './cron.ts'
import { every } from './every.ts'
import { explain } from './explain.ts'
import { jitterDelay } from './jitter.ts'
import { nextRuns } from './next-runs.ts'
import { recentSlots } from './recent-slots.ts'

const from = new Date('2026-11-20T10:01:00Z')
const iso = (dates: readonly Date[]): string[] => dates.map((date) => date.toISOString())

describe('every', () => {
  it('has its slots on even intervals from the anchor, before it as well', () => {
    expect(iso(nextRuns(every('15m'), { from, count: 2 }))).toEqual([
      '2026-11-20T10:15:00.000Z',
      '2026-11-20T10:30:00.000Z',
    ])
    const anchored = every('1d', { anchor: new Date('2027-01-01T04:00:00Z') })
    expect(iso(nextRuns(anchored, { from, count: 1 }))).toEqual(['2026-11-21T04:00:00.000Z'])
  })

  it('says the same for anchors that make the same slots', () => {
    const texts = ['2026-01-01T00:05:00Z', '2025-06-01T07:05:00Z', '1960-01-01T00:05:00Z'].map(
      (anchor) => every('1h', { anchor: new Date(anchor) }).text,
    )
    expect(new Set(texts).size).toBe(1)
    expect(every('1h').text).not.toBe(texts[0])
  })

  it.each([
    [() => every(0)],
    [() => every(0.5)],
    [() => every(1.5)],
    [() => every('1h', { anchor: new Date('never') })],
    [() => at(new Date(Number.NaN))],
    [() => nextRuns(every('1h'), { count: -1 })],
    [() => nextRuns(every('1h'), { count: 1.5 })],
    [() => nextRuns(every('1h'), { count: 1e9 })],
    [() => nextRuns(every('1h'), { from: new Date('x') })],
  ])('refuses what cannot be meant: %s', (call) => {
    expect(call).toThrow(expect.objectContaining({ code: 'CORE_SCHEDULE_OPTIONS' }))
  })

  it('refuses what is no duration', () => {
    expect(() => every('soon' as never)).toThrow(expect.objectContaining({ code: 'CORE_DURATION_INVALID' }))
    expect(() => every(-5)).toThrow(expect.objectContaining({ code: 'CORE_DURATION_INVALID' }))
  })
})

describe('at', () => {
  it('has one slot', () => {
    const schedule = at(new Date('2026-12-01T09:00:00Z'))
    expect(iso(nextRuns(schedule, { from, count: 5 }))).toEqual(['2026-12-01T09:00:00.000Z'])
    expect(nextRuns(schedule, { from: new Date('2026-12-01T09:00:00Z'), count: 5 })).toEqual([])
  })
})

describe('nextRuns', () => {
  it('counts from now unless told otherwise', () => {
    const clock = new SimulatedClock({ now: new Date('2026-01-01T00:00:00Z') })
    expect(iso(nextRuns(cron('0 12 * * *'), { clock }))).toEqual(['2026-01-01T12:00:00.000Z'])
  })

  it('ends where dates have no notation any more', () => {
    expect(nextRuns(cron('0 0 1 1 *'), { from: new Date('9997-06-01T00:00:00Z'), count: 9 })).toHaveLength(3)
    expect(nextRuns(every('1d'), { from: new Date('+010000-01-02T00:00:00Z'), count: 9 })).toEqual([])
  })

  it('goes on in ascending order, each slot later than the one before', () => {
    const zones = ['UTC', 'America/New_York', 'Australia/Lord_Howe', 'Pacific/Apia', 'Africa/Casablanca']
    const expression = fc.constantFrom('*/7 * * * *', '30 2 * * *', '0 */3 1 * 5', '15 1 L * *')
    fc.assert(
      fc.property(expression, fc.constantFrom(...zones), fc.integer({ min: 0, max: 2.2e12 }), (text, zone, start) => {
        const schedule = cron(text, { zone })
        const slots = nextRuns(schedule, { from: new Date(start), count: 30 }).map(Number)
        expect(slots.every((slot, index) => slot > (slots[index - 1] ?? start))).toBe(true)
        // Where the search begins makes no difference.
        expect(schedule.next(slots[10]! - 1)).toBe(slots[10])
        expect(schedule.next(Math.floor((slots[10]! + slots[11]! - 1) / 2))).toBe(slots[11])
      }),
      { numRuns: 200 },
    )
  })
})

describe('explain', () => {
  const zone = 'America/New_York'
  const reasons = (expression: string, options: Parameters<typeof cron>[1], start: string, count: number) =>
    explain(cron(expression, { zone, ...options }), { from: new Date(start), count }).map(({ local, reason }) => [
      local,
      reason,
    ])

  it('tells the first instant after a gap', () => {
    expect(reasons('30 2 * * *', {}, '2026-03-08T00:00:00Z', 2)).toEqual([
      ['2026-03-08T03:00:00-04:00', 'after-gap'],
      ['2026-03-09T02:30:00-04:00', 'regular'],
    ])
  })

  it('tells a shifted run', () => {
    expect(reasons('30 2 * * *', { dst: { gap: 'shift' } }, '2026-03-08T00:00:00Z', 1)).toEqual([
      ['2026-03-08T03:30:00-04:00', 'shifted'],
    ])
  })

  it('tells both passes of an overlap', () => {
    expect(reasons('30 * * * *', {}, '2026-11-01T05:00:00Z', 3)).toEqual([
      ['2026-11-01T01:30:00-04:00', 'first-of-overlap'],
      ['2026-11-01T01:30:00-05:00', 'second-of-overlap'],
      ['2026-11-01T02:30:00-05:00', 'regular'],
    ])
  })

  it('writes offsets east of Greenwich, and those of half hours', () => {
    const [run] = explain(cron('0 0 * * *', { zone: 'Asia/Kathmandu' }), { from, count: 1 })
    expect(run!.local).toBe('2026-11-21T00:00:00+05:45')
    expect(explain(every('1h'), { from, count: 1 })[0]!.local).toBe('2026-11-20T11:00:00+00:00')
    expect(explain(at(new Date('2026-12-01T00:00:00Z')), { from, count: 1 })[0]!.reason).toBe('regular')
  })

  it('adds the jitter of a job', () => {
    const [run] = explain(every('1h', { jitter: '5m' }), { from, count: 1, id: 'report' })
    expect(run!.runsAt.getTime() - run!.slot.getTime()).toBe(jitterDelay('report', 300_000))
  })
})

describe('jitterDelay', () => {
  it('depends on the id alone and spreads ids that look alike evenly', () => {
    const delays = Array.from({ length: 10_000 }, (_, index) => jitterDelay(`tenant-${index}`, 600_000))
    expect(jitterDelay('tenant-7', 600_000)).toBe(delays[7])
    const tenths = new Array<number>(10).fill(0)
    for (const delay of delays) tenths[Math.floor(delay / 60_000)]!++
    expect(Math.min(...tenths)).toBeGreaterThan(900)
    expect(Math.max(...tenths)).toBeLessThan(1_100)
    expect(jitterDelay('x', 0)).toBe(0)
  })
})

describe('recentSlots', () => {
  it('gives the last slots of a span, as walking through it would', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('*/5 * * * *', '0 9 * * 1-5', '0 0 1 * *', '* 0 1 1 *'),
        fc.integer({ min: 0, max: 1e12 }),
        fc.integer({ min: -1_000, max: 40 * 86_400_000 }),
        fc.integer({ min: 1, max: 20 }),
        (expression, after, length, limit) => {
          const schedule = cron(expression)
          const walked: number[] = []
          for (let slot = schedule.next(after)!; slot <= after + length; slot = schedule.next(slot)!) walked.push(slot)
          expect(recentSlots(schedule, after, after + length, limit)).toEqual(walked.slice(-limit))
        },
      ),
      { numRuns: 200 },
    )
  })

  it('costs no more for years of downtime', () => {
    let looks = 0
    const second = cron('* * * * * *')
    const counted = { ...second, next: (after: number) => (looks++, second.next(after)) }
    expect(recentSlots(counted, 0, Date.UTC(2026, 0, 1), 3)).toHaveLength(3)
    expect(looks).toBeLessThan(100)
  })
})
