import { hoursOfService, type HoursRules } from '../schedule/hours-of-service.ts'
import type { Subject } from './check-route.ts'
import { spansOf } from './spans.ts'
import { tolerance, type Report } from './violation.ts'

/** Driving and rest keep to the rules that the driver is under. */
export function checkHours({ vehicle, route }: Subject, report: Report): void {
  if (vehicle.hours === undefined) return
  const rules = typeof vehicle.hours === 'string' ? hoursOfService[vehicle.hours] : vehicle.hours
  const { hoursSoFar = {} } = vehicle
  const spans = spansOf(route.steps)
  const begin = route.steps[0]!.begin
  let sinceBreak = hoursSoFar.driving ?? 0
  let away = 0
  let hasPart = false
  let today = hoursSoFar.dailyDriving ?? 0
  let dayBegan = hoursSoFar.dayBegan ?? begin
  let longDays = hoursSoFar.longDays ?? 0
  let shortRests = hoursSoFar.shortRests ?? 0
  let hasRestPart = hoursSoFar.hasRestPart ?? false
  let total = hoursSoFar.totalDriving ?? 0
  let duty = hoursSoFar.totalDuty ?? 0
  const { shortRest = rules.dailyRest, longDriving = rules.dailyDriving } = rules
  for (const { kind, from, to } of spans) {
    const length = to - from
    if (kind !== 'free') duty += length
    if (kind === 'driving') {
      away = 0
      sinceBreak += length
      today += length
      total += length
      if (sinceBreak > rules.driving + tolerance) report('hours', `Driving for ${sinceBreak} seconds without a break.`)
      if (today > longDriving + tolerance) report('hours', `Driving for ${today} seconds in a day.`)
      if (rules.dayLimits === 'driving' && to > dayBegan + rules.day + tolerance)
        report('hours', 'Driving after the day is over.')
      continue
    }
    away += length
    if (kind === 'free') {
      // Article 7: a part of 15 minutes, followed by one of 30, is as good as one of 45.
      const [first, second] = rules.splitBreak ?? [Infinity, Infinity]
      const isWhole: boolean = length >= rules.break - tolerance || (hasPart && length >= second - tolerance)
      hasPart = !isWhole && (hasPart || (sinceBreak > 0 && length >= first - tolerance))
      if (isWhole) sinceBreak = 0
    }
    if (rules.breakBy === 'not-driving' && away >= rules.break - tolerance) sinceBreak = 0
    if (kind === 'work') continue
    // Article 8(2): what lies within the 24 hours decides which kind of rest it is.
    const portion = rules.dayLimits === 'driving' ? length : Math.min(length, dayBegan + rules.day - from)
    const isShort = portion < rules.dailyRest - tolerance
    // Article 4(g): at least three hours, and later at least nine, are as good as eleven.
    const [firstPart, secondPart] = rules.splitRest ?? [Infinity, Infinity]
    const isSecond = isShort && hasRestPart && portion >= secondPart - tolerance
    const isEnough = !isShort || isSecond || (portion >= shortRest - tolerance && shortRests < (rules.shortRests ?? 0))
    if (!isEnough && portion >= firstPart - tolerance) hasRestPart = true
    if (!isEnough && length < rules.dailyRest - tolerance) continue
    if (!isEnough) report('hours', 'The daily rest is over too late.')
    if (isShort && !isSecond) shortRests++
    hasRestPart = false
    endDay()
    dayBegan = to
    sinceBreak = 0
  }
  const last = spans.at(-1)
  if (last !== undefined && last.kind !== 'free') {
    const rest = hasRestPart ? rules.splitRest![1] : restOf(rules, shortRests)
    if (rules.dayLimits === 'rest-included' && last.to + rest > dayBegan + rules.day + tolerance)
      report('hours', 'The last daily rest is over too late.')
    endDay()
  }
  if (total > (rules.totalDriving ?? Infinity) + tolerance) report('hours', `Driving for ${total} seconds in all.`)
  if (duty > (rules.totalDuty ?? Infinity) + tolerance) report('hours', `On duty for ${duty} seconds in all.`)
  if (route.steps.at(-1)!.end - begin > (rules.week ?? Infinity) + tolerance) report('hours', 'A weekly rest is due.')

  function endDay(): void {
    if (today > rules.dailyDriving + tolerance && ++longDays > (rules.longDays ?? 0))
      report('hours', `Driving for ${today} seconds in a day too often.`)
    today = 0
  }
}

function restOf({ dailyRest, shortRests = 0, shortRest = dailyRest }: HoursRules, used: number): number {
  return used < shortRests ? shortRest : dailyRest
}
