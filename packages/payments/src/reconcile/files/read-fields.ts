/** What {@link readAmount} gives for what is no amount. */
const noAmount = Number.NaN

/**
 * Minor units from decimal text such as `-49.90`; `noAmount` for anything else, for more decimals than the currency has and
 * beyond 2⁵³. The plain form of it is `money`.
 */
export function readAmount(bytes: Uint8Array, start: number, end: number, mark: number, exponent: number): number {
  let at = start
  const first = bytes[at]
  const isBelow = first === 45
  if (isBelow || first === 43) at++
  const begin = at
  let value = 0
  for (; at < end; at++) {
    const digit = bytes[at]! - 48
    if (digit < 0 || digit > 9) break
    value = value * 10 + digit
  }
  if (at === begin) return noAmount
  let decimals = 0
  if (at < end) {
    if (bytes[at] !== mark || at + 1 === end) return noAmount
    for (at++; at < end; at++, decimals++) {
      const digit = bytes[at]! - 48
      if (digit < 0 || digit > 9) return noAmount
      value = value * 10 + digit
    }
  }
  if (decimals > exponent) return noAmount
  for (; decimals < exponent; decimals++) value *= 10
  if (value > Number.MAX_SAFE_INTEGER) return noAmount
  return isBelow && value > 0 ? -value : value
}

const monthDays = [0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

/** Days since 1970 from `YYYY-MM-DD` with anything behind it; -1 for a day that no calendar has, or before 1970. */
export function readDay(bytes: Uint8Array, start: number, end: number): number {
  if (end - start < 10 || bytes[start + 4] !== 45 || bytes[start + 7] !== 45) return -1
  const next = bytes[start + 10]!
  if (end - start > 10 && next >= 48 && next <= 57) return -1
  const year = digits(bytes, start, 4)
  const month = digits(bytes, start + 5, 2)
  const day = digits(bytes, start + 8, 2)
  if (!(year >= 1970 && month >= 1 && month <= 12 && day >= 1)) return -1
  const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)
  if (day > (month === 2 && isLeap ? 29 : monthDays[month]!)) return -1
  // Days of the civil calendar, counted from March so that the leap day is the last (H. Hinnant, chrono-compatible dates).
  const counted = month <= 2 ? year - 1 : year
  const fromMarch = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1
  return (
    counted * 365 +
    Math.floor(counted / 4) -
    Math.floor(counted / 100) +
    Math.floor(counted / 400) +
    fromMarch -
    719_468
  )
}

function digits(bytes: Uint8Array, start: number, count: number): number {
  let value = 0
  for (let at = start; at < start + count; at++) {
    const digit = bytes[at]! - 48
    if (digit < 0 || digit > 9) return Number.NaN
    value = value * 10 + digit
  }
  return value
}
