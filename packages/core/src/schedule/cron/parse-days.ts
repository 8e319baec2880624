import { cronError, partOf, splitParts, type CronText } from './cron-error.ts'
import type { MonthDays, WeekDays } from './day-rule.ts'
import { parseNumber, parseValues } from './parse-values.ts'

/** Reads the day-of-month field: values, `L`, `L-3`, `15W`, `LW`, `?`. */
export function parseMonthDays(field: CronText): MonthDays {
  let mask = 0
  const fromLast: number[] = []
  const nearestWeekday: number[] = []
  for (const item of splitParts(field, ',')) {
    const text = item.text.toUpperCase()
    if (text === 'LW' || text === 'WL') nearestWeekday.push(0)
    else if (text.startsWith('L')) fromLast.push(parseBack(item))
    else if (text.endsWith('W')) nearestWeekday.push(parseNumber(partOf(item, 0, text.length - 1)))
    else for (const day of openOrValues(item, field)) mask |= 1 << (day - 1)
  }
  return { mask, fromLast, nearestWeekday }
}

/** Reads the day-of-week field: values, `FRI#2`, `FRIL`, `?`. */
export function parseWeekDays(field: CronText): WeekDays {
  let mask = 0
  const counted: { readonly weekday: number; readonly count: number }[] = []
  for (const item of splitParts(field, ',')) {
    const text = item.text.toUpperCase()
    const hash = text.indexOf('#')
    if (hash >= 0)
      counted.push({ weekday: parseNumber(partOf(item, 0, hash)) % 7, count: parseCount(partOf(item, hash + 1)) })
    else if (text === 'L') throw cronError(item, 'L needs a weekday here, such as FRIL for the last Friday')
    else if (text.endsWith('L')) counted.push({ weekday: parseNumber(partOf(item, 0, text.length - 1)) % 7, count: 0 })
    else for (const weekday of openOrValues(item, field)) mask |= 1 << weekday
  }
  return { mask, counted }
}

function openOrValues(item: CronText, field: CronText): number[] {
  if (item.text !== '?') return parseValues(item)
  if (field.text !== '?') throw cronError(item, 'a question mark stands alone')
  return parseValues({ ...item, text: '*' })
}

function parseBack(item: CronText): number {
  if (item.text.length === 1) return 0
  const match = /^L-(\d{1,2})$/i.exec(item.text)
  if (match === null || Number(match[1]) > 30)
    throw cronError(item, `"${item.text}" is not L, LW or L with a number of days from 0 to 30, such as L-3`)
  return Number(match[1])
}

function parseCount(item: CronText): number {
  if (item.text.toUpperCase() === 'L') return 0
  if (!/^[1-5]$/.test(item.text)) throw cronError(item, `the count "${item.text}" after # is not between 1 and 5`)
  return Number(item.text)
}
