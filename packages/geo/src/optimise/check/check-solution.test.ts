import { describe, expect, it } from 'vitest'
import type { Plan, PlanStep } from '../plan/plan.ts'
import type { Problem, Vehicle } from '../problem/problem.ts'
import { checkSolution } from './check-solution.ts'

const cells = Array.from({ length: 16 }, (_, at) => Math.abs(Math.floor(at / 4) - (at % 4)) * 100)
const van: Vehicle = { id: 'van', start: 0, end: 0, capacity: [5] }
const problem: Problem = {
  vehicles: [van, { id: 'other', start: 0, end: 0 }],
  stops: [
    { id: 'a', place: 1, deliver: [2], service: 10, windows: [[0, 200]] },
    { id: 'b', place: 2, pickUp: [3] },
  ],
  shipments: [{ id: 'x', pickup: { place: 2 }, delivery: { place: 3 }, amount: [1] }],
  matrix: { rows: 4, columns: 4, durations: cells, distances: cells },
}
const at = (
  type: PlanStep['type'],
  place: number,
  times: readonly [number, number, number],
  load: number,
  id?: string,
): PlanStep => ({
  ...{ type, place, arrival: times[0], begin: times[1], end: times[2], load: [load] },
  ...(id === undefined ? {} : { id }),
})
const steps: readonly PlanStep[] = [
  at('start', 0, [0, 0, 0], 2),
  at('stop', 1, [100, 100, 110], 0, 'a'),
  at('stop', 2, [210, 210, 210], 3, 'b'),
  at('pickup', 2, [210, 210, 210], 4, 'x'),
  at('delivery', 3, [310, 310, 310], 3, 'x'),
  at('end', 0, [610, 610, 610], 3),
]

type Checked = Pick<Plan, 'routes' | 'cost' | 'unassigned'>

function planOf(own: readonly PlanStep[], figures: Partial<Plan['routes'][number]> = {}): Checked {
  return {
    routes: [{ vehicle: 'van', steps: own, cost: 600, distance: 600, driving: 600, duty: 610, ...figures }],
    unassigned: [],
    cost: figures.cost ?? 600,
  }
}

/** The plan with one step changed. */
function changed(index: number, change: Partial<PlanStep>): Checked {
  return planOf(steps.map((step, own) => (own === index ? { ...step, ...change } : step)))
}

/** The problem with something else for the van. */
const withVan = (change: Partial<Vehicle>): Problem => ({
  ...problem,
  vehicles: [{ ...van, ...change }, problem.vehicles[1]!],
})
const kinds = (plan: Checked, own: Problem = problem): string[] => [
  ...new Set(checkSolution(own, plan).map(({ kind }) => kind)),
]
const pause: PlanStep = { type: 'break', id: 'tea', arrival: 330, begin: 330, end: 350, load: [3] }
const later = (by: number, from: number): PlanStep[] =>
  steps.map((step, own) =>
    own < from ? step : { ...step, arrival: step.arrival + by, begin: step.begin + by, end: step.end + by },
  )

describe('checkSolution', () => {
  it('has nothing to say against a plan that is right', () => {
    expect(checkSolution(problem, planOf(steps))).toEqual([])
  })

  const cases: readonly (readonly [string, Checked, Problem?])[] = [
    ['vehicle', { ...planOf(steps), routes: [{ ...planOf(steps).routes[0]!, vehicle: 'nobody' }] }],
    ['vehicle', { ...planOf(steps), routes: [planOf(steps).routes[0]!, planOf(steps).routes[0]!] }],
    ['visits', { routes: [], unassigned: [{ stop: 'a' } as never, { stop: 'b' } as never], cost: 0 }],
    [
      'visits',
      planOf([...steps.slice(0, 2), { ...steps[1]!, arrival: 110, begin: 110, end: 120 }, ...later(10, 2).slice(2)]),
    ],
    ['visits', changed(1, { id: 'nothing' })],
    ['unassigned', { ...planOf(steps), unassigned: [{ stop: 'a' } as never] }],
    ['unassigned', { ...planOf(steps), unassigned: [{ stop: 'nothing' } as never] }],
    ['order', planOf(steps.slice(1))],
    [
      'order',
      planOf([
        steps[0]!,
        steps[1]!,
        steps[2]!,
        at('delivery', 3, [310, 310, 310], 2, 'x'),
        at('pickup', 2, [410, 410, 410], 3, 'x'),
        at('end', 0, [610, 610, 610], 3),
      ]),
    ],
    ['place', changed(1, { place: 2 })],
    ['place', planOf(steps), withVan({ start: 1 })],
    ['place', planOf(steps), withVan({ end: 1 })],
    ['travel', planOf(later(-20, 4))],
    ['travel', planOf(later(20, 4))],
    ['time', changed(1, { end: 105 })],
    ['time', changed(3, { arrival: 150, begin: 150 })],
    [
      'window',
      planOf(steps),
      { ...problem, stops: [{ ...problem.stops![0]!, windows: [[0, 99]] }, problem.stops![1]!] },
    ],
    [
      'window',
      planOf(steps),
      {
        ...problem,
        stops: [
          {
            ...problem.stops![0]!,
            windows: [
              [0, 99],
              [101, 300],
            ],
          },
          problem.stops![1]!,
        ],
      },
    ],
    ['shift', planOf(steps), withVan({ window: [0, 609] })],
    ['shift', planOf(steps), withVan({ window: [1, 900] })],
    ['capacity', planOf(steps), withVan({ capacity: [3] })],
    ['load', changed(3, { load: [9] })],
    ['skills', planOf(steps), { ...problem, stops: [{ ...problem.stops![0]!, skills: ['lift'] }, problem.stops![1]!] }],
    ['break', planOf(steps), withVan({ breaks: [{ id: 'tea', windows: [[300, 400]], duration: 20 }] })],
    ['break', planOf([...steps.slice(0, 5), { ...pause, id: 'none' }, ...later(20, 5).slice(5)])],
    [
      'break',
      planOf([...steps.slice(0, 5), pause, ...later(20, 5).slice(5)]),
      withVan({ breaks: [{ id: 'tea', windows: [[0, 329]], duration: 20 }] }),
    ],
    [
      'break',
      planOf([...steps.slice(0, 5), pause, ...later(20, 5).slice(5)]),
      withVan({ breaks: [{ id: 'tea', windows: [[300, 400]], duration: 21 }] }),
    ],
    [
      'hours',
      planOf(steps),
      withVan({
        hours: {
          driving: 500,
          break: 30,
          breakBy: 'rest',
          dailyDriving: 900,
          dailyRest: 900,
          day: 9_000,
          dayLimits: 'driving',
        },
      }),
    ],
    ['max-duty', planOf(steps), withVan({ maxDuty: 609 })],
    ['max-driving', planOf(steps), withVan({ maxDriving: 599 })],
    ['max-distance', planOf(steps), withVan({ maxDistance: 599 })],
    ['max-stops', planOf(steps), withVan({ maxStops: 3 })],
    ['reload', planOf([...steps.slice(0, 2), at('reload', 1, [110, 110, 110], 0), ...steps.slice(2)])],
    [
      'backhauls',
      planOf([
        steps[0]!,
        at('stop', 2, [200, 200, 200], 5, 'b'),
        at('stop', 1, [300, 300, 310], 3, 'a'),
        at('end', 0, [410, 410, 410], 3),
      ]),
      { ...withVan({ backhauls: true }), shipments: [] },
    ],
    ['group', planOf(steps), { ...problem, groups: [{ kind: 'apart', stops: ['a', 'b'] }] }],
    ['group', planOf(steps), { ...problem, groups: [{ kind: 'one-of', stops: ['a', 'x'] }] }],
    ['locked', planOf(steps), withVan({ locked: ['b'] })],
    ['locked', { ...planOf(steps) }, { ...problem, vehicles: [van, { ...problem.vehicles[1]!, locked: ['a'] }] }],
    ['cost', planOf(steps, { cost: 599 })],
    ['cost', planOf(steps, { distance: 1 })],
    ['cost', { ...planOf(steps), cost: 1 }],
  ]
  it.each(cases.map(([kind, plan, own]) => ({ kind, plan, own })))(
    'finds a violation: $kind',
    ({ kind, plan, own }) => {
      expect(kinds(plan, own)).toContain(kind)
    },
  )

  it('wants together what belongs together', () => {
    const [first, second] = [planOf(steps.filter(({ id }) => id !== 'b')), steps]
    const other = {
      vehicle: 'other',
      steps: [at('start', 0, [0, 0, 0], 0), at('stop', 2, [200, 200, 200], 3, 'b'), at('end', 0, [400, 400, 400], 3)],
      cost: 400,
      distance: 400,
      driving: 400,
      duty: 400,
    }
    const plan = {
      ...first,
      routes: [
        {
          ...first.routes[0]!,
          steps: second
            .filter(({ id }) => id !== 'b')
            .map((step) => ({ ...step, load: [Math.max(0, step.load[0]! - (step.arrival >= 210 ? 3 : 0))] })),
        },
        other,
      ],
      cost: 1_000,
    }
    expect(kinds(plan)).toEqual([])
    expect(kinds(plan, { ...problem, groups: [{ kind: 'together', stops: ['a', 'b'] }] })).toEqual(['group'])
  })

  it('asks for the matrix where only a router has it', () => {
    const { matrix: _, ...rest } = problem
    expect(() => checkSolution({ ...rest, router: { matrix: async () => ({}) as never } }, planOf(steps))).toThrow(
      /withMatrix/,
    )
  })
})
