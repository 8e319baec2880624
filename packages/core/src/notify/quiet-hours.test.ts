import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { quietHours } from './quiet-hours.ts'

const at = (text: string): number => Date.parse(text)

describe('quietHours', () => {
  it('waits until the morning, and not at all for what is critical', () => {
    const quiet = quietHours({ from: '22:00', to: '07:00', zone: 'Europe/Berlin' })
    expect(quiet(at('2026-07-01T20:00:00Z'), 'info')).toBe(at('2026-07-02T05:00:00Z'))
    expect(quiet(at('2026-07-02T04:59:59.999Z'), 'warning')).toBe(at('2026-07-02T05:00:00Z'))
    expect(quiet(at('2026-07-02T05:00:00Z'), 'warning')).toBeUndefined()
    expect(quiet(at('2026-07-01T19:59:59.999Z'), 'warning')).toBeUndefined()
    expect(quiet(at('2026-07-01T23:00:00Z'), 'critical')).toBeUndefined()
    const louder = quietHours({ from: '22:00', to: '07:00', zone: 'Europe/Berlin', except: 'warning' })
    expect(louder(at('2026-07-01T23:00:00Z'), 'warning')).toBeUndefined()
  })

  it('ends at the hour on the wall in nights in which the clocks change', () => {
    const quiet = quietHours({ from: '22:00', to: '07:00', zone: 'America/New_York' })
    expect(quiet(at('2026-03-08T05:00:00Z'), 'info')).toBe(at('2026-03-08T11:00:00Z'))
    expect(quiet(at('2026-11-01T05:00:00Z'), 'info')).toBe(at('2026-11-01T12:00:00Z'))
  })

  it('is quiet exactly between the two times on the wall, in any zone', () => {
    const time = fc.tuple(fc.integer({ min: 4, max: 23 }), fc.integer({ min: 0, max: 59 }))
    const zone = fc.constantFrom('UTC', 'Asia/Kolkata', 'America/New_York', 'Europe/London', 'Australia/Lord_Howe')
    fc.assert(
      fc.property(time, time, zone, fc.integer({ min: 1.6e12, max: 1.9e12 }), (from, to, where, now) => {
        fc.pre(from.join() !== to.join())
        const text = ([hour, minute]: readonly number[]): string =>
          `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`
        const wall = new Intl.DateTimeFormat('en-GB', { timeZone: where, hour: '2-digit', minute: '2-digit' }).format(
          now,
        )
        const [begin, end] = [text(from), text(to)]
        const inside = begin < end ? wall >= begin && wall < end : wall >= begin || wall < end
        const until = quietHours({ from: begin, to: end, zone: where })(now, 'info')
        expect(until !== undefined).toBe(inside)
      }),
      { numRuns: 200 },
    )
  })

  it('refuses what is no time, zone or severity', () => {
    const hours = { from: '22:00', to: '07:00' }
    for (const wrong of [{ from: '24:00' }, { to: '7:00' }, { to: '22:00' }, { except: 'loud' as 'info' }])
      expect(() => quietHours({ ...hours, ...wrong })).toThrow(
        expect.objectContaining({ code: 'CORE_NOTIFY_OPTION_INVALID' }),
      )
    expect(() => quietHours({ ...hours, zone: 'Mars/Base' })).toThrow(
      expect.objectContaining({ code: 'CORE_SCHEDULE_ZONE' }),
    )
  })
})
