import { escapeXml } from '../../picture/escape-xml.ts'
import { pictureErrors } from '../../picture/index.ts'
import { timeText } from '../explain/time-text.ts'
import type { Plan, PlanRoute } from '../plan/plan.ts'
import type { Problem } from '../problem/problem.ts'
import { ganttBars, type GanttBar } from './gantt-bars.ts'
import { routeStyle } from './plan-colours.ts'
import { timeTicks } from './time-ticks.ts'

/** Options of {@link drawPlanGantt}. */
export interface DrawPlanGanttOptions {
  /** Pixels, 320 to 8192. @default 1000 */
  readonly width?: number | undefined
  /** A heading, which screen readers read, too. @default 'Plan' */
  readonly title?: string | undefined
  /** Seconds, as in the problem: a line there, and what lies before is paler. @default no line */
  readonly now?: number | undefined
  /** How moments are written. @default `08:30`, or `1d 08:30` a day later */
  readonly timeText?: ((seconds: number) => string) | undefined
}

const rowHeight = 30
const top = 48
const barHeight = 16

/**
 * Draws who does what when, a row per vehicle: driving as a line, handling as a bar in the vehicle's colour, waiting, breaks and rests each
 * with a pattern of its own, windows of stops as brackets below, what is locked with a dark border, and what is left out under it.
 * Every bar tells what it is when pointed at. Nothing rests on colour alone.
 *
 * @throws `GEO_PICTURE_INVALID`
 * @example
 * ```ts
 * import { drawPlanGantt, solve, type Problem } from '@exprsn/geo/optimize'
 *
 * const stops = [{ id: 'bakery', place: [9.53, 47.16] as const, service: 600 }]
 * const problem: Problem = { vehicles: [{ id: 'van', start: [9.52, 47.14] }], stops }
 * const svg = drawPlanGantt(problem, await solve(problem, { iterations: 10 }), { title: 'Tuesday' })
 * console.log(svg.startsWith('<svg'), svg.includes('bakery')) // true true
 * ```
 */
export function drawPlanGantt(
  problem: Problem,
  plan: Pick<Plan, 'routes'> & {
    readonly unassigned: readonly { readonly stop: string; readonly explanation?: string }[]
  },
  options: DrawPlanGanttOptions = {},
): string {
  const { width = 1_000, title = 'Plan', now, timeText: text = timeText } = options
  if (!(Number.isFinite(width) && width >= 320 && width <= 8_192))
    throw pictureErrors.GEO_PICTURE_INVALID({ reason: `its width is ${width}` })
  const routes = plan.routes.filter(({ steps }) => steps.length > 0)
  const scale = scaleOf(routes, now, width)
  const notes = plan.unassigned.map(({ stop, explanation }) => `${stop}: ${explanation ?? 'left out'}`)
  const bottom = top + routes.length * rowHeight + 6
  const height = bottom + 26 + notes.length * 16
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}"` +
      ' role="img" font-family="system-ui, sans-serif" font-size="11">',
    `<title>${escapeXml(title)}</title>`,
    `<desc>${escapeXml(descriptionOf(routes, notes, text))}</desc>`,
    patterns,
    '<rect width="100%" height="100%" fill="white"/>',
    `<text x="8" y="18" font-size="13" font-weight="bold">${escapeXml(title)}</text>`,
    ...timeTicks(scale.from, scale.to, Math.floor((width - scale.left) / 70)).map((moment) =>
      tick(scale.x(moment), text(moment), bottom),
    ),
    ...routes.flatMap((route, index) => row(route, index, { problem, scale, text, now })),
    ...(now === undefined ? [] : [nowLine(scale.x(now), text(now), bottom)]),
    legend(bottom + 8),
    ...notes.map(
      (note, at) => `<text x="8" y="${bottom + 38 + at * 16}" fill="#8b0000">${escapeXml(`Left out: ${note}`)}</text>`,
    ),
    '</svg>\n',
  ].join('\n')
}

interface Scale {
  readonly from: number
  readonly to: number
  readonly left: number
  readonly x: (seconds: number) => number
}

function scaleOf(routes: readonly PlanRoute[], now: number | undefined, width: number): Scale {
  const moments = [
    ...routes.flatMap(({ steps }) => [steps[0]!.begin, steps.at(-1)!.end]),
    ...(now === undefined ? [] : [now]),
  ]
  if (moments.some((moment) => !Number.isFinite(moment)))
    throw pictureErrors.GEO_PICTURE_INVALID({ reason: 'a moment of the plan is no number' })
  const from = moments.length === 0 ? 0 : Math.min(...moments)
  const to = Math.max(from + 60, ...moments)
  const longest = Math.max(4, ...routes.map(({ vehicle }) => vehicle.length))
  const left = Math.min(width / 3, longest * 6.5 + 16)
  return { from, to, left, x: (seconds) => left + ((seconds - from) / (to - from)) * (width - left - 16) }
}

function row(
  route: PlanRoute,
  index: number,
  {
    problem,
    scale,
    text,
    now,
  }: {
    readonly problem: Problem
    readonly scale: Scale
    readonly text: (seconds: number) => string
    readonly now: number | undefined
  },
): string[] {
  const y = top + index * rowHeight
  const { colour } = routeStyle(index)
  const label = `<text x="${round(scale.left - 8)}" y="${y + 13}" text-anchor="end">${escapeXml(short(route.vehicle, scale.left))}</text>`
  const bars = ganttBars(problem, route).map((bar) => drawBar(bar, y, { scale, text, colour, now }))
  return [`<g>${label}`, ...bars, '</g>']
}

function drawBar(
  { kind, from, to, label, isLocked, windows }: GanttBar,
  y: number,
  {
    scale,
    text,
    colour,
    now,
  }: {
    readonly scale: Scale
    readonly text: (seconds: number) => string
    readonly colour: string
    readonly now: number | undefined
  },
): string {
  const x = scale.x(from)
  // What takes no time is shown all the same.
  const width = Math.max(scale.x(to) - x, kind === 'handling' ? 3 : 0)
  const pale = now !== undefined && to <= now ? ' opacity="0.45"' : ''
  const tell = `<title>${escapeXml(`${label}, ${text(from)} to ${text(to)}`)}</title>`
  if (kind === 'driving')
    return `<g${pale}>${tell}<path d="M${round(x)} ${y + 9}h${round(width)}" stroke="${colour}" stroke-width="3"/></g>`
  const fill = kind === 'handling' ? colour : `url(#${kind})`
  const border = isLocked
    ? ' stroke="black" stroke-width="2"'
    : kind === 'handling'
      ? ''
      : ' stroke="#555" stroke-width="0.7"'
  const box = `<rect x="${round(x)}" y="${y + 1}" width="${round(width)}" height="${barHeight}" rx="2" fill="${fill}"${border}/>`
  const brackets = windows.flatMap(([opens, closes]) => {
    const [left, right] = [scale.x(Math.max(opens, scale.from)), scale.x(Math.min(closes, scale.to))]
    return right < left
      ? []
      : [
          `<path d="M${round(left)} ${y + 19}v4H${round(right)}v-4" fill="none" stroke="${colour}" stroke-opacity="0.7"/>`,
        ]
  })
  const name =
    kind === 'handling' && width > label.length * 6 + 6
      ? `<text x="${round(x + 4)}" y="${y + 13}" fill="${textColour(colour)}">${escapeXml(label)}</text>`
      : ''
  return `<g${pale}>${tell}${box}${brackets.join('')}${name}</g>`
}

/** White on dark colours, black on light ones: contrast of 4.5 at least (WCAG 2.2, 1.4.3). */
function textColour(colour: string): string {
  return ['#0072b2', '#000000'].includes(colour) ? 'white' : 'black'
}

function tick(x: number, text: string, bottom: number): string {
  return (
    `<path d="M${round(x)} 38V${bottom}" stroke="#ddd"/>` +
    `<text x="${round(x)}" y="34" text-anchor="middle" fill="#444">${escapeXml(text)}</text>`
  )
}

function nowLine(x: number, text: string, bottom: number): string {
  return `<g><title>${escapeXml(`now, ${text}`)}</title><path d="M${round(x)} 38V${bottom}" stroke="#8b0000" stroke-width="2"/></g>`
}

const patterns =
  '<defs>' +
  '<pattern id="waiting" width="5" height="5" patternUnits="userSpaceOnUse"><rect width="5" height="5" fill="white"/><circle cx="2.5" cy="2.5" r="1" fill="#777"/></pattern>' +
  '<pattern id="break" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect width="6" height="6" fill="white"/><rect width="2.5" height="6" fill="#777"/></pattern>' +
  '<pattern id="rest" width="6" height="6" patternUnits="userSpaceOnUse"><rect width="6" height="6" fill="#444"/><rect y="3" width="6" height="1.2" fill="white"/></pattern>' +
  '</defs>'

function legend(y: number): string {
  const entries: readonly (readonly [string, string])[] = [
    ['handling', '<rect width="18" height="12" rx="2" fill="#0072b2"/>'],
    ['locked', '<rect width="18" height="12" rx="2" fill="#0072b2" stroke="black" stroke-width="2"/>'],
    ['driving', '<path d="M0 6h18" stroke="#0072b2" stroke-width="3"/>'],
    ['waiting', '<rect width="18" height="12" fill="url(#waiting)" stroke="#555" stroke-width="0.7"/>'],
    ['break', '<rect width="18" height="12" fill="url(#break)" stroke="#555" stroke-width="0.7"/>'],
    ['rest', '<rect width="18" height="12" fill="url(#rest)" stroke="#555" stroke-width="0.7"/>'],
    ['window', '<path d="M0 3v6h18v-6" fill="none" stroke="#0072b2"/>'],
  ]
  return entries
    .map(
      ([name, shape], at) =>
        `<g transform="translate(${8 + at * 82} ${y})">${shape}<text x="23" y="10" fill="#444">${name}</text></g>`,
    )
    .join('')
}

function descriptionOf(
  routes: readonly PlanRoute[],
  notes: readonly string[],
  text: (seconds: number) => string,
): string {
  const told = routes.map(({ vehicle, steps }) => {
    const visits = steps.filter(({ type }) => ['stop', 'pickup', 'delivery'].includes(type))
    const list = visits.map(({ id, begin }) => `${id} at ${text(begin)}`).join(', ')
    return `${vehicle} from ${text(steps[0]!.begin)} to ${text(steps.at(-1)!.end)}: ${list}.`
  })
  return [`${routes.length} routes.`, ...told, ...notes.map((note) => `Left out: ${note}`)].join(' ')
}

function short(name: string, left: number): string {
  const most = Math.max(3, Math.floor((left - 16) / 6.5))
  return name.length <= most ? name : `${name.slice(0, most - 1)}…`
}

function round(value: number): string {
  return String(Math.round(value * 10) / 10)
}
