import { SeededRandom } from '@exprsn/core/testing'
import { checkSolution, solve, type Problem } from '@exprsn/geo/optimize'
import { describe, expect, it } from 'vitest'
import { bestOfAll, worthOf } from './every-plan.ts'
import { randomProblem, type Feature } from './random-problem.ts'

/** A line of places 100 seconds apart, the depot at 0. */
function line(length: number) {
  const durations = Array.from(
    { length: length * length },
    (_, at) => Math.abs(Math.floor(at / length) - (at % length)) * 100,
  )
  return { rows: length, columns: length, durations, distances: durations }
}

const base: Problem = {
  vehicles: [
    { id: 'a', start: 0, end: 0, costs: { perSecond: 1, fixed: 50 } },
    { id: 'b', start: 0, end: 0, costs: { perSecond: 1, fixed: 50 } },
  ],
  stops: [1, 2, 3, 4].map((place) => ({ id: `s${place}`, place, deliver: [1], service: 10 })),
  matrix: line(5),
}

/** The same problem with something else for every vehicle, or for one stop. */
const vehicles = (change: object): Problem => ({
  ...base,
  vehicles: base.vehicles.map((own) => ({ ...own, ...change })),
})
const stop = (id: string, change: object): Problem => ({
  ...base,
  stops: base.stops!.map((own) => (own.id === id ? { ...own, ...change } : own)),
})

const constrained: readonly (readonly [string, Problem])[] = [
  ['capacity', vehicles({ capacity: [2] })],
  [
    'windows',
    {
      ...base,
      stops: base.stops!.map((own) => ({
        ...own,
        windows: own.id === 's2' ? [[0, 200] as const] : own.id === 's4' ? [[0, 400] as const] : [],
      })),
    },
  ],
  [
    'two windows',
    {
      ...stop('s2', {
        windows: [
          [0, 10],
          [900, 950],
        ],
      }),
    },
  ],
  [
    'skills',
    {
      ...stop('s1', { skills: ['lift'] }),
      vehicles: [base.vehicles[0]!, { ...base.vehicles[1]!, skills: ['lift'], costs: { perSecond: 3 } }],
    },
  ],
  ['prizes', stop('s4', { prize: 100 })],
  ['breaks', vehicles({ breaks: [{ id: 'tea', windows: [[100, 150]], duration: 500 }], window: [0, 1_000] })],
  ['duty', vehicles({ maxDuty: 800 })],
  ['driving', vehicles({ maxDriving: 600 })],
  ['distance', vehicles({ maxDistance: 600 })],
  ['visits', vehicles({ maxStops: 2 })],
  ['shift', vehicles({ window: [0, 830] })],
  ['reload', vehicles({ capacity: [2], reload: { duration: 5 } })],
  [
    'together',
    {
      ...base,
      vehicles: base.vehicles.map((own) => ({ ...own, maxStops: 2 })),
      groups: [{ kind: 'together', stops: ['s1', 's4'] }],
    },
  ],
  ['apart', { ...base, groups: [{ kind: 'apart', stops: ['s3', 's4'] }] }],
  ['one-of', { ...base, groups: [{ kind: 'one-of', stops: ['s3', 's4'] }] }],
  ['open routes', { ...base, vehicles: [{ id: 'a', start: 0, costs: { perSecond: 1 } }] }],
  [
    'depots',
    { ...base, vehicles: [base.vehicles[0]!, { ...base.vehicles[1]!, start: 4, end: 4, costs: { perSecond: 1 } }] },
  ],
  [
    'hours',
    vehicles({
      hours: {
        driving: 250,
        break: 100,
        breakBy: 'rest',
        dailyDriving: 600,
        dailyRest: 5_000,
        day: 9_000,
        dayLimits: 'driving',
      },
      window: [0, 1_200],
    }),
  ],
  [
    'traffic',
    {
      ...vehicles({ window: [0, 900] }),
      speeds: {
        factors: [
          { from: 0, factor: 1 },
          { from: 300, factor: 0.5 },
        ],
      },
    },
  ],
  [
    'backhauls',
    {
      ...vehicles({ backhauls: true }),
      stops: base.stops!.map((own, at) => (at % 2 === 0 ? { ...own, deliver: [0], pickUp: [1] } : own)),
      straightLines: {},
    },
  ],
  ['locked', { ...base, vehicles: [{ ...base.vehicles[0]!, locked: ['s4', 's1'] }, base.vehicles[1]!] }],
  [
    'shipments',
    {
      ...base,
      stops: base.stops!.slice(0, 2),
      shipments: [{ id: 'x', pickup: { place: 4 }, delivery: { place: 1 } }],
      vehicles: vehicles({ window: [0, 990] }).vehicles,
    },
  ],
]

async function valueOf(problem: Problem): Promise<number> {
  const plan = await solve(problem, { iterations: 600 })
  expect(checkSolution(problem, plan)).toEqual([])
  return plan.cost + worthOf(problem, new Set(plan.unassigned.map(({ stop: id }) => id)))
}

describe('each constraint', () => {
  it.each(constrained)('%s: the plan is the best of all', async (name, problem) => {
    const best = await bestOfAll(name === 'locked' ? { ...problem, vehicles: problem.vehicles } : problem)
    if (name === 'locked') return expect(await valueOf(problem)).toBeGreaterThan(await valueOf(base))
    expect(await valueOf(problem)).toBeCloseTo(best!.value, 6)
  })

  it('changes the optimum where it is there', async () => {
    const plain = await valueOf(base)
    for (const [name, problem] of constrained) {
      if (['two windows', 'backhauls', 'shipments', 'reload'].includes(name)) continue
      expect([name, Math.abs((await valueOf(problem)) - plain) > 1]).toEqual([name, true])
    }
  })
})

describe('random problems of up to four visits', () => {
  const sets: readonly (readonly Feature[])[] = [
    ['capacity', 'windows', 'service', 'fixed'],
    ['pickups', 'capacity', 'setup', 'asymmetric', 'fleet'],
    ['two windows', 'max-duty', 'shift', 'depots'],
    ['prizes', 'skills', 'open', 'max-stops'],
    ['max-distance', 'apart', 'service', 'one-of'],
    ['reload', 'capacity', 'service'],
  ]
  it.each(sets.map((set) => [set.join(', '), set] as const))('%s: the plan is the best of all', async (_, set) => {
    for (let seed = 1; seed <= 6; seed++) {
      const { problem } = randomProblem(new SeededRandom(`${seed} ${set.join()}`), { stops: 4, only: new Set(set) })
      const few = { ...problem, vehicles: problem.vehicles.slice(0, 2) }
      const best = await bestOfAll(few)
      expect([seed, (await valueOf(few)).toFixed(4)]).toEqual([seed, best!.value.toFixed(4)])
    }
  })
})
