const perSecond = 1_000_000_000n
const pattern = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,9}))?(?:Z|([+-])(\d{2}):(\d{2}))$/
/** RFC 3339 has years of four digits; Go refuses to write others, so restic clamps them, and so do we. */
const earliest = BigInt(Date.parse('0000-01-01T00:00:00Z')) * 1_000_000n
const latest = BigInt(Date.parse('9999-12-31T23:59:59Z')) * 1_000_000n + 999_999_999n

/** Nanoseconds since 1970 as RFC 3339 text in UTC without trailing zeros, as Go's `time.Time` writes itself to JSON. */
export function formatInstant(nanoseconds: bigint): string {
  const clamped = nanoseconds < earliest ? earliest : nanoseconds > latest ? latest : nanoseconds
  let fraction = clamped % perSecond
  if (fraction < 0n) fraction += perSecond
  const seconds = Number((clamped - fraction) / perSecond)
  const date = new Date(seconds * 1_000).toISOString().slice(0, 19)
  if (fraction === 0n) return `${date}Z`
  return `${date}.${fraction.toString().padStart(9, '0').replace(/0+$/, '')}Z`
}

/** Nanoseconds of seconds in UTC that were read lately, by their first 19 characters: the times of a folder are much alike. */
const knownSeconds = new Map<string, bigint>()
const mostKnown = 4_096
const secondLength = 19
const restOfSecond = /^(?:\.(\d{1,9}))?Z$/

/** The nanoseconds since 1970 of such a text with any offset, or undefined when it is none. */
export function parseInstant(text: string): bigint | undefined {
  const second = knownSeconds.get(text.slice(0, secondLength))
  const rest = second === undefined ? null : restOfSecond.exec(text.slice(secondLength))
  if (second !== undefined && rest !== null) return rest[1] === undefined ? second : second + nanosecondsOf(rest[1])
  const instant = parseUnknown(text)
  if (instant !== undefined && text.endsWith('Z')) {
    if (knownSeconds.size === mostKnown) knownSeconds.clear()
    knownSeconds.set(text.slice(0, secondLength), instant - nanosecondsOf(text.slice(secondLength + 1, -1)))
  }
  return instant
}

function parseUnknown(text: string): bigint | undefined {
  const match = pattern.exec(text)
  if (match === null) return undefined
  const [, year, month, day, hour, minute, second, fraction = '', sign, offsetHours, offsetMinutes] = match
  const base = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`)
  if (Number.isNaN(base)) return undefined
  const offset = sign === undefined ? 0 : (Number(offsetHours) * 60 + Number(offsetMinutes)) * 60_000
  const utc = sign === '-' ? base + offset : base - offset
  return BigInt(utc) * 1_000_000n + nanosecondsOf(fraction)
}

/** Of the digits behind the point. */
function nanosecondsOf(fraction: string): bigint {
  return BigInt(fraction.padEnd(9, '0'))
}
