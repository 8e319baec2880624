import { indexProblem, type ProblemIndex } from '../check/problem-index.ts'
import { compileProblem } from '../model/compile-problem.ts'
import type { Plan, PlanRoute, PlanStep } from '../plan/plan.ts'
import { checkProblem } from '../problem/check-problem.ts'
import type { Place, Problem, Vehicle } from '../problem/problem.ts'
import { vroomInvalid } from './vroom-fields.ts'
import { vroomIds } from './vroom-ids.ts'
import type { VroomRoute, VroomSolution, VroomStep } from './vroom-json.ts'

/**
 * Reads what VROOM answered to a problem as a plan, so that `checkSolution`, `explain` and `reoptimise` take it. The problem is what
 * `readVroom` made of VROOM's input, or what was given to `writeVroom`. Metres, loads and costs are reckoned from the problem.
 *
 * @throws `GEO_PROBLEM_FORMAT_INVALID` for an answer that tells an error, or is of another problem; `GEO_PROBLEM_INVALID`
 * @example
 * ```ts
 * import { checkSolution, readVroom, readVroomSolution } from '@exprsn/geo/optimize'
 *
 * const { problem } = readVroom({
 *   vehicles: [{ id: 1, start_index: 0 }],
 *   jobs: [{ id: 7, location_index: 1 }],
 *   matrix: [[0, 60], [60, 0]],
 * })
 * const steps = [
 *   { type: 'start', arrival: 0, duration: 0 },
 *   { type: 'job', id: 7, arrival: 60, duration: 60 },
 *   { type: 'end', arrival: 60, duration: 60 },
 * ]
 * const plan = readVroomSolution(problem, JSON.stringify({ code: 0, routes: [{ vehicle: 1, steps }] }))
 * console.log(plan.cost, checkSolution(problem, plan)) // 60 []
 * ```
 */
export function readVroomSolution(
  problem: Problem,
  solution: string | VroomSolution,
): Pick<Plan, 'routes' | 'cost'> & { readonly unassigned: readonly { readonly stop: string }[] } {
  checkProblem(problem)
  const answer = parsed(solution)
  if (answer.code !== 0) throw vroomInvalid(`it tells the error ${answer.code}: ${answer.error ?? 'no reason'}`)
  if (!Array.isArray(answer.routes)) throw vroomInvalid('routes is no list')
  const names = namesOf(problem)
  const index = indexProblem(problem)
  const model = compileProblem(problem)
  const routes = answer.routes.map((route: VroomRoute, at): PlanRoute => {
    const vehicle = names.vehicles.get(route.vehicle)
    const number = problem.vehicles.findIndex(({ id }) => id === vehicle)
    if (number < 0) throw vroomInvalid(`routes[${at}].vehicle ${route.vehicle} is not in the problem`)
    const own = problem.vehicles[number]!
    const steps = stepsOf(route, `routes[${at}]`, { vehicle: own, names, index })
    const driving = steps.reduce(
      (sum, step, place) => sum + (place === 0 ? 0 : step.arrival - steps[place - 1]!.end),
      0,
    )
    const distance = metresOf(index, own, steps)
    const duty = steps.length === 0 ? 0 : steps.at(-1)!.end - steps[0]!.begin
    const { fixed, perMetre, perSecond, perDutySecond } = model.vehicles[number]!.costs
    const cost = fixed + perMetre * distance + perSecond * driving + perDutySecond * duty
    return { vehicle: own.id, steps, cost, distance, driving, duty }
  })
  const unassigned = new Set(
    (answer.unassigned ?? []).map(({ id, type = 'job' }, at) => {
      const name = names.visits.get(`${type}/${id}`)
      if (name === undefined) throw vroomInvalid(`unassigned[${at}] is not in the problem`)
      return name
    }),
  )
  const cost = routes.reduce((sum, route) => sum + route.cost, 0)
  return { routes, cost, unassigned: [...unassigned].map((stop) => ({ stop })) }
}

function parsed(solution: string | VroomSolution): VroomSolution {
  let value: unknown = solution
  if (typeof solution === 'string')
    try {
      value = JSON.parse(solution)
    } catch {
      throw vroomInvalid('it is no JSON')
    }
  if (typeof value !== 'object' || value === null) throw vroomInvalid('the answer is no object')
  return value as VroomSolution
}

interface Names {
  readonly vehicles: ReadonlyMap<number, string>
  /** By type and number, such as `job/7`. */
  readonly visits: ReadonlyMap<string, string>
  readonly breaks: ReadonlyMap<string, string>
}

function namesOf(problem: Problem): Names {
  const ids = vroomIds(problem)
  return {
    vehicles: new Map([...ids.vehicles].map(([id, number]) => [number, id])),
    visits: new Map([
      ...[...ids.jobs].map(([id, number]) => [`job/${number}`, id] as const),
      ...[...ids.shipments].flatMap(([id, [pickup, delivery]]) => [
        [`pickup/${pickup}`, id] as const,
        [`delivery/${delivery}`, id] as const,
      ]),
    ]),
    breaks: new Map(
      [...ids.breaks].flatMap(([vehicle, numbers]) =>
        [...numbers].map(([id, number]) => [`${vehicle}/${number}`, id] as const),
      ),
    ),
  }
}

function stepsOf(
  { steps }: VroomRoute,
  where: string,
  { vehicle, names, index }: { readonly vehicle: Vehicle; readonly names: Names; readonly index: ProblemIndex },
): PlanStep[] {
  if (!Array.isArray(steps)) throw vroomInvalid(`${where}.steps is no list`)
  const load: number[] = []
  const known = (steps as readonly VroomStep[]).map((step, at) => {
    const { type, id } = step
    if (type === 'start' || type === 'end') return { step, type, place: vehicle[type] }
    const name = type === 'break' ? names.breaks.get(`${vehicle.id}/${id}`) : names.visits.get(`${type}/${id}`)
    if (name === undefined) throw vroomInvalid(`${where}.steps[${at}], ${type} ${id}, is not in the problem`)
    if (type === 'break') return { step, type, id: name }
    const kind = type === 'job' ? ('stop' as const) : type
    const visit = index.visits.get(`${kind}/${name}`)!
    return { step, type: kind, id: name, place: visit.place, visit }
  })
  const add = (amounts: readonly number[] | undefined, factor: number): void => {
    for (const [at, amount] of (amounts ?? []).entries()) load[at] = (load[at] ?? 0) + factor * amount
  }
  for (const entry of known) if ('visit' in entry) add(entry.visit?.deliver, 1)
  return known.map((entry): PlanStep => {
    const { arrival, waiting_time: wait = 0, setup = 0, service = 0 } = entry.step
    if (!Number.isFinite(arrival)) throw vroomInvalid(`${where} has a step without arrival`)
    if ('visit' in entry) {
      add(entry.visit?.deliver, -1)
      add(entry.visit?.pickUp, 1)
      add(entry.visit?.change, 1)
    }
    const place: Place | undefined = 'place' in entry ? entry.place : undefined
    return {
      type: entry.type,
      ...('id' in entry ? { id: entry.id } : {}),
      ...(place === undefined ? {} : { place }),
      ...{ arrival, begin: arrival + wait, end: arrival + wait + setup + service, load: [...load] },
    }
  })
}

function metresOf(index: ProblemIndex, vehicle: Vehicle, steps: readonly PlanStep[]): number {
  const places = steps.flatMap(({ place }) => (place === undefined ? [] : [place]))
  return places.reduce<number>(
    (sum, place, at) => sum + (at === 0 ? 0 : index.metres(vehicle, places[at - 1]!, place)),
    0,
  )
}
