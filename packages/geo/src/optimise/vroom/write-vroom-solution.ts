import type { Plan, PlanRoute, PlanStep } from '../plan/plan.ts'
import type { Problem, ShipmentEnd, Stop } from '../problem/problem.ts'
import { optimiseErrors } from '../errors.ts'
import { vroomUnsupported } from './vroom-fields.ts'
import { vroomIds, type VroomIds } from './vroom-ids.ts'
import type { VroomRoute, VroomSolution, VroomStep } from './vroom-json.ts'

/**
 * Writes a plan as VROOM answers, numbers as {@link writeVroom} gives them: what reads VROOM's answers reads it.
 *
 * @throws `GEO_VROOM_UNSUPPORTED` for rests, reloads and breaks that rules of driving ask for, `GEO_PLAN_INVALID` for a plan of
 * another problem
 * @example
 * ```ts
 * import { solve, writeVroomSolution, type Problem } from '@exprsn/geo/optimize'
 *
 * const stops = [{ id: 'job 7', place: [9.53, 47.16] as const, service: 300 }]
 * const problem: Problem = { vehicles: [{ id: 'vehicle 1', start: [9.52, 47.14] }], stops }
 * const { routes } = writeVroomSolution(problem, await solve(problem, { iterations: 20 }))
 * console.log(routes?.[0]?.vehicle, routes?.[0]?.steps.map(({ type }) => type)) // 1 [ 'start', 'job', 'end' ]
 * ```
 */
export function writeVroomSolution(
  problem: Problem,
  plan: Pick<Plan, 'routes' | 'cost'> & { readonly unassigned: readonly { readonly stop: string }[] },
): VroomSolution {
  const ids = vroomIds(problem)
  const visits = new Map<string, VisitOf>([
    ...(problem.stops ?? []).map((stop): [string, VisitOf] => [`stop/${stop.id}`, stop]),
    ...(problem.shipments ?? []).flatMap(({ id, pickup, delivery, priority }): [string, VisitOf][] => [
      [`pickup/${id}`, { ...pickup, priority }],
      [`delivery/${id}`, { ...delivery, priority: undefined }],
    ]),
  ])
  const routes = plan.routes.map((route, at) => routeOf(route, `routes[${at}]`, { ids, visits }))
  const unassigned = plan.unassigned.flatMap(({ stop }): { readonly id: number; readonly type: string }[] => {
    const job = ids.jobs.get(stop)
    if (job !== undefined) return [{ id: job, type: 'job' }]
    const [pickup, delivery] = ids.shipments.get(stop) ?? []
    if (pickup === undefined || delivery === undefined) throw foreign('unassigned', stop)
    return [
      { id: pickup, type: 'pickup' },
      { id: delivery, type: 'delivery' },
    ]
  })
  const sum = (name: 'cost' | 'setup' | 'service' | 'duration' | 'waiting_time' | 'priority' | 'distance'): number =>
    routes.reduce((total, route) => total + (route[name] ?? 0), 0)
  return {
    code: 0,
    summary: {
      ...{ cost: sum('cost'), routes: routes.length, unassigned: unassigned.length },
      ...{ setup: sum('setup'), service: sum('service'), duration: sum('duration') },
      ...{ waiting_time: sum('waiting_time'), priority: sum('priority'), distance: sum('distance'), violations: [] },
    },
    unassigned,
    routes,
  }
}

type VisitOf = ShipmentEnd & Pick<Stop, 'priority'>

interface Context {
  readonly ids: VroomIds
  readonly visits: ReadonlyMap<string, VisitOf>
}

function routeOf(route: PlanRoute, where: string, context: Context): VroomRoute {
  const vehicle = context.ids.vehicles.get(route.vehicle)
  if (vehicle === undefined) throw foreign(`${where}.vehicle`, route.vehicle)
  let driven = 0
  let before: PlanStep | undefined
  const steps = route.steps.map((step, at): VroomStep => {
    driven += before === undefined ? 0 : step.arrival - before.end
    const described = stepOf(route.vehicle, step, `${where}.steps[${at}]`, { ...context, before, driven })
    before = step
    return described
  })
  const sum = (name: 'setup' | 'service' | 'waiting_time'): number =>
    steps.reduce((total, step) => total + (step[name] ?? 0), 0)
  const priority = route.steps.reduce(
    (total, { type, id }) => total + (context.visits.get(`${type}/${id ?? ''}`)?.priority ?? 0),
    0,
  )
  return {
    ...{ vehicle, cost: Math.round(route.cost), setup: sum('setup'), service: sum('service') },
    ...{ duration: Math.round(driven), waiting_time: sum('waiting_time'), priority },
    ...{ distance: Math.round(route.distance), steps, violations: [] },
  }
}

function stepOf(
  vehicle: string,
  { type, id, place, arrival, begin, end, load }: PlanStep,
  where: string,
  { ids, visits, before, driven }: Context & { readonly before: PlanStep | undefined; readonly driven: number },
): VroomStep {
  const at = {
    ...(place === undefined
      ? {}
      : typeof place === 'number'
        ? { location_index: place }
        : { location: [...place] as const }),
    arrival: Math.round(arrival),
    duration: Math.round(driven),
    load: [...load],
  }
  if (type === 'start' || type === 'end') return { type, ...at, setup: 0, service: 0, waiting_time: 0 }
  const waiting = Math.round(begin - arrival)
  if (type === 'break' && id !== undefined) {
    const number = ids.breaks.get(vehicle)?.get(id)
    if (number === undefined) throw foreign(where, id)
    return { type, id: number, ...at, setup: 0, service: Math.round(end - begin), waiting_time: waiting }
  }
  if (type === 'break' || type === 'rest' || type === 'reload')
    throw vroomUnsupported(where, `a ${type} that no break of the vehicle asks for is not known there`)
  const visit = visits.get(`${type}/${id ?? ''}`)
  if (visit === undefined) throw foreign(where, String(id))
  const numbers = ids.shipments.get(id!)
  const number = type === 'stop' ? ids.jobs.get(id!)! : numbers![type === 'pickup' ? 0 : 1]
  const isThere = before?.place !== undefined && String(before.place) === String(place)
  const setup = Math.round(isThere && before?.type !== 'start' ? 0 : Math.min(visit.setup ?? 0, end - begin))
  return {
    ...{ type: type === 'stop' ? 'job' : type, id: number, ...at },
    ...{ setup, service: Math.round(end - begin) - setup, waiting_time: waiting },
  }
}

function foreign(where: string, id: string) {
  return optimiseErrors.GEO_PLAN_INVALID({ where, reason: `the problem has no "${id}"` })
}
