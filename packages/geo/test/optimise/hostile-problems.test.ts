import { ExprsnError } from '@exprsn/core'
import { checkSolution, hoursOfService, reoptimise, solve, withMatrix, type Problem } from '@exprsn/geo/optimize'
import { describe, expect, it } from 'vitest'

const matrix = { rows: 3, columns: 3, durations: [0, 10, 20, 10, 0, 10, 20, 10, 0] }
const base: Problem = {
  vehicles: [{ id: 'van', start: 0, end: 0, capacity: [5] }],
  stops: [
    { id: 'a', place: 1, deliver: [1] },
    { id: 'b', place: 2, deliver: [1] },
  ],
  matrix,
}
const withStop = (change: object): Problem => ({ ...base, stops: [{ ...base.stops![0]!, ...change }, base.stops![1]!] })
const withVan = (change: object): Problem => ({ ...base, vehicles: [{ ...base.vehicles[0]!, ...change }] })

describe('problems that are not valid', () => {
  it.each<[string, Problem, string]>([
    ['no object', null as never, 'problem'],
    ['no vehicles', { ...base, vehicles: undefined as never }, 'vehicles'],
    ['a stop twice', { ...base, stops: [base.stops![0]!, base.stops![0]!] }, 'stops and shipments[1].id'],
    ['a vehicle twice', { ...base, vehicles: [base.vehicles[0]!, base.vehicles[0]!] }, 'vehicles[1].id'],
    ['an inverted window', withStop({ windows: [[5, 4]] }), 'stops[0].windows[0]'],
    ['a window without an end', withStop({ windows: [[5]] }), 'stops[0].windows[0]'],
    ['negative service', withStop({ service: -1 }), 'stops[0].service'],
    ['endless service', withStop({ service: Infinity }), 'stops[0].service'],
    ['a negative demand', withStop({ deliver: [-1] }), 'stops[0].deliver[0]'],
    ['a demand that is no number', withStop({ deliver: ['1'] }), 'stops[0].deliver[0]'],
    ['skills that are no texts', withStop({ skills: [1] }), 'stops[0].skills'],
    ['a priority of 101', withStop({ priority: 101 }), 'stops[0].priority'],
    ['no place', withStop({ place: undefined }), 'stops[0].place'],
    ['a place that is no row', withStop({ place: 3 }), 'place 3'],
    ['a place between rows', withStop({ place: 0.5 }), 'place 3'],
    ['a position among numbers', withStop({ place: [9, 47] }), 'place 3'],
    ['a matrix of the wrong shape', { ...base, matrix: { ...matrix, columns: 2 } }, 'matrix'],
    ['a matrix with too few cells', { ...base, matrix: { rows: 3, columns: 3, durations: [0] } }, 'matrix.durations'],
    ['a matrix of nothing', { ...base, matrix: { rows: 3, columns: 3 } }, 'matrix'],
    [
      'a negative way',
      { ...base, matrix: { ...matrix, durations: matrix.durations.with(5, -1) } },
      'matrix.durations[5]',
    ],
    ['no matrix', { ...base, matrix: undefined }, 'matrix'],
    ['a profile without a matrix', withVan({ profile: 'lorry' }), 'vehicles[0].profile'],
    ['a speed of 0', withVan({ speed: 0 }), 'vehicles[0].speed'],
    ['rules that there are not', withVan({ hours: 'moon' }), 'vehicles[0].hours'],
    [
      'a break in three parts',
      withVan({ hours: { ...hoursOfService['eu-561'], splitBreak: [900, 900, 900] } }),
      'vehicles[0].hours.splitBreak',
    ],
    [
      'a rest in one part',
      withVan({ hours: { ...hoursOfService['eu-561'], splitRest: [9] } }),
      'vehicles[0].hours.splitRest',
    ],
    [
      'a break without windows',
      withVan({ breaks: [{ id: 'x', windows: [], duration: 1 }] }),
      'vehicles[0].breaks[0].windows',
    ],
    ['a reload without a place', withVan({ start: undefined, reload: {} }), 'vehicles[0].reload.places'],
    ['a lock on nothing', withVan({ locked: ['x'] }), 'vehicles[0].locked[0]'],
    ['a lock twice', withVan({ locked: ['a', 'a'] }), 'vehicles[0].locked[1]'],
    ['a lock that cannot be kept', withVan({ locked: ['a', 'b'], maxStops: 1 }), 'vehicles[0].locked'],
    ['a group of nothing', { ...base, groups: [{ kind: 'apart', stops: ['x'] }] }, 'groups[0].stops'],
    ['a group of no kind', { ...base, groups: [{ kind: 'x' as never, stops: [] }] }, 'groups[0].kind'],
    ['traffic that does not begin', { ...base, speeds: { factors: [{ from: 1, factor: 1 }] } }, 'speeds.factors'],
    ['an objective that there is not', { ...base, objectives: ['joy' as never] }, 'objectives[0]'],
    ['an objective twice', { ...base, objectives: ['cost', 'cost'] }, 'objectives[1]'],
  ])('%s', async (_, problem, where) => {
    const error: unknown = await solve(problem, { iterations: 1 }).catch((thrown: unknown) => thrown)
    expect(ExprsnError.is(error) && [error.code, error.details.where]).toEqual(['GEO_PROBLEM_INVALID', where])
  })

  it.each([
    ['iterations', { iterations: 0.5 }],
    ['seed', { seed: 0.5 }],
    ['timeLimit', { timeLimit: 0 }],
  ])('an option: %s', async (option, options) => {
    const error: unknown = await solve(base, options).catch((thrown: unknown) => thrown)
    expect(ExprsnError.is(error) && [error.code, error.details.option]).toEqual(['GEO_OPTIMISE_OPTION_INVALID', option])
  })
})

describe('problems that cannot be solved as a whole', () => {
  it.each<[string, Problem, string]>([
    ['more than every vehicle can carry', withStop({ deliver: [6] }), 'capacity'],
    ['a skill that nobody has', withStop({ skills: ['fly'] }), 'skills'],
    ['a window that closes before anybody is there', withStop({ windows: [[0, 9]] }), 'windows'],
    ['a shift that is too short', { ...withVan({ window: [0, 25] }), stops: [base.stops![1]!] }, 'shift'],
    ['duty that takes too long', { ...withVan({ maxDuty: 25 }), stops: [base.stops![1]!] }, 'max-duty'],
    ['a place that is too far', { ...withVan({ maxDistance: 25 }), stops: [base.stops![1]!] }, 'max-distance'],
    ['driving that takes too long', { ...withVan({ maxDriving: 25 }), stops: [base.stops![1]!] }, 'max-driving'],
    ['no visits at all', withVan({ maxStops: 0 }), 'max-stops'],
    [
      'no way there',
      { ...base, stops: [base.stops![0]!], matrix: { ...matrix, durations: matrix.durations.with(1, NaN) } },
      'unreachable',
    ],
    [
      'delivery that closes before the pickup opens',
      {
        ...base,
        stops: [],
        shipments: [{ id: 'a', pickup: { place: 1, windows: [[50, 60]] }, delivery: { place: 2, windows: [[0, 40]] } }],
      },
      'windows',
    ],
    ['a prize that is too small', withStop({ prize: 0 }), 'prize'],
    ['a vehicle that is full', { ...withVan({ capacity: [1] }) }, 'fleet'],
    ['another one of its group', { ...base, groups: [{ kind: 'one-of', stops: ['a', 'b'] }] }, 'group'],
  ])('%s: the plan tells why', async (_, problem, reason) => {
    const plan = await solve(problem, { iterations: 50 })
    expect(checkSolution(problem, plan)).toEqual([])
    expect(plan.unassigned[0]?.reason).toBe(reason)
    expect(plan.unassigned[0]?.explanation).toMatch(/\.$/)
  })

  it('tells what lifting a constraint would cost', async () => {
    const plan = await solve(withVan({ capacity: [1] }), { iterations: 50 })
    const [left] = plan.unassigned
    // The other stop is on the way, or ten seconds beyond it and back.
    expect(left?.relaxing).toEqual([{ constraint: 'capacity', cost: left?.stop === 'a' ? 0 : 20 }])
  })

  it('prefers stops of high priority', async () => {
    const problem = {
      ...withVan({ capacity: [1] }),
      stops: base.stops!.map((stop, at) => ({ ...stop, priority: at * 50 })),
    }
    const plan = await solve(problem, { iterations: 50 })
    expect(plan.unassigned.map(({ stop }) => stop)).toEqual(['a'])
  })

  it('leaves everything out without vehicles, and does nothing without stops', async () => {
    expect((await solve({ ...base, vehicles: [] }, { iterations: 5 })).unassigned.map(({ stop }) => stop)).toEqual([
      'a',
      'b',
    ])
    expect((await solve({ ...base, stops: [] }, { timeLimit: '5s' })).routes).toEqual([])
    expect((await solve({ vehicles: [], stops: [] }, { iterations: 5 })).cost).toBe(0)
  })

  it('has no trouble with everything at one place', async () => {
    const stops = Array.from({ length: 40 }, (_, at) => ({ id: `s${at}`, place: 0, deliver: [1] }))
    const problem = {
      ...base,
      vehicles: Array.from({ length: 9 }, (_, at) => ({ ...base.vehicles[0]!, id: `v${at}` })),
      stops,
    }
    const plan = await solve(problem, { iterations: 200 })
    expect([plan.cost, plan.unassigned.length, checkSolution(problem, plan)]).toEqual([0, 0, []])
  })

  it('takes matrices in which a detour is shorter, or nothing is far', async () => {
    const durations = [0, 100, 10, 1, 0, 50, 20, 10, 0]
    const problem = { ...base, matrix: { rows: 3, columns: 3, durations } }
    const plan = await solve(problem, { iterations: 100 })
    expect([plan.cost, checkSolution(problem, plan)]).toEqual([21, []])
  })
})

describe('solve', () => {
  it('gives the same plan for the same seed and iterations', async () => {
    const stops = Array.from({ length: 60 }, (_, at) => ({
      id: `s${at}`,
      place: [9 + ((at * 7) % 11) / 50, 47 + ((at * 5) % 13) / 50] as const,
      deliver: [1],
    }))
    const problem: Problem = {
      vehicles: Array.from({ length: 9 }, (_, at) => ({
        id: `v${at}`,
        start: [9.1, 47.1],
        end: [9.1, 47.1],
        capacity: [8],
      })),
      stops,
    }
    const [one, two] = [
      await solve(problem, { iterations: 500, seed: 7 }),
      await solve(problem, { iterations: 500, seed: 7 }),
    ]
    expect(two.routes).toEqual(one.routes)
    expect(checkSolution(problem, one)).toEqual([])
    const again = await reoptimise(problem, one, { iterations: 0 })
    expect(again.cost).toBeCloseTo(one.cost, 6)
  })

  it('can be ended, and tells how far it is', async () => {
    const controller = new AbortController()
    const shares: number[] = []
    const running = solve(base, {
      timeLimit: '60s',
      signal: controller.signal,
      onProgress: ({ share, unassigned, routes }) => {
        shares.push(share)
        expect([unassigned, routes]).toEqual([0, 1])
        controller.abort(new Error('enough'))
      },
    })
    await expect(running).rejects.toThrow('enough')
    expect(shares).toHaveLength(1)
  })

  it('asks a router once for what it needs', async () => {
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
    const { matrix: _, ...rest } = base
    const places = [
      [9, 47],
      [9.1, 47],
      [9.2, 47],
    ] as const
    const problem: Problem = {
      ...rest,
      router,
      vehicles: [{ id: 'van', start: places[0], end: places[0] }],
      stops: base.stops!.map((stop, at) => ({ ...stop, place: places[at + 1]! })),
    }
    const plan = await solve(problem, { iterations: 50 })
    expect([asked, plan.cost]).toEqual([1, 4])
    expect(plan.routes[0]!.steps.map(({ place }) => place)).toContainEqual([9.2, 47])
    const resolved = await withMatrix(problem)
    expect(checkSolution(resolved, await solve(resolved, { iterations: 50 }))).toEqual([])
  })

  it('keeps what is locked first, however late it is', async () => {
    const problem: Problem = {
      ...withVan({ locked: ['b'], window: [100, 900] }),
      stops: base.stops!.map((stop) => ({ ...stop, windows: [[0, 130]] })),
    }
    const late = {
      ...problem,
      stops: problem.stops!.map((stop) => (stop.id === 'b' ? { ...stop, windows: [[0, 50] as const] } : stop)),
    }
    const plan = await solve(late, { iterations: 50 })
    expect(plan.routes[0]!.steps.flatMap(({ id }) => id ?? [])).toEqual(['b', 'a'])
    expect(checkSolution(late, plan)).toEqual([])
  })

  it('fits in what is new and passes over what is gone', async () => {
    const plan = await solve(base, { iterations: 20 })
    const changed: Problem = { ...base, stops: [base.stops![1]!, { id: 'c', place: 1, deliver: [1] }] }
    const again = await reoptimise(changed, plan, { iterations: 20 })
    expect([again.unassigned, checkSolution(changed, again)]).toEqual([[], []])
    await expect(reoptimise(base, { routes: [{ vehicle: 'van', steps: [{ id: 'a' }, { id: 'a' }] }] })).rejects.toThrow(
      /too often/,
    )
  })
})
