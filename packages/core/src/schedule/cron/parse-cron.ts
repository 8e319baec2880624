import { scheduleErrors } from '../errors.ts'
import { cronError, splitParts, type CronText } from './cron-error.ts'
import { daysOfMonth, type DayRule } from './day-rule.ts'
import { fieldRanges, type FieldName } from './field-names.ts'
import { parseMonthDays, parseWeekDays } from './parse-days.ts'
import { parseValues } from './parse-values.ts'
import { valueTable } from './value-table.ts'

/** An expression, ready for the search. */
export interface CronFields {
  /** Tables of {@link valueTable}. */
  readonly seconds: Uint8Array
  readonly minutes: Uint8Array
  readonly hours: Uint8Array
  /** January is bit 1. */
  readonly months: number
  readonly days: DayRule
  /** Whether the hour begins with a star: then runs follow the elapsed time when the clocks change. */
  readonly isHourOpen: boolean
  /** The expression with macros replaced, fields in upper case and the second written out. */
  readonly canonical: string
}

const macros: Readonly<Record<string, string>> = {
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
  '@monthly': '0 0 1 * *',
  '@weekly': '0 0 * * 0',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@hourly': '0 * * * *',
}

const fieldOrder: readonly FieldName[] = ['second', 'minute', 'hour', 'day-of-month', 'month', 'day-of-week']
const longestExpression = 1_000

/**
 * Reads an expression of 5 or 6 fields, or a macro.
 *
 * @throws `CORE_SCHEDULE_CRON`, `CORE_SCHEDULE_IMPOSSIBLE`
 */
export function parseCron(expression: string): CronFields {
  const [second, minute, hour, monthDay, month, weekDay] = readFields(expression) as [
    CronText,
    CronText,
    CronText,
    CronText,
    CronText,
    CronText,
  ]
  const fields: CronFields = {
    seconds: parseTable(second),
    minutes: parseTable(minute),
    hours: parseTable(hour),
    months: parseList(month).reduce((mask, value) => mask | (1 << value), 0),
    days: {
      monthDays: parseMonthDays(monthDay),
      weekDays: parseWeekDays(weekDay),
      isMonthDayOpen: isOpen(monthDay),
      isWeekDayOpen: isOpen(weekDay),
    },
    isHourOpen: isOpen(hour),
    canonical: [second, minute, hour, monthDay, month, weekDay].map(({ text }) => text.toUpperCase()).join(' '),
  }
  assertPossible(fields, monthDay)
  return fields
}

function readFields(expression: unknown): CronText[] {
  const whole = (text: string): CronText => ({ expression: text, field: 'expression', text, offset: 0 })
  if (typeof expression !== 'string') throw cronError(whole(String(expression)), 'it is not text')
  if (expression.length > longestExpression)
    throw cronError(whole(expression), `it is longer than ${longestExpression} characters`)
  const found = [...expression.matchAll(/\S+/g)]
  if (found.length === 1 && found[0]![0].startsWith('@')) return readMacro(whole(expression), found[0]![0])
  if (found.length !== 5 && found.length !== 6)
    throw cronError(whole(expression), `it has ${found.length} fields instead of 5 or 6`)
  const names = found.length === 6 ? fieldOrder : fieldOrder.slice(1)
  const fields = found.map(({ 0: text, index }, place): CronText => ({
    expression,
    field: names[place]!,
    text,
    offset: index,
  }))
  return found.length === 6 ? fields : [{ expression, field: 'second', text: '0', offset: 0 }, ...fields]
}

function readMacro(whole: CronText, name: string): CronText[] {
  const expression = macros[name.toLowerCase()]
  if (expression === undefined) throw cronError(whole, `"${name}" is not one of ${Object.keys(macros).join(', ')}`)
  return readFields(expression)
}

function isOpen({ text }: CronText): boolean {
  return text.startsWith('*') || text === '?'
}

function parseTable(field: CronText): Uint8Array {
  return valueTable(parseList(field), fieldRanges[field.field as FieldName].max)
}

function parseList(field: CronText): number[] {
  return splitParts(field, ',').flatMap(parseValues)
}

/** The Gregorian calendar repeats after 400 years, weekdays included: a day that is not in them never comes. */
function assertPossible({ months, days }: CronFields, { expression, offset, text }: CronText): void {
  for (let year = 2000; year < 2400; year++)
    for (let month = 1; month <= 12; month++) if ((months >> month) & 1 && daysOfMonth(days, year, month) !== 0) return
  const reason = `no year has the day "${text}" in the months and on the weekdays it names`
  throw scheduleErrors.CORE_SCHEDULE_IMPOSSIBLE({ expression, reason, field: 'day-of-month', offset })
}
