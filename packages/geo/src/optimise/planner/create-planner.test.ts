import { SimulatedClock } from '@exprsn/core/testing'
import { checkSolution, createPlanner, solve, type PlanJob, type Planner, type Problem } from '@exprsn/geo/optimize'
import { describe, expect, it } from 'vitest'
import { compileProblem } from '../model/compile-problem.ts'
import { lowerBound } from './lower-bound.ts'

const town = (count: number): Problem => ({
  vehicles: Array.from({ length: 8 }, (_, at) => ({
    id: `van ${at}`,
    start: [9.5, 47.1],
    end: [9.5, 47.1],
    capacity: [Math.ceil(count / 6)],
  })),
  stops: Array.from({ length: count }, (_, at) => ({
    id: `stop ${at}`,
    place: [9.4 + ((at * 7) % 31) / 150, 47 + ((at * 11) % 29) / 140] as const,
    deliver: [1],
  })),
})

async function finished(planner: Planner, id: string): Promise<PlanJob> {
  let last = planner.job(id)
  for await (const job of planner.events(id)) last = job
  return last
}

describe.each([
  ['in a thread', 1],
  ['in this thread', 0],
])('a planner %s', (_, threads) => {
  it('solves what it is given, and tells how far it is', async () => {
    await using planner = createPlanner({ threads })
    const problem = town(60)
    const { id, status } = planner.submit(problem, { iterations: 20_000 })
    expect(status).toBe('waiting')
    const seen: PlanJob[] = []
    for await (const job of planner.events(id)) seen.push(job)
    expect(seen.map((job) => job.status)).toEqual([
      'waiting',
      ...Array.from({ length: seen.length - 2 }, () => 'running'),
      'done',
    ])
    const told = seen.flatMap(({ progress }) => progress ?? [])
    const [first, last] = [told[0]!, told.at(-1)!]
    expect([last.iterations, last.share]).toEqual([20_000, 1])
    expect([last.unassigned, last.gap! > 0, last.gap! < 1]).toEqual([0, true, true])
    expect(last.cost).toBeLessThanOrEqual(first.cost)
    expect(checkSolution(problem, planner.job(id).plan!)).toEqual([])
    expect(planner.solved(id)).toMatchObject({ positions: [], plan: planner.job(id).plan })
  })

  it('gives the plan of solve for a seed and iterations', async () => {
    await using planner = createPlanner({ threads })
    const problem = town(30)
    const job = await finished(planner, planner.submit(problem, { iterations: 300, seed: 5 }).id)
    expect(job.plan!.routes).toEqual((await solve(problem, { iterations: 300, seed: 5 })).routes)
  })

  it('ends what is cancelled, whether it waits or runs', async () => {
    await using planner = createPlanner({ threads })
    const [running, waiting] = [
      planner.submit(town(60), { timeLimit: '60s' }),
      planner.submit(town(60), { timeLimit: '60s' }),
    ]
    for await (const { status } of planner.events(running.id)) {
      if (status === 'running') planner.cancel(running.id)
      if (status === 'running') planner.cancel(waiting.id)
    }
    expect(planner.jobs().map(({ status }) => status)).toEqual(['cancelled', 'cancelled'])
    expect(planner.cancel(running.id).status).toBe('cancelled')
    // The thread is free again.
    expect((await finished(planner, planner.submit(town(5), { iterations: 5 }).id)).status).toBe('done')
  })

  it('tells why a problem cannot be solved', async () => {
    await using planner = createPlanner({ threads })
    const vehicles = [{ id: 'van', start: [9, 47] as const, locked: ['a'], capacity: [1] }]
    const job = await finished(
      planner,
      planner.submit({ vehicles, stops: [{ id: 'a', place: [9, 47], deliver: [2] }] }).id,
    )
    expect(job).toMatchObject({ status: 'failed', error: { code: 'GEO_PROBLEM_INVALID' } })
    expect(planner.solved(job.id)).toBeUndefined()
  })

  it('fits running plans', async () => {
    await using planner = createPlanner({ threads })
    const problem = town(30)
    const initial = await solve(problem, { iterations: 500 })
    const job = await finished(planner, planner.submit(problem, { iterations: 0, initial, running: true }).id)
    expect(job.plan!.cost).toBeCloseTo(initial.cost, 3)
  })
})

describe('a planner', () => {
  it('leaves the event loop to others while it solves', async () => {
    await using planner = createPlanner({ threads: 1 })
    const { id } = planner.submit(town(200), { timeLimit: '1s' })
    let turns = 0
    const timer = setInterval(() => turns++, 1)
    const { status } = await finished(planner, id)
    clearInterval(timer)
    // Some thousand on an idle machine; held up by the search there would be none.
    expect([status, turns > 50]).toEqual(['done', true])
  })

  it('asks its router once, and gives positions back', async () => {
    let asked = 0
    const router = {
      matrix: async ({ sources }: { readonly sources: readonly unknown[] }) => {
        asked++
        const size = sources.length
        const durations = Float64Array.from({ length: size * size }, (_, at) =>
          Math.abs(Math.floor(at / size) - (at % size)),
        )
        return { rows: size, columns: size, durations, distances: durations, sources: [], targets: [] }
      },
    }
    await using planner = createPlanner({ threads: 0, router })
    const problem = town(6)
    const { plan, id } = await finished(planner, planner.submit(problem, { iterations: 50 }).id)
    expect(asked).toBe(1)
    expect(plan!.routes[0]!.steps[0]!.place).toEqual([9.5, 47.1])
    const solved = planner.solved(id)!
    expect(checkSolution(solved.problem, solved.plan)).toEqual([])
    expect(solved.positions[0]).toEqual([9.5, 47.1])
  })

  it('cuts time limits to its longest', async () => {
    await using planner = createPlanner({ threads: 0, maxTimeLimit: '50ms' })
    const limits = [{ timeLimit: '1h' }, { timeLimit: '1h', iterations: 1e9 }, {}] as const
    const jobs = await Promise.all(limits.map((limit) => finished(planner, planner.submit(town(5), limit).id)))
    expect(jobs.map(({ status }) => status)).toEqual(['done', 'done', 'done'])
    // Cut off by a clock, iterations would not give the same plan each time.
    const endless = await finished(planner, planner.submit(town(5), { iterations: 1e9 }).id)
    expect(endless).toMatchObject({ status: 'failed', error: { code: 'CORE_WORKERS_TIMEOUT' } })
  })

  it('refuses what is too large or too much', async () => {
    await using planner = createPlanner({ threads: 0, maxVisits: 5, maxVehicles: 8, maxWaiting: 2 })
    const code = (run: () => unknown): unknown => {
      try {
        return run()
      } catch (error) {
        return (error as { code?: string }).code
      }
    }
    expect(code(() => planner.submit(town(6)))).toBe('GEO_PROBLEM_TOO_LARGE')
    expect(code(() => planner.submit({ vehicles: [{ id: 'a' }, { id: 'a' }] }))).toBe('GEO_PROBLEM_INVALID')
    const many = Array.from({ length: 9 }, (_, at) => ({ id: String(at) }))
    expect(code(() => planner.submit({ vehicles: many }))).toBe('GEO_PROBLEM_TOO_LARGE')
    for (const options of [{ iterations: -1 }, { seed: 0.5 }, { timeLimit: 0 }])
      expect(code(() => planner.submit(town(2), options))).toBe('GEO_PLANNER_OPTION_INVALID')
    expect(code(() => createPlanner({ maxVisits: 0.5 }))).toBe('GEO_PLANNER_OPTION_INVALID')
    planner.submit(town(2))
    planner.submit(town(2))
    expect(code(() => planner.submit(town(2)))).toBe('GEO_PLANNER_BUSY')
    expect(code(() => planner.job('nothing'))).toBe('GEO_PLAN_JOB_NOT_FOUND')
    await planner.close()
    expect(code(() => planner.submit(town(2)))).toBe('GEO_PLANNER_CLOSED')
    expect(planner.jobs().every(({ status }) => status === 'cancelled')).toBe(true)
  })

  it('forgets finished plans in time, the oldest first', async () => {
    const clock = new SimulatedClock()
    await using planner = createPlanner({ threads: 0, keep: '1h', maxKept: 2, clock })
    const ids: string[] = []
    for (let at = 0; at < 4; at++) {
      const { id } = planner.submit(town(2))
      planner.cancel(id)
      ids.push(id)
    }
    // Those that were finished when the last one came.
    expect(planner.jobs().map(({ id }) => id)).toEqual([ids[3], ids[2], ids[1]])
    await clock.advanceBy('2h')
    planner.cancel(planner.submit(town(2)).id)
    expect(planner.jobs()).toHaveLength(1)
  })

  it('lets a reader leave', async () => {
    await using planner = createPlanner({ threads: 0 })
    const { id } = planner.submit(town(20), { timeLimit: '60s' })
    const controller = new AbortController()
    let count = 0
    for await (const job of planner.events(id, { signal: controller.signal })) if (++count === 2) controller.abort(job)
    expect(count).toBe(2)
  })
})

describe('the bound of a gap', () => {
  it('is below every plan', async () => {
    for (const count of [1, 2, 7, 25]) {
      const problem = town(count)
      const { cost } = await solve(problem, { iterations: 2_000 })
      const bound = lowerBound(compileProblem(problem))
      expect(bound).toBeGreaterThan(0)
      expect(bound).toBeLessThanOrEqual(cost + 1e-6)
    }
    expect(lowerBound(compileProblem({ vehicles: [], stops: [] }))).toBe(0)
  })
})
