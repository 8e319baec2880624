import { daysFromCivil, daysInMonth, weekdayOf } from '../calendar/civil.ts'

/** Which days of the month a field names; day `d` is bit `d - 1`. */
export interface MonthDays {
  readonly mask: number
  /** Days counted back from the last: `L` is 0, `L-3` is 3. */
  readonly fromLast: readonly number[]
  /** Days of which the nearest weekday is meant: `15W`; 0 means the last weekday (`LW`). */
  readonly nearestWeekday: readonly number[]
}

/** Which weekdays a field names; Sunday is bit 0. */
export interface WeekDays {
  readonly mask: number
  /** `FRI#2`, as weekday and count; a count of 0 means the last of the month (`FRIL`). */
  readonly counted: readonly { readonly weekday: number; readonly count: number }[]
}

/** The day fields of an expression; a field that begins with a star, or is a question mark, is open. */
export interface DayRule {
  readonly monthDays: MonthDays
  readonly weekDays: WeekDays
  readonly isMonthDayOpen: boolean
  readonly isWeekDayOpen: boolean
}

/** The same weekday bits for each week from the first of a month on. */
const everyWeek = 1 + 2 ** 7 + 2 ** 14 + 2 ** 21 + 2 ** 28

/**
 * The days of one month that a rule allows. When both fields are restricted a day that matches either is allowed, else
 * both must match: the rule of Vixie's cron (crontab(5)), in which a field that begins with a star is not restricted.
 */
export function daysOfMonth(
  { monthDays, weekDays, isMonthDayOpen, isWeekDayOpen }: DayRule,
  year: number,
  month: number,
): number {
  const length = daysInMonth(year, month)
  const first = weekdayOf(daysFromCivil(year, month, 1))
  const byMonthDay = monthDayMask(monthDays, length, first)
  const byWeekDay = weekDayMask(weekDays, length, first)
  const either = !isMonthDayOpen && !isWeekDayOpen
  return (either ? byMonthDay | byWeekDay : byMonthDay & byWeekDay) & lengthMask(length)
}

function lengthMask(length: number): number {
  return length === 31 ? 0x7fff_ffff : (1 << length) - 1
}

function monthDayMask({ mask, fromLast, nearestWeekday }: MonthDays, length: number, first: number): number {
  let days = mask
  for (const back of fromLast) if (back < length) days |= 1 << (length - back - 1)
  for (const day of nearestWeekday) {
    const wanted = day === 0 ? length : day
    if (wanted <= length) days |= 1 << ((day === 0 ? lastWeekday : nearestTo)(wanted, length, first) - 1)
  }
  return days
}

/** Monday to Friday nearest to a day without leaving the month. */
function nearestTo(day: number, length: number, first: number): number {
  const weekday = (first + day - 1) % 7
  if (weekday === 6) return day === 1 ? 3 : day - 1
  if (weekday === 0) return day === length ? day - 2 : day + 1
  return day
}

function lastWeekday(_: number, length: number, first: number): number {
  const weekday = (first + length - 1) % 7
  if (weekday === 6) return length - 1
  return weekday === 0 ? length - 2 : length
}

function weekDayMask({ mask, counted }: WeekDays, length: number, first: number): number {
  // Bit 0 becomes the weekday of the first of the month.
  let days = Math.imul(((mask >> first) | (mask << (7 - first))) & 0x7f, everyWeek)
  for (const { weekday, count } of counted) {
    const firstOne = 1 + ((weekday - first + 7) % 7)
    const day = count === 0 ? firstOne + 7 * Math.floor((length - firstOne) / 7) : firstOne + 7 * (count - 1)
    if (day <= length) days |= 1 << (day - 1)
  }
  return days
}
