import { checkHours } from '../check/check-hours.ts'
import type { Constraint, PlanRoute, PlanStep } from '../plan/plan.ts'
import type { TimeWindow, Vehicle } from '../problem/problem.ts'

/** By how much a step may begin later, and what ends that. */
export interface Slack {
  readonly seconds: number
  readonly by: Constraint | undefined
  /** Whose window it is. */
  readonly at?: string | undefined
}

/**
 * Per step how much later it may begin with everything behind it still in time: waiting on the way absorbs a delay, windows, the end of
 * the shift, the longest duty and hours of service end it. Roads are taken to be as fast as they are now.
 */
export function slacksOf(
  vehicle: Vehicle,
  route: PlanRoute,
  windowsOf: (step: PlanStep) => readonly TimeWindow[],
): readonly Slack[] {
  const { steps } = route
  let slack = endSlack(vehicle, steps)
  const slacks: Slack[] = []
  for (let at = steps.length - 1; at >= 0; at--) {
    const step = steps[at]!
    const own = windowSlack(step, windowsOf(step))
    if (own <= slack.seconds && own < Infinity)
      slack = { seconds: own, by: step.type === 'break' ? 'breaks' : 'windows', at: step.id }
    slacks[at] = withinHours(vehicle, route, at, slack)
    slack = { ...slack, seconds: slack.seconds + step.begin - step.arrival }
  }
  return slacks
}

/** What the end of the route allows: the shift, the longest duty, and breaks that are not due as long as it ends before they close. */
function endSlack({ window, maxDuty = Infinity, breaks = [] }: Vehicle, steps: readonly PlanStep[]): Slack {
  const [begin, end] = [steps[0]!.begin, steps.at(-1)!.end]
  const taken = new Set(steps.flatMap(({ type, id }) => (type === 'break' ? [id] : [])))
  const spared = breaks.filter(
    ({ id, windows }) => !taken.has(id) && windows.every(([opens]) => begin <= opens) && windows.length > 0,
  )
  const ends: readonly Slack[] = [
    { seconds: (window?.[1] ?? Infinity) - end, by: 'shift' },
    { seconds: maxDuty - (end - begin), by: 'max-duty' },
    ...spared.map(({ id, windows }): Slack => ({
      seconds: Math.max(...windows.map(([, closes]) => closes)) - end,
      ...{ by: 'breaks', at: id },
    })),
  ]
  const first = ends.reduce((least, one) => (one.seconds < least.seconds ? one : least))
  return first.seconds === Infinity ? { seconds: Infinity, by: undefined } : first
}

function windowSlack({ begin }: PlanStep, windows: readonly TimeWindow[]): number {
  if (windows.length === 0) return Infinity
  const open = windows.find(([opens, closes]) => begin >= opens - 1e-6 && begin <= closes + 1e-6)
  if (open !== undefined) return Math.max(0, open[1] - begin)
  return Math.min(0, Math.max(...windows.map(([, closes]) => closes)) - begin)
}

/** Delays that are looked at before the one that is too long is found by halving. */
const samples = 32

/** Under hours of service a delay may end a day too late: the largest that the check lets pass. */
function withinHours(vehicle: Vehicle, route: PlanRoute, at: number, slack: Slack): Slack {
  if (vehicle.hours === undefined || !(slack.seconds > 0)) return slack
  const breaks = (delay: number): boolean => {
    let isBroken = false
    checkHours({ vehicle, route: { ...route, steps: delayed(route.steps, at, delay) } }, () => (isBroken = true))
    return isBroken
  }
  const most = Math.min(slack.seconds, 7 * 86_400)
  // Not each longer delay is worse: waiting that is long enough is a rest.
  const tried = Array.from({ length: samples }, (_, at) => (most * (at + 1)) / samples)
  const first = tried.findIndex(breaks)
  if (first < 0) return slack
  let [fine, wrong] = [first === 0 ? 0 : tried[first - 1]!, tried[first]!]
  while (wrong - fine > 1) {
    const middle = (fine + wrong) / 2
    if (breaks(middle)) wrong = middle
    else fine = middle
  }
  return { seconds: Math.floor(fine), by: 'hours' }
}

/** The steps when one begins later: those behind it follow, as far as waiting does not make up for it. */
function delayed(steps: readonly PlanStep[], from: number, delay: number): PlanStep[] {
  let late = delay
  return steps.map((step, at) => {
    if (at < from) return step
    const arrival = at === from ? step.arrival : step.arrival + late
    const begin = at === from ? step.begin + late : Math.max(step.begin, arrival)
    late = begin - step.begin
    return { ...step, arrival, begin, end: step.end + late }
  })
}
