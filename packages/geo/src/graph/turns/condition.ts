const weekdays = ['Su', 'Mo', 'Tu', 'We', 'Th', 'Fr', 'Sa']
const minutesOfDay = 1_440

/**
 * Whether a condition of a conditional restriction holds at a civil time: days and hours such as `Mo-Fr 07:00-09:00,16:00-18:30`
 * or `22:00-06:00` or `Sa,Su`, in parentheses or without, several parted by semicolons. What is not of this kind, such as `wet`
 * or `PH`, may hold and therefore does.
 *
 * @param at such as `2026-11-23T08:00`; undefined stands for any time, so that every condition holds
 */
export function conditionHolds(condition: string, at: string | undefined): boolean {
  const time = at === undefined ? undefined : civilTime(at)
  if (time === undefined) return true
  const plain = condition.trim().replace(/^\((.*)\)$/, '$1')
  return plain.split(';').some((part) => partHolds(part.trim(), time))
}

interface CivilTime {
  /** 0 is Sunday. */
  readonly weekday: number
  /** Of the day. */
  readonly minute: number
}

/** The weekday and minute of a text such as `2026-11-23T08:00`; undefined for anything else. */
export function civilTime(text: string): CivilTime | undefined {
  const [, date, hour, minute] = /^(\d{4}-\d\d-\d\d)T(\d\d):(\d\d)(?::\d\d)?$/.exec(text) ?? []
  const day = Date.parse(`${date}T00:00:00Z`)
  if (Number.isNaN(day) || Number(hour) > 23 || Number(minute) > 59) return undefined
  return { weekday: new Date(day).getUTCDay(), minute: Number(hour) * 60 + Number(minute) }
}

function partHolds(part: string, { weekday, minute }: CivilTime): boolean {
  const [, days, hours] =
    /^((?:[A-Z][a-z](?:\s*[-,]\s*[A-Z][a-z])*)?)\s*((?:\d\d?:\d\d-\d\d?:\d\d(?:\s*,\s*)?)*)$/.exec(part) ?? []
  const wanted = days === undefined ? undefined : daysOf(days)
  if (wanted === undefined || hours === undefined || part === '') return true
  const spans = [...hours.matchAll(/(\d\d?):(\d\d)-(\d\d?):(\d\d)/g)].map(([, ...numbers]) => numbers.map(Number))
  if (spans.length === 0) return wanted.has(weekday)
  return spans.some(([fromHour, fromMinute, toHour, toMinute]) => {
    const from = fromHour! * 60 + fromMinute!
    const to = toHour! * 60 + toMinute!
    if (from < to) return wanted.has(weekday) && minute >= from && minute < to
    // Over midnight: the evening of the day, or the morning after it.
    const isEvening = wanted.has(weekday) && minute >= from && minute < minutesOfDay
    return isEvening || (wanted.has((weekday + 6) % 7) && minute < to)
  })
}

/** The days of `Mo-Fr,Su`, all for none; undefined for other words, such as holidays. */
function daysOf(text: string): ReadonlySet<number> | undefined {
  const days = new Set<number>()
  if (text === '') return new Set(weekdays.keys())
  for (const range of text.split(',')) {
    const [from, to] = range.split('-').map((day) => weekdays.indexOf(day.trim()))
    if (from === undefined || from < 0 || (to !== undefined && to < 0)) return undefined
    for (let day = from; ; day = (day + 1) % 7) {
      days.add(day)
      if (day === (to ?? from)) break
    }
  }
  return days
}
