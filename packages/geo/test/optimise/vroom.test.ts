import { SeededRandom } from '@exprsn/core/testing'
import {
  checkSolution,
  readVroom,
  readVroomSolution,
  solve,
  writeVroom,
  writeVroomSolution,
} from '@exprsn/geo/optimize'
import { expect, it } from 'vitest'
import { features, randomProblem, type Feature } from './random-problem.ts'

const unknown = new Set<Feature>([
  ...(['prizes', 'eu-561', 'us-fmcsa', 'max-duty', 'duty costs', 'reload', 'backhauls', 'together', 'apart'] as const),
  ...(['one-of', 'speeds', 'unreachable', 'locked', 'objectives', 'vehicle speed'] as const),
])

it('carries random problems and their plans there and back', async () => {
  const seen = new Set<string>()
  let served = 0
  for (let seed = 0; seed < 80; seed++) {
    const random = new SeededRandom(`vroom ${seed}`)
    const only = new Set(features.filter((feature) => !unknown.has(feature) && random.uint32() % 2 === 0))
    const { problem: original } = randomProblem(random, { only })
    for (const feature of only) seen.add(feature)
    const file = writeVroom(original)
    // Ids and fractions change once, and never again.
    const { problem } = readVroom(JSON.stringify(file))
    const { vehicles, jobs = [], shipments = [] } = file
    const plain = <Item extends object>(item: Item): Item => ({ ...item, description: undefined })
    expect(writeVroom(problem)).toEqual({
      ...file,
      vehicles: vehicles.map((vehicle) =>
        plain(vehicle.breaks === undefined ? vehicle : { ...vehicle, breaks: vehicle.breaks.map(plain) }),
      ),
      jobs: jobs.map(plain),
      shipments: shipments.map(({ pickup, delivery, ...rest }) => ({
        ...{ pickup: plain(pickup), delivery: plain(delivery) },
        ...rest,
      })),
    })
    const plan = await solve(problem, { iterations: 60, seed })
    served += plan.routes.length
    const again = readVroomSolution(problem, JSON.stringify(writeVroomSolution(problem, plan)))
    expect(checkSolution(problem, again), `seed ${seed}`).toEqual([])
    expect(again.cost).toBeCloseTo(plan.cost, 3)
  }
  expect(served).toBeGreaterThan(80)
  expect(seen.size).toBe(features.length - unknown.size)
})
