/** The fields of a cron expression, as errors name them. */
export type FieldName = 'second' | 'minute' | 'hour' | 'day-of-month' | 'month' | 'day-of-week'

/** What numbers and names a field takes. */
export interface FieldRange {
  readonly min: number
  readonly max: number
  /** Names of the numbers from `min` on. */
  readonly names: readonly string[]
}

const months = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC']
const weekdays = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT']

/** Both 0 and 7 are Sunday (crontab(5)). */
export const fieldRanges: Readonly<Record<FieldName, FieldRange>> = {
  second: { min: 0, max: 59, names: [] },
  minute: { min: 0, max: 59, names: [] },
  hour: { min: 0, max: 23, names: [] },
  'day-of-month': { min: 1, max: 31, names: [] },
  month: { min: 1, max: 12, names: months },
  'day-of-week': { min: 0, max: 7, names: weekdays },
}
