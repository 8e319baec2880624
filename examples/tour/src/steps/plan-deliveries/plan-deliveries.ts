import type { Position } from '@exprsn/geo/coordinates'
import {
  checkSolution,
  drawPlanGantt,
  drawPlanMap,
  explain,
  reoptimise,
  solve,
  type Plan,
  type Problem,
} from '@exprsn/geo/optimize'
import { buildGraph, openRouter, profiles, readOsm, type Router } from '@exprsn/geo/routing'
import type { Step, StepContext, StepOutcome } from '../../step.ts'
import { gothenburg } from '../routing/gothenburg.ts'
import { drawOrders } from './orders.ts'
import { stacked } from './stacked.ts'

/** A day of a haulier: who brings what when, under the rules of driving and rest, and what becomes of it when a lorry is late. */
export const planDeliveries: Step = {
  name: 'plan-deliveries',
  title: 'Geo: 200 deliveries with 12 lorries on the streets of Gothenburg, windows and driving time rules kept',
  run,
}

async function run({ say, signal }: StepContext): Promise<StepOutcome> {
  const graph = await buildGraph(readOsm(await gothenburg()), { profile: profiles.car, signal })
  await using router = await openRouter(graph)
  const { problem, positions } = await drawOrders(router, { stops: 200, vehicles: 12, signal })
  const first = await solve(problem, { iterations: 1, signal })
  const plan = await solve(problem, { timeLimit: '1200ms', seed: 1, signal })
  mustBeRight(problem, plan)
  if (plan.unassigned.length > 0) throw new Error(`${plan.unassigned.length} orders were left out.`)
  say(
    `${plan.statistics.iterations.toLocaleString('en')} changes tried in ${(plan.statistics.milliseconds / 1_000).toFixed(1)} s`,
  )
  const late = await lateLorry(problem, plan)
  const told = explain(problem, plan, { alternatives: false })
  const pauses = told.routes.flatMap(({ hours }) => hours?.pauses ?? [])
  const ways = await waysOf(router, plan, positions)
  const kilometres = plan.routes.reduce((sum, { distance }) => sum + distance, 0) / 1_000
  return {
    facts: [
      { label: 'plan', value: `200 deliveries, ${plan.routes.length} of 12 lorries, ${kilometres.toFixed(0)} km` },
      {
        label: 'checked by other code',
        value: 'every window, load, break and cost: no violation',
      },
      {
        label: 'cost',
        value: `${plan.cost.toFixed(0)}, ${((1 - plan.cost / first.cost) * 100).toFixed(0)} % below the first plan`,
      },
      { label: 'breaks by Article 7 of Regulation 561/2006', value: String(pauses.length) },
      { label: 'a lorry is an hour late', value: late },
    ],
    picture: stacked([
      drawPlanMap(problem, plan, { positions, ways, title: `Gothenburg, ${graph.attribution}`, width: 900 }),
      drawPlanGantt(problem, plan, { title: 'Who brings what when', width: 900 }),
    ]),
  }
}

function mustBeRight(problem: Problem, plan: Plan): void {
  const [violation] = checkSolution(problem, plan)
  if (violation !== undefined) throw new Error(`The plan is wrong: ${violation.kind}, ${violation.detail}`)
}

/** One lorry cannot leave before nine: the plan is fitted to that. */
async function lateLorry(problem: Problem, plan: Plan): Promise<string> {
  const [route] = plan.routes
  const late: Problem = {
    ...problem,
    vehicles: problem.vehicles.map((vehicle) =>
      vehicle.id === route!.vehicle
        ? { ...vehicle, window: [route!.steps[0]!.begin + 3_600, vehicle.window![1]] }
        : vehicle,
    ),
  }
  const again = await reoptimise(late, plan)
  mustBeRight(late, again)
  const before = new Map(plan.routes.flatMap(({ vehicle, steps }) => steps.map(({ id }) => [id, vehicle] as const)))
  const moved = again.routes.flatMap(({ vehicle, steps }) =>
    steps.filter(({ id, type }) => type === 'stop' && before.get(id) !== vehicle),
  )
  const { milliseconds } = again.statistics
  return `${moved.length} orders change hands, ${again.unassigned.length} left out, told after ${milliseconds.toFixed(0)} ms`
}

/** The streets that lorries drive along. */
async function waysOf(
  router: Router,
  plan: Plan,
  positions: readonly Position[],
): Promise<Map<string, readonly Position[]>> {
  const ways = new Map<string, readonly Position[]>()
  for (const { vehicle, steps } of plan.routes) {
    const points = steps.flatMap(({ place }) => (typeof place === 'number' ? [positions[place]!] : []))
    const way = await router.route({ points, instructions: false })
    if (way.found) ways.set(vehicle, way.geometry)
  }
  return ways
}
