import { cron } from '../schedule/cron.ts'
import { nextSlots } from '../schedule/next-runs.ts'
import { notifyErrors } from './errors.ts'
import { severities, type Severity } from './notification.ts'

/** Hours in which a channel stays silent. */
export interface QuietHoursOptions {
  /** Local time such as `'22:00'`. */
  readonly from: string
  /** Local time such as `'07:00'`; earlier than `from` means the next day. */
  readonly to: string
  /** IANA zone in which they are meant, such as `'Europe/London'`. @default 'UTC' */
  readonly zone?: string | undefined
  /** What is told nevertheless: this severity and those above. @default 'critical' */
  readonly except?: Severity | undefined
}

/** Says until when something has to wait: milliseconds since 1970, or undefined when it need not. */
export type QuietHours = (now: number, severity: Severity) => number | undefined

/**
 * It is quiet exactly when the next end comes before the next beginning. Both are cron schedules, so that nights in which
 * the clocks change are longer or shorter as they are on the wall.
 *
 * @throws `CORE_NOTIFY_OPTION_INVALID`, `CORE_SCHEDULE_ZONE`
 */
export function quietHours({ from, to, zone = 'UTC', except = 'critical' }: QuietHoursOptions): QuietHours {
  const refuse = (option: string, reason: string): never => {
    throw notifyErrors.CORE_NOTIFY_OPTION_INVALID({ option: `quietHours.${option}`, reason })
  }
  const daily = (option: string, time: string) => {
    const match = /^([01]\d|2[0-3]):([0-5]\d)$/.exec(time)
    if (match === null) return refuse(option, 'it is not a time such as 22:00')
    return cron(`${Number(match[2])} ${Number(match[1])} * * *`, { zone })
  }
  const begins = daily('from', from)
  const ends = daily('to', to)
  if (from === to) refuse('to', 'it is the same as from')
  const loud = severities.indexOf(except)
  if (loud === -1) refuse('except', 'it is not a severity')
  return (now, severity) => {
    if (severities.indexOf(severity) >= loud) return undefined
    const at = { from: new Date(now) }
    const [[begin], [end]] = [nextSlots(begins, at), nextSlots(ends, at)]
    return end! < begin! ? end : undefined
  }
}
