import { Cron } from 'croner'
import { describe, expect, it } from 'vitest'
import { cron } from '../cron.ts'

/** Where croner 11 answers otherwise, and why ours is wanted. */
const explained = [
  {
    expression: '0 0 */2 * 5',
    where: () => true,
    why: 'In Vixie’s cron a day field that begins with a star is open, also with a step, so both fields must match. Croner takes */2 as restricted.',
  },
  {
    expression: '20 1-3 * * 0',
    where: (zone: string) => changing.has(zone),
    why: 'In Vixie’s cron only an hour that begins with a star follows the elapsed time. Croner treats every range of hours so: it makes up for nothing in the gap and runs twice in the overlap.',
  },
]

/** Zones whose clocks changed on Sundays between 01:00 and 04:00 in the years compared. */
const changing = new Set([
  'America/New_York',
  'Europe/London',
  'Australia/Lord_Howe',
  'Antarctica/Troll',
  'Africa/Casablanca',
  'America/St_Johns',
])

const zones = [
  'UTC',
  'America/New_York',
  'Europe/London',
  'Australia/Lord_Howe',
  'Antarctica/Troll',
  'Asia/Kathmandu',
  'Africa/Casablanca',
  'America/St_Johns',
  'Pacific/Apia',
]
const expressions = [
  '*/5 * * * *',
  '30 2 * * *',
  '30 1 * * *',
  '0 9 * * 1-5',
  '0 0 L * *',
  '15 */2 * * *',
  '0 0 * * 5#2',
  '0 12 15W * *',
  '0 0 13 * 5',
  '20 1-3 * * 0',
  '0 0 29 2 *',
  '*/20 * 1 * *',
  '0 0 */2 * 5',
]

describe('croner as a second opinion', () => {
  it.each(zones)('agrees in %s, but for what is explained', (zone) => {
    const different = expressions.filter((expression) => !agree(expression, zone))
    const expected = explained.filter((each) => each.where(zone)).map((each) => each.expression)
    expect(different.sort()).toEqual(expected.sort())
  })
})

/** Around two changes of the clocks in 2026, in its middle, and around the day that Apia left out in 2011. */
function agree(expression: string, zone: string): boolean {
  const ours = cron(expression, { zone })
  const theirs = new Cron(expression, { timezone: zone, paused: true })
  const starts = [
    '2026-02-14',
    '2026-03-06',
    '2026-03-20',
    '2026-03-27',
    '2026-04-03',
    '2026-10-02',
    '2026-10-23',
    '2026-10-30',
    '2011-12-28',
  ]
  return starts.every((start) => {
    const end = Date.parse(start) + 9 * 86_400_000
    let slot: number | undefined = Date.parse(start)
    let run: Date | null = new Date(slot)
    for (let count = 0; count < 300 && slot !== undefined && slot < end; count++) {
      // The dense ones run through the three days in which the change lies.
      slot = ours.next(slot)
      run = theirs.nextRun(run)
      if (slot !== run?.getTime()) return false
      if (expression.startsWith('*/') && count % 20 === 19) run = new Date((slot = slot! + 4 * 3_600_000))
    }
    return true
  })
}
