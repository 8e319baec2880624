import { checkSolution, solve, type Problem } from '@exprsn/geo/optimize'
import { randomBelow } from '@exprsn/core'
import { SeededRandom } from '@exprsn/core/testing'
import { describe, expect, it } from 'vitest'
import { compileProblem } from '../../src/optimise/model/compile-problem.ts'
import { createSearch } from '../../src/optimise/search/create-search.ts'
import { vehiclesOf } from '../../src/optimise/search/fleet.ts'

/** Iterations after which another plan is made from scratch come to the half of the search, with some to spare. */
const perStop = 16_000

const kinds = ['vehicles first', 'costs only', 'shipments', 'locked'] as const

function problemWith(kind: (typeof kinds)[number]): Problem {
  const random = new SeededRandom(kind)
  const somewhere = (): number => randomBelow(random, 100)
  const points = Array.from({ length: 7 }, () => [somewhere(), somewhere()] as const)
  const durations = points.map(([ax, ay]) => points.map(([bx, by]) => Math.hypot(ax - bx, ay - by)))
  const places = Array.from({ length: 6 }, (_, at) => at + 1)
  const open = (place: number, length: number) => ({ place, windows: [[place * 10, place * 10 + length]] as const })
  const own: Partial<Problem> =
    kind === 'shipments'
      ? {
          shipments: places.slice(0, 3).map((place) => ({
            ...{ id: `${place}`, amount: [4] },
            ...{ pickup: open(place, 250), delivery: open(place + 3, 500) },
          })),
        }
      : { stops: places.map((place) => ({ id: `${place}`, deliver: [8], ...open(place, 120) })) }
  return {
    vehicles: Array.from({ length: 6 }, (_, at) => ({
      ...{ id: `van ${at}`, start: 0, end: 0, capacity: [20] },
      locked: kind === 'locked' && at === 4 ? ['3', '5'] : [],
    })),
    matrix: { rows: 7, columns: 7, durations: durations.flat() },
    objectives: kind === 'costs only' ? ['unassigned', 'cost'] : ['unassigned', 'vehicles', 'cost'],
    ...own,
  }
}

describe('with plenty of time a search makes another plan from scratch', () => {
  it.each(kinds)('and never loses what was better, nor a rule: %s', async (kind) => {
    const problem = problemWith(kind)
    const model = compileProblem(problem)
    const search = createSearch(model, { seed: 2, minimisesVehicles: kind !== 'costs only' })
    search.begin(Infinity)
    const total = perStop * model.tasks.count
    let best = search.best
    for (let done = 0; done < total; done += 500) {
      search.run(500, done / total)
      const now = search.best
      if (done > total / 2) {
        expect(vehiclesOf(now)).toBeLessThanOrEqual(vehiclesOf(best))
        if (vehiclesOf(now) === vehiclesOf(best)) expect(now.cost).toBeLessThanOrEqual(best.cost)
      }
      best = now
    }
    expect(best.absent).toBe(0)
    const plan = await solve(problem, { seed: 2, iterations: total })
    expect(checkSolution(problem, plan)).toEqual([])
    expect(plan.unassigned).toEqual([])
  })
})
