/** A moment as people read it: `08:30`, `08:30:15`, or `1d 06:00` a day later. */
export function timeText(seconds: number): string {
  if (!Number.isFinite(seconds)) return 'never'
  const whole = Math.round(seconds)
  const day = Math.floor(whole / 86_400)
  const rest = whole - day * 86_400
  const two = (value: number): string => String(Math.floor(value)).padStart(2, '0')
  const clock = `${two(rest / 3_600)}:${two((rest % 3_600) / 60)}${rest % 60 === 0 ? '' : `:${two(rest % 60)}`}`
  return day === 0 ? clock : `${day}d ${clock}`
}

/** A duration as people read it: `2 h 05 min`, `45 min`, `30 s`. */
export function durationText(seconds: number): string {
  if (!Number.isFinite(seconds)) return 'any time'
  const sign = seconds < 0 ? '−' : ''
  const whole = Math.round(Math.abs(seconds))
  if (whole < 60) return `${sign}${whole} s`
  const minutes = Math.round(whole / 60)
  if (minutes < 60) return `${sign}${minutes} min`
  const rest = minutes % 60
  return `${sign}${Math.floor(minutes / 60)} h${rest === 0 ? '' : ` ${String(rest).padStart(2, '0')} min`}`
}

/** A figure with as many places as help. */
export function roundText(value: number): string {
  if (!Number.isFinite(value)) return 'unlimited'
  const digits = Math.abs(value) >= 100 || Number.isInteger(value) ? 0 : 2
  return value.toLocaleString('en', { maximumFractionDigits: digits })
}
