import { ExprsnError } from '@exprsn/core'
import {
  checkSolution,
  readVroom,
  readVroomSolution,
  solve,
  writeVroom,
  writeVroomSolution,
  type Problem,
  type VroomInput,
  type VroomSolution,
} from '@exprsn/geo/optimize'
import { describe, expect, it } from 'vitest'

const durations = [
  [0, 100, 200, 300],
  [100, 0, 100, 200],
  [200, 100, 0, 100],
  [300, 200, 100, 0],
]
const distances = durations.map((row) => row.map((seconds) => seconds * 10))

/** One file with everything that is carried over. */
const input: VroomInput = {
  vehicles: [
    {
      ...{ id: 1, profile: 'car', description: 'the white one', start_index: 0, end_index: 0, start: [9.5, 47.1] },
      ...{ capacity: [4, 9], skills: [1, 14], time_window: [28_800, 43_200] },
      costs: { fixed: 50, per_hour: 7_200, per_km: 3 },
      breaks: [{ id: 4, service: 300, time_windows: [[32_400, 34_200]] }],
      ...{ max_tasks: 5, max_travel_time: 9_000, max_distance: 90_000 },
    },
    { id: 7, profile: 'bike', start_index: 0, capacity: [4, 9], speed_factor: 0.5 },
  ],
  jobs: [
    {
      ...{ id: 1, location_index: 1, setup: 60, service: 300, delivery: [1, 2], skills: [1], priority: 10 },
      time_windows: [
        [28_800, 30_000],
        [36_000, 37_000],
      ],
    },
    { id: 2, location_index: 2, pickup: [1, 0] },
  ],
  shipments: [
    {
      ...{ amount: [1, 1], skills: [14], priority: 3 },
      pickup: { id: 4, location_index: 2, service: 100 },
      delivery: { id: 3, location_index: 3, time_windows: [[0, 40_000]] },
    },
    { pickup: { id: 9, location_index: 0 }, delivery: { id: 9, location_index: 1 } },
  ],
  matrices: { car: { durations, distances }, bike: { durations } },
}

describe('readVroom', () => {
  it('carries everything over', () => {
    const { problem, positions, initial } = readVroom(JSON.stringify(input))
    expect(initial).toBeUndefined()
    expect([...positions]).toEqual([[0, [9.5, 47.1]]])
    expect(problem.vehicles[0]).toEqual({
      ...{ id: 'vehicle 1', start: 0, end: 0, profile: 'car', capacity: [4, 9], skills: ['1', '14'] },
      ...{ window: [28_800, 43_200], costs: { fixed: 50, perSecond: 2, perMetre: 0.003 } },
      breaks: [{ id: 'break 4', windows: [[32_400, 34_200]], duration: 300 }],
      ...{ maxStops: 5, maxDriving: 9_000, maxDistance: 90_000 },
    })
    expect(problem.vehicles[1]).toMatchObject({ id: 'vehicle 7', profile: 'bike at 0.5', costs: { perSecond: 1 } })
    expect(problem.vehicles[1]).not.toHaveProperty('end')
    expect(problem.stops).toEqual([
      {
        ...{ id: 'job 1', place: 1, setup: 60, service: 300, deliver: [1, 2], skills: ['1'], priority: 10 },
        windows: input.jobs![0]!.time_windows,
      },
      { id: 'job 2', place: 2, pickUp: [1, 0] },
    ])
    expect(problem.shipments?.map(({ id }) => id)).toEqual(['shipment 4-3', 'shipment 9'])
    expect(problem.shipments![0]).toMatchObject({
      pickup: { place: 2, service: 100 },
      delivery: { windows: [[0, 40_000]] },
    })
    // Twice as slow, on the way only.
    expect(problem.matrices!['bike at 0.5']!.durations![1]).toBe(200)
  })

  it('takes positions, the older matrix and routes to begin with', async () => {
    const steps = [{ type: 'start' }, { type: 'delivery', id: 3 }, { type: 'pickup', id: 2 }, { type: 'job', id: 8 }]
    const { problem, initial } = readVroom({
      vehicles: [{ id: 1, start_index: 0, steps }],
      jobs: [{ id: 8, location_index: 1 }],
      shipments: [{ pickup: { id: 2, location_index: 1 }, delivery: { id: 3, location_index: 2 } }],
      matrix: [
        [0, 1, 2],
        [1, 0, 1],
        [2, 1, 0],
      ],
    })
    expect(initial?.routes[0]).toEqual({
      vehicle: 'vehicle 1',
      steps: [
        { type: 'start' },
        { type: 'delivery', id: 'shipment 2-3' },
        { type: 'pickup', id: 'shipment 2-3' },
        { type: 'stop', id: 'job 8' },
      ],
    })
    expect((await solve(problem, { iterations: 50, initial })).cost).toBe(2)
    const far = readVroom({ vehicles: [{ id: 0, end: [9.5, 47.1] }], jobs: [{ id: 0, location: [9.6, 47.1] }] }).problem
    expect([far.vehicles[0]?.end, far.stops?.[0]?.place, far.matrices]).toEqual([[9.5, 47.1], [9.6, 47.1], undefined])
  })

  const one = (change: object, job: object = {}): unknown => ({
    ...input,
    vehicles: [{ ...input.vehicles[0]!, ...change }],
    jobs: [{ ...input.jobs![0]!, ...job }],
    shipments: [],
  })
  it.each<[string, unknown, string]>([
    ['handling by type of vehicle', one({}, { service_per_type: { van: 3 } }), 'jobs[0].service_per_type'],
    ['setup by type of vehicle', one({}, { setup_per_type: { van: 3 } }), 'jobs[0].setup_per_type'],
    ['costs of handling', one({ costs: { per_task_hour: 10 } }), 'vehicles[0].costs.per_task_hour'],
    [
      'breaks that ask for the load',
      one({ breaks: [{ ...input.vehicles[0]!.breaks![0], max_load: [1, 1] }] }),
      'vehicles[0].breaks[0].max_load',
    ],
    ['breaks at any time', one({ breaks: [{ id: 1, service: 5 }] }), 'vehicles[0].breaks[0].time_windows'],
    [
      'tables of costs',
      { ...input, matrices: { car: { durations, costs: durations }, bike: { durations } } },
      'matrices.car.costs',
    ],
    ['metres that no table has', one({ profile: 'bike' }), 'vehicles[0].costs.per_km'],
    ['a limit of metres that no table has', one({ profile: 'bike', costs: {} }), 'vehicles[0].max_distance'],
    [
      'another speed without tables',
      { vehicles: [{ id: 1, start: [9, 47], speed_factor: 2 }] },
      'vehicles[0].speed_factor',
    ],
    ['a profile without tables', { vehicles: [{ id: 1, start: [9, 47], profile: 'bike' }] }, 'vehicles[0].profile'],
    ['a field that there is not', one({ colour: 'white' }), 'vehicles[0].colour'],
    ['a part that there is not', { ...input, zones: [1] }, 'zones'],
  ])('refuses by name: %s', (_, file, where) => {
    expect(caught(() => readVroom(file as VroomInput))).toMatchObject({
      code: 'GEO_VROOM_UNSUPPORTED',
      details: { where },
    })
  })

  it('passes over fields that say nothing', () => {
    const empty = { service_per_type: {}, setup_per_type: null, type: undefined }
    expect(readVroom(one({ costs: { per_task_hour: 0 } }, empty) as VroomInput).problem.stops).toHaveLength(1)
  })

  it.each<[string, unknown, RegExp]>([
    ['no JSON', '{', /no JSON/],
    ['no object', '[]', /the text is no object/],
    ['no list', { vehicles: {} }, /vehicles is no list/],
    ['a text as an id', one({ id: 'x' }), /vehicles\[0\]\.id/],
    [
      'a vehicle that is nowhere',
      one({ start_index: undefined, end_index: undefined, start: undefined }),
      /neither start nor end/,
    ],
    ['a job that is nowhere', one({}, { location_index: undefined }), /jobs\[0\]\.location_index is missing/],
    [
      'a position without its row',
      one({}, { location_index: undefined, location: [9, 47] }),
      /location_index is missing beside matrices/,
    ],
    ['a position of one number', { vehicles: [{ id: 1, start: [9] }] }, /vehicles\[0\]\.start is not two numbers/],
    ['a window of three', one({}, { time_windows: [[1, 2, 3]] }), /time_windows\[0\] is not two numbers/],
    ['a table that is not square', { ...input, matrices: { car: { durations: [[0, 1]] } } }, /not as wide/],
    ['a profile without a table', { ...input, matrices: { car: { durations } } }, /profile "bike"/],
    ['amounts of two lengths', one({}, { delivery: [1] }), /lengths 1, 2/],
    ['a speed of 9', one({ speed_factor: 9 }), /speed_factor/],
    ['a row that there is not', one({}, { location_index: 4 }), /no row of the matrix/],
    ['a job twice', { ...input, jobs: [input.jobs![0], input.jobs![0]] }, /stands there twice/],
  ])('refuses %s', (_, file, reason) => {
    const error = caught(() => readVroom(file as VroomInput))
    expect(ExprsnError.is(error) && error.code).toMatch(/GEO_PROBLEM_(FORMAT_)?INVALID/)
    expect(String(error)).toMatch(reason)
  })
})

describe('writeVroom', () => {
  it('writes what readVroom reads, and nothing else', () => {
    const { problem } = readVroom({ ...input, vehicles: [input.vehicles[0]!], matrices: { car: input.matrices!.car! } })
    const written = writeVroom(problem)
    // Descriptions and positions beside rows are for people and maps.
    const { start: _, description: __, ...vehicle } = input.vehicles[0]!
    expect(written).toEqual({ ...input, vehicles: [vehicle], matrices: { car: input.matrices!.car } })
    expect(readVroom(JSON.stringify(written)).problem).toEqual(problem)
  })

  it('gives numbers to what has none, and keeps the others', () => {
    const problem: Problem = {
      vehicles: [
        { id: 'van', start: [9, 47], skills: ['cold'] },
        { id: 'vehicle 1', start: [9, 47], skills: ['2'] },
      ],
      stops: [
        { id: 'bakery', place: [9.1, 47], skills: ['cold'], windows: [[0.4, Infinity]] },
        { id: 'job 1', place: [9.1, 47], deliver: [2] },
        { id: 'job 01', place: [9.1, 47], deliver: [3] },
      ],
      shipments: [
        { id: 'x', pickup: { place: [9, 47] }, delivery: { place: [9, 47.1] } },
        { id: 'shipment 1-1', pickup: { place: [9, 47] }, delivery: { place: [9, 47.1] } },
      ],
    }
    const { vehicles, jobs, shipments } = writeVroom(problem)
    expect(vehicles.map(({ id, description }) => [id, description])).toEqual([
      [2, 'van'],
      [1, undefined],
    ])
    // Room for everything, since nothing was said of room.
    expect(vehicles[0]).toMatchObject({ skills: [1], capacity: [5], costs: { fixed: 0, per_hour: 3_600, per_km: 0 } })
    expect(vehicles[1]).toMatchObject({ skills: [2] })
    expect(jobs?.map(({ id, description }) => [id, description])).toEqual([
      [2, 'bakery'],
      [1, undefined],
      [3, 'job 01'],
    ])
    expect(jobs?.[0]?.time_windows).toEqual([[1, 4_294_967_295]])
    expect(shipments?.map(({ pickup, delivery }) => [pickup.id, delivery.id])).toEqual([
      [2, 2],
      [1, 1],
    ])
  })

  const base: Problem = {
    vehicles: [{ id: 'van', start: 0 }],
    stops: [{ id: 'a', place: 1 }],
    matrix: { rows: 2, columns: 2, durations: [0, 1, 1, 0] },
  }
  const van = (change: object): Problem => ({ ...base, vehicles: [{ ...base.vehicles[0]!, ...change }] })
  const stop = (change: object): Problem => ({ ...base, stops: [{ ...base.stops![0]!, ...change }] })
  it.each<[Problem, string]>([
    [van({ hours: 'eu-561' }), 'vehicles[0].hours'],
    [van({ maxDuty: 9 }), 'vehicles[0].maxDuty'],
    [van({ reload: {} }), 'vehicles[0].reload'],
    [van({ backhauls: true }), 'vehicles[0].backhauls'],
    [van({ locked: ['a'] }), 'vehicles[0].locked'],
    [van({ speed: 2 }), 'vehicles[0].speed'],
    [van({ costs: { perDutySecond: 1 } }), 'vehicles[0].costs.perDutySecond'],
    [van({ start: undefined }), 'vehicles[0].start'],
    [van({ window: [-5, 5] }), 'van.window'],
    [stop({ prize: 5 }), 'visit 1, prize'],
    [stop({ deliver: [0.5] }), 'stops[0].deliver'],
    [{ ...base, groups: [{ kind: 'apart', stops: ['a'] }] }, 'groups'],
    [{ ...base, speeds: { factors: [{ from: 0, factor: 1 }] } }, 'speeds'],
    [{ ...base, objectives: ['unassigned', 'vehicles', 'cost'] }, 'objectives'],
    [{ ...base, matrix: { rows: 2, columns: 2, durations: [0, Infinity, 1, 0] } }, 'matrices.car.durations'],
    [{ ...base, matrices: { car: base.matrix! } }, 'matrices.car'],
  ])('refuses by name what VROOM does not know: %#', (problem, where) => {
    expect(caught(() => writeVroom(problem))).toMatchObject({ code: 'GEO_VROOM_UNSUPPORTED', details: { where } })
  })
})

/** What VROOM answers to the file above, one job left out: reckoned by hand. */
const answer: VroomSolution = {
  code: 0,
  unassigned: [
    { id: 9, type: 'pickup' },
    { id: 9, type: 'delivery' },
  ],
  routes: [
    {
      ...{ vehicle: 1, cost: 1_268, setup: 60, service: 700, duration: 600, waiting_time: 3_040, priority: 13 },
      steps: [
        { type: 'start', arrival: 28_800, duration: 0, load: [1, 2] },
        { type: 'job', id: 1, arrival: 28_900, duration: 100, setup: 60, service: 300, load: [0, 0] },
        { type: 'job', id: 2, arrival: 29_360, duration: 200, load: [1, 0] },
        { type: 'pickup', id: 4, arrival: 29_360, duration: 200, service: 100, load: [2, 1] },
        { type: 'break', id: 4, arrival: 29_460, duration: 200, waiting_time: 2_940, service: 300, load: [2, 1] },
        { type: 'delivery', id: 3, arrival: 32_800, duration: 300, load: [1, 0] },
        { type: 'end', arrival: 33_100, duration: 600, load: [1, 0] },
      ],
    },
  ],
}

describe('solutions of VROOM', () => {
  it('reads what VROOM answers as a plan that the check accepts', () => {
    const { problem } = readVroom(input)
    const plan = readVroomSolution(problem, JSON.stringify(answer))
    expect(checkSolution(problem, plan)).toEqual([])
    expect(plan.unassigned).toEqual([{ stop: 'shipment 9' }])
    // 50 for its use, 600 seconds at 2, and 6 km at 3.
    expect(plan.cost).toBe(50 + 1_200 + 18)
    const broken = structuredClone(answer) as unknown as { routes: { steps: { arrival: number }[] }[] }
    broken.routes[0]!.steps[5]!.arrival -= 50
    expect(checkSolution(problem, readVroomSolution(problem, broken as never)).map(({ kind }) => kind)).toContain(
      'travel',
    )
  })

  it('writes a plan as VROOM answers, and reads it again', async () => {
    const { problem } = readVroom(input)
    const plan = await solve(problem, { iterations: 300 })
    expect(checkSolution(problem, plan)).toEqual([])
    const written = writeVroomSolution(problem, plan)
    expect(written.summary).toMatchObject({
      routes: plan.routes.length,
      unassigned: 0,
      priority: 13,
      setup: 60,
      // It is back before the break has to begin.
      service: 400,
    })
    const again = readVroomSolution(problem, JSON.stringify(written))
    expect(checkSolution(problem, again)).toEqual([])
    expect([again.cost, again.unassigned]).toEqual([plan.cost, []])
    expect(again.routes.map(({ steps }) => steps.map(({ type, id, begin }) => [type, id, begin]))).toEqual(
      plan.routes.map(({ steps }) => steps.map(({ type, id, begin }) => [type, id, begin])),
    )
  })

  it('tells what was left out', async () => {
    const { problem } = readVroom({ ...input, vehicles: [{ ...input.vehicles[0]!, skills: [] }] })
    const { unassigned } = writeVroomSolution(problem, await solve(problem, { iterations: 100 }))
    expect(unassigned).toEqual([
      { id: 1, type: 'job' },
      { id: 4, type: 'pickup' },
      { id: 3, type: 'delivery' },
    ])
  })

  it('has no words for rests and reloads', async () => {
    const hours = 40 * 3_600
    const problem: Problem = {
      vehicles: [{ id: 'lorry', start: 0, hours: 'eu-561' }],
      stops: [{ id: 'far', place: 1 }],
      matrix: { rows: 2, columns: 2, durations: [0, hours, hours, 0] },
    }
    const plan = await solve(problem, { iterations: 10 })
    expect(caught(() => writeVroomSolution(problem, plan))).toMatchObject({ code: 'GEO_VROOM_UNSUPPORTED' })
  })

  const { problem } = readVroom(input)
  it.each<[string, unknown, RegExp]>([
    ['no JSON', '{', /no JSON/],
    ['nothing', null, /no object/],
    ['an error', { code: 2, error: 'Invalid skills object.' }, /error 2: Invalid skills/],
    ['no routes', { code: 0 }, /routes is no list/],
    ['a vehicle of another problem', { code: 0, routes: [{ vehicle: 3, steps: [] }] }, /routes\[0\]\.vehicle 3/],
    [
      'a job of another problem',
      { code: 0, routes: [{ vehicle: 1, steps: [{ type: 'job', id: 5, arrival: 0 }] }] },
      /job 5/,
    ],
    [
      'a step without a time',
      { code: 0, routes: [{ vehicle: 1, steps: [{ type: 'job', id: 1 }] }] },
      /without arrival/,
    ],
    ['something else left out', { code: 0, routes: [], unassigned: [{ id: 5, type: 'job' }] }, /unassigned\[0\]/],
  ])('refuses %s', (_, text, reason) => {
    expect(String(caught(() => readVroomSolution(problem, text as VroomSolution)))).toMatch(reason)
  })

  it('refuses plans of another problem', () => {
    const route = { vehicle: 'nobody', steps: [], cost: 0, distance: 0, driving: 0, duty: 0 }
    for (const plan of [
      { routes: [route], unassigned: [], cost: 0 },
      { routes: [], unassigned: [{ stop: 'nothing' }], cost: 0 },
    ])
      expect(caught(() => writeVroomSolution(problem, plan))).toMatchObject({ code: 'GEO_PLAN_INVALID' })
  })
})

function caught(run: () => unknown): unknown {
  try {
    return run()
  } catch (error) {
    return error
  }
}
