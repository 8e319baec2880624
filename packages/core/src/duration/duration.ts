import { durationErrors } from './errors.ts'

const unitMilliseconds = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 } as const

/** A unit of {@link Duration}: millisecond, second, minute, hour, day of 24 hours, week of 7 days. */
export type DurationUnit = keyof typeof unitMilliseconds

/** A span of time: milliseconds as a number, or text such as `'250ms'`, `'1.5s'`, `'5m'`, `'2h'`, `'7d'`. */
export type Duration = number | `${number}${DurationUnit}`

const pattern = /^(\d+(?:\.\d+)?)(ms|s|m|h|d|w)$/

/**
 * A duration in milliseconds.
 *
 * @throws `CORE_DURATION_INVALID` for text of another form, and for negative or non-finite numbers.
 * @example
 * ```ts
 * import { milliseconds } from '@exprsn/core'
 *
 * console.log(milliseconds('1.5s')) // 1500
 * ```
 */
export function milliseconds(duration: Duration): number {
  if (typeof duration === 'number' && duration >= 0 && Number.isFinite(duration)) return duration
  const match = typeof duration === 'string' ? pattern.exec(duration) : null
  if (match === null) throw durationErrors.CORE_DURATION_INVALID({ value: duration })
  return Number(match[1]) * unitMilliseconds[match[2] as DurationUnit]
}

/** A duration for people, in its two largest units: `'340 ms'`, `'12.4 s'`, `'3 m 20 s'`, `'2 h 5 m'`, `'4 d 3 h'`. */
export function formatDuration(duration: Duration): string {
  const total = milliseconds(duration)
  if (total < 999.5) return `${Math.round(total)} ms`
  if (total < 59_950) return `${(total / 1_000).toFixed(1)} s`
  const pairs = [
    ['d', 'h'],
    ['h', 'm'],
    ['m', 's'],
  ] as const
  const seconds = Math.round(total / 1_000) * 1_000
  const [large, small] = pairs.find(([unit]) => seconds >= unitMilliseconds[unit]) ?? pairs[2]
  const whole = Math.floor(seconds / unitMilliseconds[large])
  const rest = Math.floor((seconds % unitMilliseconds[large]) / unitMilliseconds[small])
  return rest === 0 ? `${whole} ${large}` : `${whole} ${large} ${rest} ${small}`
}
