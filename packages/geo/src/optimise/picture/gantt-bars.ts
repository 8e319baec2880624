import { indexProblem } from '../check/problem-index.ts'
import type { PlanRoute } from '../plan/plan.ts'
import type { Problem, TimeWindow } from '../problem/problem.ts'

/** A span of a vehicle's day. */
export interface GanttBar {
  readonly kind: 'driving' | 'handling' | 'waiting' | 'break' | 'rest'
  readonly from: number
  readonly to: number
  readonly label: string
  readonly isLocked: boolean
  /** When its handling may begin. */
  readonly windows: readonly TimeWindow[]
}

/** What a vehicle does, span by span. */
export function ganttBars(problem: Problem, { vehicle, steps }: PlanRoute): GanttBar[] {
  const { visits, vehicles } = indexProblem(problem)
  const locked = new Set(vehicles.get(vehicle)?.locked)
  const plain = { isLocked: false, windows: [] }
  return steps.flatMap((step, at): GanttBar[] => {
    const { type, id, arrival, begin, end } = step
    const left = at === 0 ? arrival : steps[at - 1]!.end
    const to = nameOf(type, id)
    const visit = visits.get(`${type}/${id ?? ''}`)
    const bars: GanttBar[] = []
    if (arrival > left) bars.push({ kind: 'driving', from: left, to: arrival, label: `driving to ${to}`, ...plain })
    if (begin > arrival) bars.push({ kind: 'waiting', from: arrival, to: begin, label: `waiting for ${to}`, ...plain })
    if (type === 'break' || type === 'rest') bars.push({ kind: type, from: begin, to: end, label: to, ...plain })
    else if (visit !== undefined || end > begin)
      bars.push({
        ...{ kind: 'handling', from: begin, to: end, label: to },
        isLocked: id !== undefined && locked.has(id),
        windows: visit?.windows ?? [],
      })
    return bars
  })
}

function nameOf(type: string, id: string | undefined): string {
  if (id === undefined) return type
  return type === 'stop' ? id : `${type} of ${id}`
}
