/** PostgreSQL counts time from 2000-01-01T00:00:00Z. */
const epochMicroseconds = 946_684_800_000_000n

/** Microseconds since 2000 (PostgreSQL's `TimestampTz`) from milliseconds since 1970. */
export function toPostgresTime(milliseconds: number): bigint {
  return BigInt(Math.round(milliseconds * 1_000)) - epochMicroseconds
}

/** Milliseconds since 1970, the microseconds rounded up. */
export function fromPostgresTime(time: bigint): number {
  return Number(floorDivide(time + epochMicroseconds + 999n, 1_000n))
}

/** ISO text in UTC with all six digits, which a `Date` would cut to three: `'2026-11-20T10:41:07.250123Z'`. */
export function formatPostgresTime(time: bigint): string {
  const microseconds = time + epochMicroseconds
  const milliseconds = floorDivide(microseconds, 1_000n)
  const date = new Date(Number(milliseconds))
  if (Number.isNaN(date.getTime())) return `${time} µs after 2000-01-01`
  const rest = String(microseconds - milliseconds * 1_000n).padStart(3, '0')
  return date.toISOString().replace('Z', `${rest}Z`)
}

const pattern = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(?:\.(\d{1,6})\d*)?\s*(Z|[+-]\d\d(?::?\d\d)?)$/

/**
 * Microseconds since 2000 from ISO text with a zone, or from what `clock_timestamp()::text` prints
 * (`2026-11-20 10:41:07.250123+00`); undefined when the text is neither. A zone is required: PostgreSQL would read a
 * time without one in the zone of whichever server happens to restore.
 */
export function parsePostgresTime(text: string): bigint | undefined {
  const match = pattern.exec(text.trim())
  if (match === null) return undefined
  const [, day, time, fraction = '', zone = 'Z'] = match
  const seconds = Date.parse(`${day}T${time}${isoZone(zone)}`)
  if (Number.isNaN(seconds)) return undefined
  return BigInt(seconds) * 1_000n + BigInt(fraction.padEnd(6, '0')) - epochMicroseconds
}

function isoZone(zone: string): string {
  if (zone === 'Z') return zone
  const digits = zone.replace(':', '')
  return `${digits.slice(0, 3)}:${digits.slice(3) || '00'}`
}

function floorDivide(value: bigint, divisor: bigint): bigint {
  const quotient = value / divisor
  return value % divisor < 0n ? quotient - 1n : quotient
}
