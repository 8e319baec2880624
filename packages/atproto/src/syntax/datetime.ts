const shape = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(\.\d{1,20})?(Z|([+-])(\d\d):(\d\d))$/

/**
 * Whether the text is a date and time as records have it: RFC 3339 with an upper-case T and Z, seconds, a zone that is not
 * `-00:00`, of a day and a time of day that exist. At most 64 characters; leap seconds are refused.
 *
 * @example
 * ```ts
 * import { isDatetime } from '@exprsn/atproto/syntax'
 *
 * console.log(isDatetime('1985-04-12T23:20:50.123Z'), isDatetime('1985-02-30T00:00:00Z')) // true false
 * ```
 */
export function isDatetime(text: string): boolean {
  const match = text.length <= 64 ? shape.exec(text) : null
  if (match === null || match[8] === '-00:00') return false
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map(Number) as [number, ...number[]]
  const zone = Number(match[10] ?? 0) <= 23 && Number(match[11] ?? 0) <= 59
  return zone && hour! <= 23 && minute! <= 59 && second! <= 59 && isDay(year, month!, day!)
}

function isDay(year: number, month: number, day: number): boolean {
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)
  const lengths = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
  return day >= 1 && day <= (lengths[month - 1] ?? 0)
}
