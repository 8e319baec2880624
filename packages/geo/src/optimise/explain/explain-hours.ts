import type { PlanRoute, PlanStep } from '../plan/plan.ts'
import type { Vehicle } from '../problem/problem.ts'
import { hoursOfService, type HoursRules } from '../schedule/hours-of-service.ts'
import type { HoursExplanation, HoursPause } from './explanation.ts'

const tolerance = 1e-3

/** Which rule asked for each break and rest, and what is left when the route ends. */
export function explainHours({ hours, hoursSoFar = {} }: Vehicle, { steps }: PlanRoute): HoursExplanation | undefined {
  if (hours === undefined) return undefined
  const rules = typeof hours === 'string' ? hoursOfService[hours] : hours
  const name = typeof hours === 'string' ? hours : 'own'
  const pauses: HoursPause[] = []
  let [sinceBreak, today] = [hoursSoFar.driving ?? 0, hoursSoFar.dailyDriving ?? 0]
  let longDays = hoursSoFar.longDays ?? 0
  let [free, away] = [0, 0]
  // Free time that is over may have been the first part of a break, unless it was a whole one.
  let [hasPart, isUsed] = [false, false]
  let [hasRestPart, isRested] = [hoursSoFar.hasRestPart ?? false, false]
  const work = (): void => {
    const [first] = rules.splitBreak ?? [Infinity]
    if (!isUsed && sinceBreak > 0 && free >= first - tolerance) hasPart = true
    if (!isRested && free >= (rules.splitRest?.[0] ?? Infinity) - tolerance) hasRestPart = true
    isRested = false
    free = 0
    isUsed = false
  }
  /** Free time may begin with waiting and go on as a break. */
  const rest = (seconds: number): void => {
    free += seconds
    away += seconds
    if (free >= (hasPart ? rules.splitBreak![1] : rules.break) - tolerance) {
      sinceBreak = 0
      hasPart = false
      isUsed = true
    }
    if (rules.breakBy === 'not-driving' && away >= rules.break - tolerance) sinceBreak = 0
    if (free < restLength(rules, hasRestPart) - tolerance) return
    hasRestPart = false
    isRested = true
    if (today > rules.dailyDriving + tolerance) longDays++
    today = 0
  }
  for (const [at, step] of steps.entries()) {
    const drive = at === 0 ? 0 : step.arrival - steps[at - 1]!.end
    if (drive > tolerance) {
      work()
      sinceBreak += drive
      today += drive
      away = 0
    }
    const isPause = step.type === 'break' || step.type === 'rest'
    if (isPause && step.id === undefined) {
      const because = becauseOf(step, rules, { sinceBreak, today, longDays })
      const { begin, end } = step
      pauses.push({
        ...{ type: step.type, begin, end, because, sinceBreak, today },
        ...(name === 'own' || because === 'chosen' ? {} : { source: sources[name][because] }),
      })
    }
    rest(step.begin - step.arrival)
    if (isPause) rest(step.end - step.begin)
    else if (step.end > step.begin) {
      work()
      away += step.end - step.begin
      if (rules.breakBy === 'not-driving' && away >= rules.break - tolerance) sinceBreak = 0
    }
  }
  const daily = longDays < (rules.longDays ?? 0) ? (rules.longDriving ?? rules.dailyDriving) : rules.dailyDriving
  return {
    ...{ rules: name, pauses, sinceBreak, today },
    leftUntilBreak: Math.max(0, Math.min(rules.driving - sinceBreak, daily - today)),
    leftToday: Math.max(0, daily - today),
  }
}

function restLength(
  { dailyRest, shortRest = dailyRest, shortRests = 0, splitRest }: HoursRules,
  hasPart: boolean,
): number {
  if (hasPart && splitRest !== undefined) return splitRest[1]
  return shortRests > 0 ? shortRest : dailyRest
}

function becauseOf(
  { type }: PlanStep,
  { driving, dailyDriving, longDriving = dailyDriving, longDays: most = 0 }: HoursRules,
  done: { readonly sinceBreak: number; readonly today: number; readonly longDays: number },
): HoursPause['because'] {
  if (type === 'break') return done.sinceBreak >= driving - tolerance ? 'driving' : 'chosen'
  const limit = done.longDays < most ? longDriving : dailyDriving
  return done.today >= limit - tolerance ? 'daily-driving' : 'day'
}

/** Where the rules stand. */
const sources: Readonly<Record<'eu-561' | 'us-fmcsa', Readonly<Record<'driving' | 'daily-driving' | 'day', string>>>> =
  {
    'eu-561': {
      driving: 'Article 7 of Regulation (EC) No 561/2006',
      'daily-driving': 'Article 6(1) of Regulation (EC) No 561/2006',
      day: 'Article 8(2) of Regulation (EC) No 561/2006',
    },
    'us-fmcsa': {
      driving: '49 CFR § 395.3(a)(3)(ii)',
      'daily-driving': '49 CFR § 395.3(a)(3)(i)',
      day: '49 CFR § 395.3(a)(2)',
    },
  }
