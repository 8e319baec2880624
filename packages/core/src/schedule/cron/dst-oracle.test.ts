import { describe, expect, it } from 'vitest'
import { cron } from '../cron.ts'
import { bruteForceSlots, daysWithChange, wallMinutes } from './brute-force.fixture.ts'

const day = 86_400_000
const sample: readonly (readonly [zone: string, from: number, to: number])[] = [
  ['America/New_York', 2007, 2012],
  ['Europe/London', 2024, 2029],
  ['Australia/Lord_Howe', 2000, 2005],
  ['Antarctica/Troll', 2024, 2028],
  ['Pacific/Apia', 2009, 2013],
  ['Asia/Kathmandu', 2000, 2002],
  ['Africa/Casablanca', 2012, 2016],
  ['America/St_Johns', 2005, 2009],
  ['Asia/Gaza', 2036, 2040],
  ['Antarctica/Casey', 2009, 2013],
]
const expressions = [
  '30 2 * * *',
  '*/15 * * * *',
  '0 0 * * *',
  '30 1 * * *',
  '15 */2 * * *',
  '59 23 L * *',
  '7,37 0-3 * * *',
  '5 3 1-7 * 0',
  '*/10 1-2 * 3,10,11 0',
  '0 12 30 12 *',
]
const gaps = ['run-after', 'shift', 'skip'] as const
const overlaps = ['once', 'both'] as const

describe('cron against every minute around changes of the clocks', () => {
  it.each(sample)('%s %i–%i', (zone, firstYear, lastYear) => {
    const differences: string[] = []
    let changes = 0
    for (const change of [
      Date.UTC(firstYear, 0, 1),
      ...daysWithChange(zone, Date.UTC(firstYear, 0, 1), Date.UTC(lastYear, 0, 1)),
    ]) {
      changes++
      const minutes = wallMinutes(zone, change - day, change + 2 * day)
      for (const expression of expressions)
        for (const gap of gaps)
          for (const overlap of overlaps) {
            const schedule = cron(expression, { zone, dst: { gap, overlap } })
            const found: number[] = []
            for (
              let slot = schedule.next(change - day);
              slot !== undefined && slot < change + 2 * day;
              slot = schedule.next(slot)
            )
              found.push(slot)
            const expected = bruteForceSlots(expression, minutes, { gap, overlap }).filter(
              (slot) => slot > change - day,
            )
            if (found.join() !== expected.join())
              differences.push(`${expression} ${gap} ${overlap} at ${new Date(change).toISOString()}`)
          }
    }
    expect(differences).toEqual([])
    expect(changes).toBeGreaterThanOrEqual(zone === 'Asia/Kathmandu' ? 1 : 3)
  })

  it('takes Vixie’s rule by default: named hours run once, open hours follow the time that passes', () => {
    const zone = 'America/New_York'
    for (const expression of expressions) {
      const isOpen = expression.split(' ')[1]!.startsWith('*')
      const chosen = cron(expression, {
        zone,
        dst: isOpen ? { gap: 'skip', overlap: 'both' } : { gap: 'run-after', overlap: 'once' },
      })
      expect(cron(expression, { zone }).text).toBe(chosen.text)
    }
  })
})
