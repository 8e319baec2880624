import { indexProblem } from '../check/problem-index.ts'
import type { Model } from '../model/model.ts'
import type { PlanRoute, PlanStep } from '../plan/plan.ts'
import type { Problem, TimeWindow, Vehicle } from '../problem/problem.ts'
import type { VehicleComparison } from './compare-vehicles.ts'
import type { Alternative, StopExplanation } from './explanation.ts'
import { slacksOf } from './slack.ts'
import { roundText } from './time-text.ts'

/** What the stops of a route are explained with. */
export interface StopContext {
  readonly problem: Problem
  readonly model: Model
  /** Of the vehicle in the problem. */
  readonly index: number
  readonly now: number | undefined
  /** undefined: other vehicles are not tried. */
  readonly comparison: VehicleComparison | undefined
}

/** Each visit of a route and what holds it where it is. */
export function explainStops(route: PlanRoute, context: StopContext): StopExplanation[] {
  const { problem, index } = context
  const vehicle = problem.vehicles[index]!
  const slacks = slacksOf(vehicle, route, windowsIn(problem, vehicle))
  const locked = lockedSteps(vehicle, route)
  return route.steps.flatMap((step, at): StopExplanation[] => {
    const { type, id, arrival, begin, end } = step
    if (id === undefined || (type !== 'stop' && type !== 'pickup' && type !== 'delivery')) return []
    const status = statusOf(step, { route, isLocked: locked.has(at), now: context.now })
    const { seconds, by, at: where } = slacks[at]!
    const isFree = status === 'planned' && !(vehicle.locked ?? []).includes(id)
    const compared = isFree ? compare(id, context) : { saving: undefined, alternatives: [] }
    const reason = reasonOf(status, { ...compared, hasOthers: problem.vehicles.length > 1, isFree })
    return [
      {
        ...{ id, type, status, arrival, begin, end },
        waiting: begin - arrival,
        slack: seconds,
        ...(by === undefined ? {} : { slackEnds: { by, ...(where === undefined ? {} : { at: where }) } }),
        ...(compared.saving === undefined ? {} : { saving: compared.saving }),
        alternatives: compared.alternatives,
        reason,
      },
    ]
  })
}

function windowsIn(problem: Problem, vehicle: Vehicle): (step: PlanStep) => readonly TimeWindow[] {
  const { visits } = indexProblem(problem)
  const locked = new Set(vehicle.locked)
  return ({ type, id }) => {
    if (type === 'break') return vehicle.breaks?.find((pause) => pause.id === id)?.windows ?? []
    return id === undefined || locked.has(id) ? [] : (visits.get(`${type}/${id}`)?.windows ?? [])
  }
}

/** The visits that are what the vehicle must do first. */
function lockedSteps({ locked = [] }: Vehicle, { steps }: PlanRoute): ReadonlySet<number> {
  const visits = steps.flatMap(({ type, id }, at) => (id === undefined || type === 'break' ? [] : [at]))
  return new Set(visits.slice(0, locked.length).filter((at, place) => steps[at]!.id === locked[place]))
}

/** With `now` the clock tells; without it, what is locked at the place where the vehicle starts is under way. */
function statusOf(
  { arrival, begin, end }: PlanStep,
  { route, isLocked, now }: { readonly route: PlanRoute; readonly isLocked: boolean; readonly now: number | undefined },
): StopExplanation['status'] {
  if (now !== undefined) {
    if (end <= now) return 'done'
    if (begin <= now) return 'in-progress'
  } else if (isLocked && arrival <= route.steps[0]!.begin) return 'in-progress'
  return isLocked ? 'locked' : 'planned'
}

function compare(
  id: string,
  { problem, model, index, comparison }: StopContext,
): Pick<StopExplanation, 'saving' | 'alternatives'> {
  const request = model.requests.ids.indexOf(id)
  if (comparison === undefined || request < 0) return { alternatives: [] }
  const saving = comparison.saving(index, request)
  if (saving === undefined) return { alternatives: [] }
  const all = problem.vehicles.flatMap((vehicle, other): Alternative[] => {
    if (other === index) return []
    const attempt = comparison.attempt(other, request)
    return [{ vehicle: vehicle.id, ...('cost' in attempt ? { cost: attempt.cost - saving } : attempt) }]
  })
  const costOf = (one: Alternative): number => ('cost' in one ? one.cost : Infinity)
  return { saving, alternatives: all.toSorted((a, b) => (costOf(a) === costOf(b) ? 0 : costOf(a) - costOf(b))) }
}

function reasonOf(
  status: StopExplanation['status'],
  {
    saving,
    alternatives,
    hasOthers,
    isFree,
  }: Pick<StopExplanation, 'saving' | 'alternatives'> & { readonly hasOthers: boolean; readonly isFree: boolean },
): string {
  if (status === 'done') return 'It is done.'
  if (status === 'in-progress') return 'It is under way.'
  if (status === 'locked') return 'It is locked: this vehicle does it first.'
  if (!isFree) return 'It belongs to what is locked to this vehicle.'
  if (!hasOthers) return 'There is no other vehicle.'
  const [best] = alternatives
  if (best === undefined) return saving === undefined ? 'Others were not compared.' : 'There is no other vehicle.'
  if ('blockedBy' in best) {
    const blocks = [...new Set(alternatives.flatMap((one) => ('blockedBy' in one ? [one.blockedBy] : [])))]
    return `No other vehicle can take it as things are: ${blocks.join(', ')}.`
  }
  const difference = roundText(Math.abs(best.cost))
  if (best.cost > 1e-6) return `The next best vehicle, ${best.vehicle}, would cost ${difference} more.`
  if (best.cost > -1e-6) return `${best.vehicle} would cost as much.`
  return `${best.vehicle} would cost ${difference} less, if cost were all that counts.`
}
