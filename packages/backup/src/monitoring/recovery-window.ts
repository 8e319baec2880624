import { milliseconds, formatDuration, type Duration } from '@exprsn/core'

/** What was done in which time. */
export interface MeasuredRate {
  readonly bytes: number
  readonly seconds: number
}

/** Options of {@link describeWindow}. */
export interface DescribeWindowOptions {
  /** The time that there is. @default '2h' */
  readonly window?: Duration | undefined
  /** What is done, as a noun. @default 'backup' */
  readonly what?: string | undefined
}

/**
 * Bytes that fit into a time at a rate; 0 when nothing was measured.
 *
 * @example
 * ```ts
 * import { bytesInWindow } from '@exprsn/backup/monitoring'
 *
 * console.log(bytesInWindow({ bytes: 1_000_000, seconds: 10 }, '1m')) // 6000000
 * ```
 */
export function bytesInWindow({ bytes, seconds }: MeasuredRate, window: Duration = '2h'): number {
  return bytes > 0 && seconds > 0 ? Math.floor((bytes / seconds) * (milliseconds(window) / 1_000)) : 0
}

/**
 * One line that says which size of database fits into a time at the rate that was measured, for a log or a report. It is a rule of
 * three: small databases are measured too slow, since each run also has parts that do not grow.
 *
 * @example
 * ```ts
 * import { describeWindow } from '@exprsn/backup/monitoring'
 *
 * console.log(describeWindow({ bytes: 42e9, seconds: 300 }))
 * // At 140.0 MB/s a backup of 1.0 TB fits into 2 h.
 * ```
 */
export function describeWindow(rate: MeasuredRate, options: DescribeWindowOptions = {}): string {
  const { window = '2h', what = 'backup' } = options
  const fits = bytesInWindow(rate, window)
  if (fits === 0) return `No ${what} was measured yet.`
  return `At ${size(rate.bytes / rate.seconds)}/s a ${what} of ${size(fits)} fits into ${formatDuration(milliseconds(window))}.`
}

const units = ['B', 'kB', 'MB', 'GB', 'TB', 'PB']

function size(bytes: number): string {
  const power = Math.min(units.length - 1, Math.max(0, Math.floor(Math.log10(Math.max(bytes, 1)) / 3)))
  return `${(bytes / 1000 ** power).toFixed(power === 0 ? 0 : 1)} ${units[power]!}`
}
