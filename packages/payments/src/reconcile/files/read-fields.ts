/** What {@link readAmount} gives for what is no amount. */
const noAmount = Number.NaN

/**
 * Minor units from decimal text such as `-49.90`; `noAmount` for anything else, for more decimals than the currency has and
 * beyond 2⁵³. The plain form of it is `money`.
 */
export function readAmount(view: DataView, start: number, end: number, mark: number, exponent: number): number {
  let at = start
  const first = at < end ? view.getUint8(at) : 0
  const isBelow = first === 45
  if (isBelow || first === 43) at++
  const begin = at
  let value = 0
  for (; at < end; at++) {
    const digit = view.getUint8(at) - 48
    if (digit < 0 || digit > 9) break
    value = value * 10 + digit
  }
  if (at === begin) return noAmount
  let decimals = 0
  if (at < end) {
    if (view.getUint8(at) !== mark || at + 1 === end) return noAmount
    for (at++; at < end; at++, decimals++) {
      const digit = view.getUint8(at) - 48
      if (digit < 0 || digit > 9) return noAmount
      value = value * 10 + digit
    }
  }
  if (decimals > exponent) return noAmount
  for (; decimals < exponent; decimals++) value *= 10
  if (value > Number.MAX_SAFE_INTEGER) return noAmount
  return isBelow && value > 0 ? -value : value
}

const monthDays = Uint8Array.of(0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
/** A digit, but for what its four lower bits say. */
const digitMarks = 0x30303030

/** Days since 1970 from `YYYY-MM-DD` with anything behind it; -1 for a day that no calendar has, or before 1970. */
export function readDay(view: DataView, start: number, end: number): number {
  if (end - start < 10) return -1
  if (end - start > 10) {
    const next = view.getUint8(start + 10)
    if (next >= 48 && next <= 57) return -1
  }
  const years = view.getInt32(start, true) ^ digitMarks
  const months = view.getInt32(start + 4, true) ^ 0x2d30302d
  const days = view.getUint16(start + 8, true) ^ (digitMarks & 0xffff)
  // All bytes are digits when none is above 9; where the dashes are, nothing is left.
  if (((years | (years + 0x76767676)) & 0x80808080) !== 0) return -1
  if (((months | (months + 0x7f76767f)) & 0x80808080) !== 0) return -1
  if (((days | (days + 0x7676)) & 0x8080) !== 0) return -1
  const year = (years & 15) * 1_000 + ((years >>> 8) & 15) * 100 + ((years >>> 16) & 15) * 10 + (years >>> 24)
  const month = ((months >>> 8) & 15) * 10 + ((months >>> 16) & 15)
  const day = (days & 15) * 10 + (days >>> 8)
  if (year < 1970 || month < 1 || month > 12 || day < 1) return -1
  const isLeap = (year & 3) === 0 && (year % 100 !== 0 || year % 400 === 0)
  if (day > (month === 2 && isLeap ? 29 : monthDays[month]!)) return -1
  // Days of the civil calendar, counted from March so that the leap day is the last (H. Hinnant, chrono-compatible dates).
  const counted = month <= 2 ? year - 1 : year
  const fromMarch = (((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) | 0) + day - 1
  return counted * 365 + (counted >> 2) - ((counted / 100) | 0) + ((counted / 400) | 0) + fromMarch - 719_468
}
