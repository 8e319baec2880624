import type { PlanRoute, PlanStep } from '../plan/plan.ts'
import type { Place, Vehicle } from '../problem/problem.ts'
import { checkBreaks } from './check-breaks.ts'
import { checkHours } from './check-hours.ts'
import { checkLoads } from './check-loads.ts'
import { isSamePlace, type ProblemIndex, type Visit } from './problem-index.ts'
import { tolerance, type Report } from './violation.ts'

/** A route and whose it is. */
export interface Subject {
  readonly vehicle: Vehicle
  readonly route: PlanRoute
}

export function checkRoute(index: ProblemIndex, subject: Subject, report: Report): void {
  const { steps } = subject.route
  if (
    steps[0]?.type !== 'start' ||
    steps.at(-1)?.type !== 'end' ||
    steps.slice(1, -1).some(({ type }) => type === 'start' || type === 'end')
  ) {
    report('order', 'It does not lead from one start to one end.')
    return
  }
  checkPlaces(index, subject, report)
  checkClock(subject, report)
  const metres = checkTravel(index, subject, report)
  checkHandling(index, subject, report)
  checkLoads(index, subject, report)
  checkBreaks(subject, report)
  checkHours(subject, report)
  checkLimits(index, subject, { metres, report })
}

/** The visit of a step, undefined for other steps. */
function visitOf({ visits }: ProblemIndex, { type, id }: PlanStep): Visit | undefined {
  return visits.get(`${type}/${id ?? ''}`)
}

function checkPlaces(index: ProblemIndex, { vehicle, route }: Subject, report: Report): void {
  const { steps } = route
  for (const step of steps) {
    const visit = visitOf(index, step)
    if (visit !== undefined && !isSamePlace(visit.place, step.place))
      report('place', 'It is visited elsewhere.', step.id)
  }
  if (!isSamePlace(vehicle.start, steps[0]!.place)) report('place', 'It starts elsewhere.')
  if (!isSamePlace(vehicle.end, steps.at(-1)!.place)) report('place', 'It ends elsewhere.')
  const reloads = steps.filter(({ type }) => type === 'reload')
  if (reloads.length === 0) return
  const { reload } = vehicle
  const places = reload?.places ?? [vehicle.start]
  if (reload === undefined) report('reload', 'It may not load on its way.')
  else if (reloads.length + 1 > (reload.maxTrips ?? Infinity)) report('reload', `It makes ${reloads.length + 1} trips.`)
  if (reloads.some(({ place }) => !places.some((own) => isSamePlace(own, place))))
    report('reload', 'It loads elsewhere.')
}

/** Time does not run backwards. */
function checkClock({ route }: Subject, report: Report): void {
  let clock = -Infinity
  for (const { arrival, begin, end, id } of route.steps) {
    if (!(arrival >= clock - tolerance && begin >= arrival - tolerance && end >= begin - tolerance))
      report('time', 'A step begins before the one before it has ended.', id)
    clock = end
  }
}

/** Between two places a vehicle drives as long as the matrix says; returns the metres. */
function checkTravel(index: ProblemIndex, { vehicle, route }: Subject, report: Report): number {
  let place: Place | undefined
  let [driven, base, metres] = [0, 0, 0]
  let before: PlanStep | undefined
  for (const step of route.steps) {
    if (before !== undefined) {
      driven += step.arrival - before.end
      base += freeSeconds(index, before.end, step.arrival)
    }
    before = step
    if (step.place === undefined && step.type !== 'start' && step.type !== 'end') continue
    if (step.place !== undefined && place !== undefined) {
      const seconds = index.seconds(vehicle, place, step.place)
      if (!(Math.abs(base - seconds) <= tolerance * Math.max(1, seconds / 1000)))
        report('travel', `The way takes ${seconds} seconds without traffic, not ${base}.`, step.id)
      metres += index.metres(vehicle, place, step.place)
    } else if (driven > tolerance) report('travel', 'It drives where there is no way to go.', step.id)
    place = step.place
    driven = 0
    base = 0
  }
  return metres
}

/** What driving from one moment to another is worth without traffic. */
function freeSeconds({ problem }: ProblemIndex, from: number, to: number): number {
  if (problem.speeds === undefined) return to - from
  const { period = 86_400, factors } = problem.speeds
  let [sum, clock] = [0, from]
  while (clock < to - 1e-9) {
    const hour = clock - Math.floor(clock / period) * period
    const at = factors.findLastIndex((entry) => entry.from <= hour + 1e-9)
    const until = Math.min(to, clock + Math.max(1e-9, (factors[at + 1]?.from ?? period) - hour))
    sum += (until - clock) * factors[at]!.factor
    clock = until
  }
  return sum
}

/** Handling begins within a window and takes as long as it must. */
function checkHandling(index: ProblemIndex, { vehicle, route }: Subject, report: Report): void {
  const skills = new Set(vehicle.skills)
  const locked = new Set(vehicle.locked)
  let place: Place | undefined
  const visited: string[] = []
  for (const step of route.steps) {
    const visit = visitOf(index, step)
    if (visit !== undefined) {
      visited.push(visit.id)
      const needed = (visit.service + (isSamePlace(place, visit.place) ? 0 : visit.setup)) / (vehicle.speed ?? 1)
      if (Math.abs(step.end - step.begin - needed) > tolerance)
        report('time', `Handling takes ${needed} seconds.`, visit.id)
      const isOpen =
        visit.windows.length === 0 ||
        visit.windows.some(([opens, closes]) => step.begin >= opens - tolerance && step.begin <= closes + tolerance)
      if (!isOpen && !locked.has(visit.id))
        report('window', `It begins at ${step.begin}, when no window is open.`, visit.id)
      const missing = visit.skills.find((skill) => !skills.has(skill))
      if (missing !== undefined && !locked.has(visit.id)) report('skills', `It needs "${missing}".`, visit.id)
    } else if (step.type === 'reload') {
      const needed = (vehicle.reload?.duration ?? 0) / (vehicle.speed ?? 1)
      if (Math.abs(step.end - step.begin - needed) > tolerance) report('time', `Loading takes ${needed} seconds.`)
    }
    // A break on arrival does not make it a place that the vehicle has been to.
    if (step.place !== undefined && step.type !== 'break' && step.type !== 'rest') place = step.place
  }
  const { locked: first = [] } = vehicle
  if (first.some((id, at) => visited[at] !== id)) report('locked', 'It does not begin with what is locked.')
}

function checkLimits(
  index: ProblemIndex,
  { vehicle, route }: Subject,
  { metres, report }: { readonly metres: number; readonly report: Report },
): void {
  const { steps } = route
  const [begin, finish] = [steps[0]!.begin, steps.at(-1)!.end]
  const driving = steps.reduce((sum, step, at) => sum + (at === 0 ? 0 : step.arrival - steps[at - 1]!.end), 0)
  const duty = finish - begin
  const stops = steps.filter((step) => visitOf(index, step) !== undefined).length
  const [opens, closes] = vehicle.window ?? [-Infinity, Infinity]
  if (begin < opens - tolerance || finish > closes + tolerance)
    report('shift', `It is under way from ${begin} to ${finish}.`)
  const above = (value: number, most: number | undefined): boolean => value > (most ?? Infinity) + tolerance
  if (above(duty, vehicle.maxDuty)) report('max-duty', `It is under way for ${duty} seconds.`)
  if (above(driving, vehicle.maxDriving)) report('max-driving', `It drives for ${driving} seconds.`)
  if (above(metres, vehicle.maxDistance)) report('max-distance', `It drives ${metres} metres.`)
  if (above(stops, vehicle.maxStops)) report('max-stops', `It makes ${stops} visits.`)
  const { costs = {} } = vehicle
  const { fixed = 0, perMetre = index.hasDurations ? 0 : 1, perDutySecond = 0 } = costs
  const isTimed = index.hasDurations && costs.perMetre === undefined && perDutySecond === 0
  const { perSecond = isTimed ? 1 : 0 } = costs
  const cost = fixed + perMetre * metres + perSecond * driving + perDutySecond * duty
  const told: readonly (readonly [string, number, number])[] = [
    ['cost', route.cost, cost],
    ['distance', route.distance, metres],
    ['driving', route.driving, driving],
    ['duty', route.duty, duty],
  ]
  for (const [name, said, found] of told)
    if (Math.abs(said - found) > tolerance * Math.max(1, Math.abs(found) / 1000))
      report('cost', `Its ${name} is ${found}, not ${said}.`)
}
