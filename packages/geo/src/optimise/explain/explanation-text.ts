import type {
  CostComponents,
  HoursExplanation,
  HoursPause,
  PlanExplanation,
  RouteExplanation,
  StopExplanation,
} from './explanation.ts'
import { durationText, roundText, timeText } from './time-text.ts'

/** An explanation for people, line by line. */
export function explanationText(explanation: Omit<PlanExplanation, 'text'>): string {
  const { routes, unassigned, idle, costs, violations } = explanation
  const visits = routes.reduce((sum, { stops }) => sum + stops.length, 0)
  const lines = [
    `${counted(routes.length, 'route')}, ${counted(visits, 'visit')}, cost ${costText(costs)}.`,
    ...(idle.length === 0 ? [] : [`Not used: ${idle.join(', ')}.`]),
    ...routes.flatMap(routeLines),
    ...(unassigned.length === 0 ? [] : ['', 'Left out:']),
    ...unassigned.map(({ stop, explanation: why, relaxing }) => `  ${stop}: ${why}${relaxingText(relaxing)}`),
    ...(violations.length === 0 ? [] : ['', 'The plan breaks its problem’s rules:']),
    ...violations.map(
      ({ kind, vehicle, id, detail }) => `  ${[vehicle, id, kind].filter(Boolean).join(', ')}: ${detail}`,
    ),
  ]
  return `${lines.join('\n')}\n`
}

function routeLines(route: RouteExplanation): string[] {
  const { vehicle, begin, end, costs, driving, handling, waiting, pauses, distance, load, limits, hours, stops } = route
  const times: readonly (readonly [string, number])[] = [
    ['driving', driving],
    ['handling', handling],
    ['waiting', waiting],
    ['breaks and rests', pauses],
  ]
  const spent = times.filter(([, seconds]) => seconds > 0).map(([name, seconds]) => `${name} ${durationText(seconds)}`)
  const fullest = load
    .map(({ most, capacity }) =>
      capacity === Infinity ? roundText(most) : `${roundText(most)} of ${roundText(capacity)}`,
    )
    .join('; ')
  return [
    '',
    `${vehicle}: ${timeText(begin)} to ${timeText(end)}, ${roundText(distance / 1_000)} km, cost ${costText(costs)}`,
    `  ${[...spent, ...(load.length === 0 ? [] : [`at most ${fullest} on board`])].join(', ')}`,
    ...limits.map(
      ({ limit, used, allowed }) => `  ${limit}: ${amountText(limit, used)} of ${amountText(limit, allowed)}`,
    ),
    ...(hours === undefined ? [] : hoursLines(hours)),
    ...stops.map(stopLine),
  ]
}

function hoursLines({ rules, pauses, leftUntilBreak, leftToday }: HoursExplanation): string[] {
  return [
    `  driving time rules (${rules}): at the end ${durationText(leftUntilBreak)} until a break, ${durationText(leftToday)} in the day`,
    ...pauses.map(
      (pause) =>
        `    ${pause.type} ${timeText(pause.begin)} to ${timeText(pause.end)}: ${pauseText(pause)}` +
        (pause.source === undefined ? '' : ` (${pause.source})`),
    ),
  ]
}

function pauseText({ because, sinceBreak, today }: HoursPause): string {
  switch (because) {
    case 'driving':
      return `after ${durationText(sinceBreak)} of driving without one`
    case 'daily-driving':
      return `after ${durationText(today)} of driving in the day`
    case 'day':
      return 'the day may not last longer'
    case 'chosen':
      return 'no rule asks for it'
  }
}

function stopLine(
  { id, type, status, begin, waiting, slack, slackEnds, saving, reason }: StopExplanation,
  at: number,
): string {
  const parts = [
    ...(status === 'planned' ? [] : [status]),
    ...(waiting > 0 ? [`waits ${durationText(waiting)}`] : []),
    slackText(slack, slackEnds),
    ...(saving === undefined ? [] : [`without it the route costs ${roundText(saving)} less`]),
  ]
  return `  ${at + 1}. ${type === 'stop' ? '' : `${type} of `}${id} at ${timeText(begin)}: ${parts.join(', ')}. ${reason}`
}

function slackText(slack: number, ends: StopExplanation['slackEnds']): string {
  if (slack < 0) return `${durationText(-slack)} late`
  if (slack === Infinity || ends === undefined) return 'may be as late as it likes'
  const owner = ends.at === undefined ? '' : ` of ${ends.at}`
  return `may be ${durationText(slack)} later (${ends.by}${owner})`
}

function relaxingText(relaxing: PlanExplanation['unassigned'][number]['relaxing']): string {
  if (relaxing.length === 0) return ''
  return ` ${relaxing.map(({ constraint, cost }) => `Without ${constraint} it would cost ${roundText(cost)}.`).join(' ')}`
}

function costText({ total, ...parts }: CostComponents): string {
  const named = Object.entries(parts).filter(([, value]) => value !== 0)
  if (named.length === 0) return '0'
  return `${roundText(total)} (${named.map(([name, value]) => `${name} ${roundText(value)}`).join(' + ')})`
}

function amountText(limit: string, amount: number): string {
  if (limit === 'max-stops') return String(amount)
  return limit === 'max-distance' ? `${roundText(amount / 1_000)} km` : durationText(amount)
}

function counted(count: number, name: string): string {
  return `${count} ${name}${count === 1 ? '' : 's'}`
}
