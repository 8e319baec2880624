/** The calendar spans that a rule may keep one snapshot of. */
export type Span = 'hourly' | 'daily' | 'weekly' | 'monthly' | 'yearly'

/** Names the span that an instant lies in, so that two instants have the same name when they share it. */
export type SpanNamer = (instant: Date, span: Span) => string

const day = 86_400_000

/** Names spans in a time zone. Hours are told apart by their offset, so that the repeated hour in autumn is two. */
export function spanNamer(zone: string): SpanNamer {
  const format = new Intl.DateTimeFormat('en-u-ca-iso8601', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    timeZoneName: 'longOffset',
  })
  return (instant, span) => {
    const parts = Object.fromEntries(format.formatToParts(instant).map(({ type, value }) => [type, value]))
    const date = `${parts['year']}-${parts['month']}-${parts['day']}`
    if (span === 'yearly') return parts['year']!
    if (span === 'monthly') return date.slice(0, -3)
    if (span === 'daily') return date
    if (span === 'hourly') return `${date}T${parts['hour']}${parts['timeZoneName']}`
    const number = Math.floor(Date.parse(`${date}T00:00:00Z`) / day)
    // 1970-01-01 was a Thursday: day −3 was the Monday of its week.
    return `week ${Math.floor((number + 3) / 7)}`
  }
}
