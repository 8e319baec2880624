/** 9999-12-31T23:59:59.999Z: what four-digit years and signed nanoseconds of most receivers still hold is less, see sinks. */
const latest = 253_402_300_799_999

/**
 * Milliseconds since 1970 that a field names: a number of milliseconds (or seconds, as the smaller numbers must be), or
 * ISO 8601 text. Undefined for anything that is no time between 1970 and 9999.
 */
export function timeOf(value: unknown): number | undefined {
  const time = typeof value === 'number' ? scaled(value) : typeof value === 'string' ? parsed(value) : Number.NaN
  return time >= 0 && time <= latest ? time : undefined
}

/** A count of seconds reaches 10¹⁰ in the year 2286, a count of milliseconds passed it in April 1970. */
function scaled(value: number): number {
  return value < 1e10 ? value * 1_000 : value
}

/** `Date.parse` alone reads a date into nearly anything. */
function parsed(text: string): number {
  return /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d/.test(text) && text.length <= 40 ? Date.parse(text) : Number.NaN
}
