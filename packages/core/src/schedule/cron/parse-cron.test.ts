import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ExprsnError } from '../../errors/exprsn-error.ts'
import { cron } from '../cron.ts'
import { nextRuns } from '../next-runs.ts'
import { parseCron } from './parse-cron.ts'

const from = new Date('2026-11-20T10:20:30Z') // a Friday

function runs(expression: string, count: number, start = from): string[] {
  return nextRuns(cron(expression), { from: start, count }).map((run) => run.toISOString().slice(0, 19))
}

const days = (expression: string, count: number, start = from) =>
  runs(expression, count, start).map((run) => run.slice(0, 10))

describe('cron expressions', () => {
  it.each([
    ['* * * * *', ['2026-11-20T10:21:00', '2026-11-20T10:22:00']],
    ['*/15 * * * * *', ['2026-11-20T10:20:45', '2026-11-20T10:21:00']],
    ['30 20 10 * * *', ['2026-11-21T10:20:30', '2026-11-22T10:20:30']],
    ['5/20 * * * *', ['2026-11-20T10:25:00', '2026-11-20T10:45:00']],
    ['10-30/10 9,17 * * *', ['2026-11-20T17:10:00', '2026-11-20T17:20:00']],
    ['0 0 1 jan,JUL *', ['2027-01-01T00:00:00', '2027-07-01T00:00:00']],
    ['  0   12 * *  Sun ', ['2026-11-22T12:00:00', '2026-11-29T12:00:00']],
    ['0 12 * * 7', ['2026-11-22T12:00:00', '2026-11-29T12:00:00']],
    ['@hourly', ['2026-11-20T11:00:00', '2026-11-20T12:00:00']],
    ['@daily', ['2026-11-21T00:00:00', '2026-11-22T00:00:00']],
    ['@midnight', ['2026-11-21T00:00:00', '2026-11-22T00:00:00']],
    ['@Weekly', ['2026-11-22T00:00:00', '2026-11-29T00:00:00']],
    ['@monthly', ['2026-12-01T00:00:00', '2027-01-01T00:00:00']],
    ['@yearly', ['2027-01-01T00:00:00', '2028-01-01T00:00:00']],
    ['@annually', ['2027-01-01T00:00:00', '2028-01-01T00:00:00']],
  ])('%s', (expression, expected) => {
    expect(runs(expression, 2)).toEqual(expected)
  })

  it.each([
    ['0 0 L * *', ['2026-11-30', '2026-12-31', '2027-01-31', '2027-02-28']],
    ['0 0 L-3 * *', ['2026-11-27', '2026-12-28', '2027-01-28', '2027-02-25']],
    ['0 0 15W * *', ['2026-12-15', '2027-01-15', '2027-02-15', '2027-03-15']],
    ['0 0 1W * *', ['2026-12-01', '2027-01-01', '2027-02-01', '2027-03-01']],
    ['0 0 1W 5 *', ['2027-05-03', '2028-05-01', '2029-05-01', '2030-05-01']],
    ['0 0 31W * *', ['2026-12-31', '2027-01-29', '2027-03-31', '2027-05-31']],
    ['0 0 LW * *', ['2026-11-30', '2026-12-31', '2027-01-29', '2027-02-26']],
    ['0 0 * * FRI#2', ['2026-12-11', '2027-01-08', '2027-02-12', '2027-03-12']],
    ['0 0 * * 1#5', ['2026-11-30', '2027-03-29', '2027-05-31', '2027-08-30']],
    ['0 0 * * 5L', ['2026-11-27', '2026-12-25', '2027-01-29', '2027-02-26']],
    ['0 0 * * 7L', ['2026-11-29', '2026-12-27', '2027-01-31', '2027-02-28']],
    ['0 0 * * FRI#L', ['2026-11-27', '2026-12-25', '2027-01-29', '2027-02-26']],
    ['0 0 * * FRI-MON', ['2026-11-21', '2026-11-22', '2026-11-23', '2026-11-27']],
    ['0 0 ? * TUE', ['2026-11-24', '2026-12-01', '2026-12-08', '2026-12-15']],
    ['0 0 13 * ?', ['2026-12-13', '2027-01-13', '2027-02-13', '2027-03-13']],
    ['0 0 1,L * *', ['2026-11-30', '2026-12-01', '2026-12-31', '2027-01-01']],
  ])('%s', (expression, expected) => {
    expect(days(expression, 4)).toEqual(expected)
  })

  it.each([
    ['both restricted: either is enough', '0 0 13 * FRI', ['2026-11-27', '2026-12-04', '2026-12-11', '2026-12-13']],
    ['day of week open: both', '0 0 13 * *', ['2026-12-13', '2027-01-13', '2027-02-13', '2027-03-13']],
    [
      'a field that begins with a star is open: both',
      '0 0 */2 * FRI',
      ['2026-11-27', '2026-12-11', '2026-12-25', '2027-01-01'],
    ],
  ])('Vixie’s rule: %s', (_, expression, expected) => {
    expect(days(expression, 4)).toEqual(expected)
  })

  it('finds the 29th of February over the year that has none', () => {
    expect(days('0 0 29 2 *', 3, new Date('2096-03-01T00:00:00Z'))).toEqual(['2104-02-29', '2108-02-29', '2112-02-29'])
    expect(days('0 0 29 2 */7', 2, new Date('2076-03-01T00:00:00Z'))).toEqual(['2088-02-29', '2128-02-29'])
  })

  it.each([
    ['0 0 30 2 *', '30'],
    ['0 0 31 2,4,6,9,11 *', '31'],
    ['0 0 30,31 FEB ?', '30,31'],
    ['0 0 L-30 4 *', 'L-30'],
    ['0 0 31W 6 *', '31W'],
  ])('says that %s never runs', (expression, day) => {
    expect(() => cron(expression)).toThrow(
      expect.objectContaining({
        code: 'CORE_SCHEDULE_IMPOSSIBLE',
        details: expect.objectContaining({ field: 'day-of-month', offset: 4 }),
      }),
    )
    expect(() => cron(expression)).toThrow(`the day "${day}"`)
  })

  it.each([
    ['60 * * * *', 'minute', 0, '60 is not between 0 and 59'],
    ['0 24 * * *', 'hour', 2, '24 is not between 0 and 23'],
    ['0 0 0 * *', 'day-of-month', 4, '0 is not between 1 and 31'],
    ['0 0 1 13 *', 'month', 6, '13 is not between 1 and 12'],
    ['0 0 * * 8', 'day-of-week', 8, '8 is not between 0 and 7'],
    ['61 0 0 * * *', 'second', 0, '61 is not between 0 and 59'],
    ['0 1,x * * *', 'hour', 4, '"x" is not a number'],
    ['0 0 * FEBR *', 'month', 6, '"FEBR" is not a number or a name of three letters'],
    ['0 5-2 * * *', 'hour', 2, 'the range 5-2 runs backwards'],
    ['*/0 * * * *', 'minute', 2, 'the step 0 is not between 1 and 60'],
    ['*/61 * * * *', 'minute', 2, 'the step 61 is not between 1 and 60'],
    ['*/a * * * *', 'minute', 2, 'the step "a" is not a number'],
    ['1, * * * *', 'minute', 2, 'a value is missing'],
    ['1-2-3 * * * *', 'minute', 2, '"2-3" is not a number'],
    ['-5 * * * *', 'minute', 0, 'a value is missing'],
    ['0 0 L-31 * *', 'day-of-month', 4, '"L-31" is not L, LW or L with a number of days from 0 to 30, such as L-3'],
    ['0 0 Lx * *', 'day-of-month', 4, '"Lx" is not L, LW or L with a number of days from 0 to 30, such as L-3'],
    ['0 0 1-5W * *', 'day-of-month', 4, '"1-5" is not a number'],
    ['0 0 1,? * *', 'day-of-month', 6, 'a question mark stands alone'],
    ['0 ? * * *', 'hour', 2, '"?" is not a number'],
    ['0 0 * * L', 'day-of-week', 8, 'L needs a weekday here, such as FRIL for the last Friday'],
    ['0 0 * * FRI#6', 'day-of-week', 12, 'the count "6" after # is not between 1 and 5'],
    ['0 0 * * #2', 'day-of-week', 8, 'a value is missing'],
    ['* * * *', 'expression', 0, 'it has 4 fields instead of 5 or 6'],
    ['* * * * * * *', 'expression', 0, 'it has 7 fields instead of 5 or 6'],
    ['', 'expression', 0, 'it has 0 fields instead of 5 or 6'],
    [
      '@reboot',
      'expression',
      0,
      '"@reboot" is not one of @yearly, @annually, @monthly, @weekly, @daily, @midnight, @hourly',
    ],
    ['1,'.repeat(600), 'expression', 0, 'it is longer than 1000 characters'],
  ])('refuses %s with field and offset', (expression, field, offset, reason) => {
    expect(() => cron(expression)).toThrow(
      expect.objectContaining({
        code: 'CORE_SCHEDULE_CRON',
        details: expect.objectContaining({ field, offset, reason }),
      }),
    )
  })

  it('refuses what is not text', () => {
    for (const value of [undefined, null, 5, {}, []])
      expect(() => cron(value as never)).toThrow(expect.objectContaining({ code: 'CORE_SCHEDULE_CRON' }))
  })

  it('answers hostile text with its own error, at once', () => {
    const piece = fc.constantFrom(
      '*',
      '/',
      '-',
      ',',
      '#',
      'L',
      'W',
      '?',
      ' ',
      '0',
      '5',
      '31',
      '99999',
      'FRI',
      '@',
      '__proto__',
      '\u0000',
      'é',
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
        try {
          parseCron(pieces.join(''))
        } catch (error) {
          expect(ExprsnError.is(error) && error.code.startsWith('CORE_SCHEDULE_')).toBe(true)
        }
      }),
      { numRuns: 5_000 },
    )
  })

  it.each(['Mars/Olympus', '', 'America/New York'])('refuses the zone "%s"', (zone) => {
    expect(() => cron('* * * * *', { zone })).toThrow(expect.objectContaining({ code: 'CORE_SCHEDULE_ZONE' }))
  })

  it('refuses a policy that does not exist', () => {
    expect(() => cron('* * * * *', { dst: { gap: 'later' as never } })).toThrow('"later" is not one of run-after')
    expect(() => cron('* * * * *', { dst: { overlap: 'never' as never } })).toThrow('"never" is not one of once, both')
  })
})
