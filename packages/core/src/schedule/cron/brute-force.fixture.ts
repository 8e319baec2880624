/**
 * The oracle of the cron tests: walks through every minute of a stretch of time, asks Intl for each what the wall shows,
 * and compares that with the fields, read by code of its own. It shares nothing with the search.
 */
export interface WallMinute {
  readonly instant: number
  /** What the wall shows, as if it were UTC. */
  readonly wall: number
}

const minute = 60_000
const longestChange = 3 * 3_600_000
const formats = new Map<string, Intl.DateTimeFormat>()

function wallOf(zone: string, instant: number): number {
  let format = formats.get(zone)
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en-GB', {
      timeZone: zone,
      hourCycle: 'h23',
      dateStyle: 'short',
      timeStyle: 'medium',
    })
    formats.set(zone, format)
  }
  const [day, month, year, hour, min, second] = format
    .format(instant)
    .split(/[/, :]+/)
    .map(Number) as number[]
  return Date.UTC(year!, month! - 1, day, hour, min, second)
}

/** Every minute from one instant up to another, both whole minutes. */
export function wallMinutes(zone: string, from: number, to: number): WallMinute[] {
  const minutes: WallMinute[] = []
  for (let instant = from; instant < to; instant += minute) minutes.push({ instant, wall: wallOf(zone, instant) })
  return minutes
}

/** Starts of the days between two instants on which the zone's offset changes. */
export function daysWithChange(zone: string, from: number, to: number): number[] {
  const step = 86_400_000
  const days: number[] = []
  for (let day = from; day < to; day += step)
    if (wallOf(zone, day) - day !== wallOf(zone, day + step) - (day + step)) days.push(day)
  return days
}

/** The instants at which an expression of 5 plain fields runs, except those before the first change can be judged. */
export function bruteForceSlots(
  expression: string,
  minutes: readonly WallMinute[],
  { gap, overlap }: { readonly gap: 'run-after' | 'shift' | 'skip'; readonly overlap: 'once' | 'both' },
): number[] {
  const matches = plainMatcher(expression)
  const slots = new Set<number>()
  const shown = new Map<number, number>()
  for (const [index, { instant, wall }] of minutes.entries()) {
    const before = minutes[index - 1]
    const missing = before === undefined ? 0 : wall - before.wall - minute
    if (before !== undefined && missing > 0 && missing <= longestChange && gap !== 'skip')
      for (let skipped = before.wall + minute; skipped < wall; skipped += minute)
        if (matches(skipped)) slots.add(gap === 'run-after' ? instant : instant + (skipped - before.wall - minute))
    const earlier = shown.get(wall)
    const isRepeated = earlier !== undefined && instant - earlier <= longestChange
    if (matches(wall) && !(isRepeated && overlap === 'once')) slots.add(instant)
    shown.set(wall, instant)
  }
  return [...slots].sort((a, b) => a - b)
}

/** Fields of numbers, lists, ranges, steps and `L` only. */
function plainMatcher(expression: string): (wall: number) => boolean {
  const [minutes, hours, days, months, weekdays] = expression.split(' ') as [string, string, string, string, string]
  const fields = [allowed(minutes, 0, 59), allowed(hours, 0, 23), allowed(days, 1, 31), allowed(months, 1, 12)] as const
  const weekday = allowed(weekdays, 0, 6)
  const isEither = !days.startsWith('*') && !weekdays.startsWith('*')
  return (wall) => {
    const date = new Date(wall)
    if (!fields[0].has(date.getUTCMinutes()) || !fields[1].has(date.getUTCHours())) return false
    if (!fields[3].has(date.getUTCMonth() + 1)) return false
    const isLast = days === 'L' && new Date(wall + 86_400_000).getUTCDate() === 1
    const byDay = fields[2].has(date.getUTCDate()) || isLast
    const byWeekday = weekday.has(date.getUTCDay())
    return isEither ? byDay || byWeekday : byDay && byWeekday
  }
}

function allowed(field: string, min: number, max: number): Set<number> {
  const values = new Set<number>()
  for (let value = min; value <= max; value++)
    for (const item of field.split(',')) {
      const [span, step = '1'] = item.split('/') as [string, string?]
      const [low, high = low] = span === '*' ? [String(min), String(max)] : (span.split('-') as [string, string?])
      if (value >= Number(low) && value <= Number(high) && (value - Number(low)) % Number(step) === 0) values.add(value)
    }
  return values
}
