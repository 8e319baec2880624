import { SeededRandom } from '@exprsn/core/testing'
import { checkSolution, explain, solve, type Plan, type PlanStep } from '@exprsn/geo/optimize'
import { expect, it } from 'vitest'
import { features, randomProblem } from './random-problem.ts'

/** With traffic, a later begin changes the way as well, which slack leaves out. */
const quiet = features.filter((feature) => feature !== 'speeds')

it('holds what it says: slack to the second, and the same costs as the plan', async () => {
  let finite = 0
  let compared = 0
  for (let seed = 0; seed < 60; seed++) {
    const random = new SeededRandom(`explain ${seed}`)
    const only = new Set(quiet.filter(() => random.uint32() % 3 === 0))
    const { problem } = randomProblem(random, { only })
    const plan = await solve(problem, { iterations: 150, seed }).catch(() => undefined)
    if (plan === undefined) continue
    const told = explain(problem, plan)
    expect(told.violations).toEqual([])
    expect(told.costs.total).toBeCloseTo(plan.cost, 3)
    for (const { vehicle, stops } of told.routes)
      for (const { id, type, slack, status, alternatives, saving } of stops) {
        expect(slack).toBeGreaterThanOrEqual(-1e-6)
        if (saving !== undefined && alternatives.length > 0) compared++
        if (status === 'locked') continue
        const wrongs = (delay: number) => violationsWhenLate(problem, plan, { vehicle, id, type, delay })
        expect(wrongs(Math.min(slack, 1e6) * 0.999), `seed ${seed}, ${id}`).toEqual([])
        if (slack > 1e6) continue
        finite++
        expect(wrongs(slack + 2), `seed ${seed}, ${id} beyond its slack`).not.toEqual([])
      }
  }
  expect([finite > 100, compared > 100]).toEqual([true, true])
})

/** What the check says when a visit begins later and all behind it follow. */
function violationsWhenLate(
  problem: Parameters<typeof checkSolution>[0],
  plan: Plan,
  late: { readonly vehicle: string; readonly id: string; readonly type: string; readonly delay: number },
): readonly string[] {
  const routes = plan.routes.map((route) => {
    if (route.vehicle !== late.vehicle) return route
    let lag = 0
    const steps = route.steps.map((step): PlanStep => {
      const isIt = step.id === late.id && step.type === late.type
      const arrival = step.arrival + lag
      const begin = isIt ? step.begin + late.delay : Math.max(step.begin, arrival)
      lag = begin - step.begin
      return { ...step, arrival, begin, end: step.end + lag }
    })
    return { ...route, steps, duty: steps.at(-1)!.end - steps[0]!.begin }
  })
  return checkSolution(problem, { ...plan, routes })
    .map(({ kind }) => kind)
    .filter((kind) => kind !== 'cost')
}
