import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { civilFromDays, daysFromCivil, daysInMonth, weekdayOf } from '../calendar/civil.ts'
import { nextWallTime } from './next-wall-time.ts'
import { parseCron } from './parse-cron.ts'

const day = 86_400_000
const field = (min: number, max: number) =>
  fc.oneof(
    fc.constant('*'),
    fc.integer({ min, max }).map(String),
    fc.tuple(fc.integer({ min, max }), fc.integer({ min, max })).map((ends) => ends.sort((a, b) => a - b).join('-')),
    fc.integer({ min: 2, max: max - min }).map((step) => `*/${step}`),
  )

describe('nextWallTime', () => {
  it('finds what walking through every second finds', () => {
    fc.assert(
      fc.property(
        fc.tuple(field(0, 59), field(0, 59), field(0, 23)),
        fc.integer({ min: 0, max: 4e12 }),
        ([second, minute, hour], after) => {
          const fields = parseCron(`${second} ${minute} ${hour} * * *`)
          const next = nextWallTime(fields, after)!
          let walked = (Math.floor(after / 1_000) + 1) * 1_000
          while (!isAllowed(fields, walked)) walked += 1_000
          expect(next).toBe(walked)
        },
      ),
      { numRuns: 200 },
    )
  })

  it('finds the days that walking through every day finds', () => {
    fc.assert(
      fc.property(
        fc.tuple(field(1, 31), fc.constantFrom('*', '1-6', '2', '3,11', '*/4'), field(0, 6)),
        fc.integer({ min: 0, max: 40_000 }),
        ([monthDay, month, weekDay], start) => {
          fc.pre(!/^(29|30|31)/.test(monthDay) || month === '*')
          const fields = parseCron(`0 0 ${monthDay} ${month} ${weekDay}`)
          let walked = start + 1
          while (!isDay(monthDay, month, weekDay, walked)) walked++
          expect(nextWallTime(fields, start * day)).toBe(walked * day)
        },
      ),
      { numRuns: 200 },
    )
  })

  it('counts days as Date does', () => {
    fc.assert(
      fc.property(fc.integer({ min: -700_000, max: 2_900_000 }), (days) => {
        const date = new Date(days * day)
        const [year, month, dayOfMonth] = [date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate()]
        expect(civilFromDays(days)).toBe(year * 512 + month * 32 + dayOfMonth)
        expect(daysFromCivil(year, month, dayOfMonth)).toBe(days)
        expect(weekdayOf(days)).toBe(date.getUTCDay())
        expect(daysInMonth(year, month)).toBe(new Date(Date.UTC(year, month, 0)).getUTCDate())
      }),
      { numRuns: 2_000 },
    )
  })
})

function isAllowed({ seconds, minutes, hours }: ReturnType<typeof parseCron>, wall: number): boolean {
  const date = new Date(wall)
  const [second, minute, hour] = [date.getUTCSeconds(), date.getUTCMinutes(), date.getUTCHours()]
  return seconds[second] === second && minutes[minute] === minute && hours[hour] === hour
}

function isDay(monthDay: string, month: string, weekDay: string, days: number): boolean {
  const date = new Date(days * day)
  const byMonthDay = holds(monthDay, date.getUTCDate(), 1)
  const byWeekDay = holds(weekDay, date.getUTCDay(), 0)
  const either = !monthDay.startsWith('*') && !weekDay.startsWith('*')
  return holds(month, date.getUTCMonth() + 1, 1) && (either ? byMonthDay || byWeekDay : byMonthDay && byWeekDay)
}

function holds(text: string, value: number, min: number): boolean {
  return text.split(',').some((item) => {
    if (item === '*') return true
    if (item.startsWith('*/')) return (value - min) % Number(item.slice(2)) === 0
    const [low, high = low] = item.split('-').map(Number) as [number, number?]
    return value >= low && value <= high
  })
}
