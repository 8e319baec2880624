const months = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

/** `YYYY-MM-DD` from its numbers as they were written; undefined for a day that no calendar has. */
export function civilDate(year: string, month: string, day: string): string | undefined {
  const [y, m, d] = [Number(year), Number(month), Number(day)]
  if (!Number.isInteger(y) || y < 1900 || y > 9999 || !(m >= 1 && m <= 12) || !Number.isInteger(d)) return undefined
  const isLeap = y % 4 === 0 && (y % 100 !== 0 || y % 400 === 0)
  const days = m === 2 && isLeap ? 29 : months[m - 1]!
  if (d < 1 || d > days) return undefined
  return `${year.padStart(4, '0')}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`
}

/** A date written as `YYYYMMDD`, or `YYYY-MM-DD` with anything behind it. */
export function isoDate(text: string): string | undefined {
  const parts = /^(\d{4})-?(\d{2})-?(\d{2})(?:$|\D|\d{6})/.exec(text)
  return parts === null ? undefined : civilDate(parts[1]!, parts[2]!, parts[3]!)
}

/** A date with a year of two digits: 80 to 99 are of the last century, as SWIFT counts. */
export function shortDate(text: string): string | undefined {
  const parts = /^(\d{2})(\d{2})(\d{2})$/.exec(text)
  if (parts === null) return undefined
  const [, year, month, day] = parts
  return civilDate(`${Number(year) >= 80 ? 19 : 20}${year}`, month!, day!)
}
