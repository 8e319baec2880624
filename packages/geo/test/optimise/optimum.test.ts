import { SeededRandom } from '@exprsn/core/testing'
import { checkSolution, solve, type Problem } from '@exprsn/geo/optimize'
import { describe, expect, it } from 'vitest'
import { bestPartition } from './best-partition.ts'
import { bestOfAll, valueOf } from './every-plan.ts'
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

const without = (
  problem: Problem,
  field: 'windows' | 'deliver' | 'setup' | 'service' | 'prize' | 'pickUp',
): Problem => ({
  ...problem,
  stops: problem.stops!.map(({ [field]: _, ...own }) => own),
})
const dear = { perSecond: 1, perDutySecond: 1, fixed: 50 }
/** Goods are taken along nearest to the depot, and farthest. */
const mixed = base.stops!.map((own, at) => (at % 3 === 0 ? { ...own, deliver: [0], pickUp: [1] } : own))
const twoWindows: Problem = {
  ...vehicles({ costs: dear }),
  stops: stop('s2', {
    windows: [
      [0, 10],
      [900, 950],
    ],
  }).stops,
}
const shipment: Problem = {
  ...base,
  stops: base.stops!.slice(0, 2),
  shipments: [{ id: 'x', pickup: { place: 4 }, delivery: { place: 1 } }],
  vehicles: vehicles({ end: 4, window: [0, 1_200] }).vehicles,
}
const setUp: Problem = {
  ...vehicles({ costs: dear, maxDuty: 1_200 }),
  stops: base.stops!.map((own) => ({ ...own, setup: own.id === 's1' ? 300 : 0 })),
}
const twoDimensions: Problem = {
  ...vehicles({ capacity: [9, 2] }),
  stops: base.stops!.map((own) => ({ ...own, deliver: [1, 1] })),
}

/** A name, a problem and, where it is not the base, the same problem without the constraint. */
const constrained: readonly (readonly [string, Problem, Problem?])[] = [
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
  ['two windows', twoWindows, without(twoWindows, 'windows')],
  ['setup', setUp, without(setUp, 'setup')],
  ['service', vehicles({ costs: dear }), without(vehicles({ costs: dear }), 'service')],
  ['two dimensions', twoDimensions, vehicles({ capacity: [9, 9] })],
  [
    'goods taken along',
    {
      ...vehicles({ capacity: [2] }),
      stops: base.stops!.map((own, at) => (at % 2 === 0 ? { ...own, deliver: [0], pickUp: [2] } : own)),
    },
  ],
  ['vehicle speed', vehicles({ speed: 2 })],
  [
    'hours so far',
    vehicles({
      ...{ hours: 'eu-561', window: [0, 20_000], costs: dear },
      hoursSoFar: { driving: 16_000, dailyDriving: 16_000 },
    }),
    vehicles({ hours: 'eu-561', window: [0, 20_000], costs: dear }),
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
  ['reload', vehicles({ capacity: [2], reload: { duration: 5 } }), vehicles({ capacity: [2] })],
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
  ['backhauls', { ...vehicles({ backhauls: true }), stops: mixed }, { ...base, stops: mixed }],
  ['locked', { ...base, vehicles: [{ ...base.vehicles[0]!, locked: ['s4', 's1'] }, base.vehicles[1]!] }],
  [
    'shipments',
    shipment,
    {
      ...shipment,
      shipments: [],
      stops: [...shipment.stops!, { id: 'from', place: 4 }, { id: 'to', place: 1 }],
    },
  ],
]

async function solvedValueOf(problem: Problem): Promise<number> {
  const plan = await solve(problem, { iterations: 600 })
  expect(checkSolution(problem, plan)).toEqual([])
  return valueOf(problem, plan)
}

describe('each constraint', () => {
  it.each(constrained.map(([name, problem, freed = base]) => [name, problem, freed] as const))(
    '%s: the plan is the best of all, and without it another one is',
    async (name, problem, freed) => {
      const value = await solvedValueOf(problem)
      expect(value).toBeCloseTo((await bestOfAll(problem))!.value, 6)
      if (!['backhauls', 'two windows'].includes(name))
        expect(Math.abs((await solvedValueOf(freed)) - value)).toBeGreaterThan(1)
    },
  )
})

it.each(['makespan', 'balance'] as const)('%s ranks behind serving all stops', async (name) => {
  const ranked: Problem = { ...base, objectives: ['unassigned', name, 'cost'] }
  const plan = await solve(ranked, { iterations: 600 })
  expect([checkSolution(ranked, plan), plan.unassigned]).toEqual([[], []])
})

describe('eight stops', () => {
  const alike = { start: 0, end: 0, maxStops: 3 }
  const places = Array.from({ length: 9 }, (_, at) => [(at * 617) % 101, (at * 382) % 97] as const)
  const durations = places.flatMap(([x, y]) =>
    places.map(([otherX, otherY]) => Math.hypot(x - otherX, y - otherY) * 10),
  )
  const fleet = (change: (at: number) => object): Problem['vehicles'] =>
    [0, 1, 2].map((at) => ({ id: `van ${at}`, ...alike, ...change(at) }))
  const eight = (stopOf: (at: number) => object, change: (at: number) => object): Problem => ({
    vehicles: fleet(change),
    stops: Array.from({ length: 8 }, (_, at) => ({ id: `s${at}`, place: at + 1, ...stopOf(at) })),
    matrix: { rows: 9, columns: 9, durations },
  })
  it.each<[string, Problem]>([
    [
      'no more',
      eight(
        () => ({}),
        () => ({}),
      ),
    ],
    [
      'room',
      eight(
        (at) => ({ deliver: [1 + (at % 3)] }),
        () => ({ capacity: [6] }),
      ),
    ],
    [
      'vehicles that are not alike',
      eight(
        (at) => ({ deliver: [1 + (at % 3)] }),
        (at) => ({ capacity: [5 + at], costs: { perSecond: 1 + at / 4, fixed: 90 * at } }),
      ),
    ],
    [
      'windows',
      eight(
        (at) => ({ windows: [[at * 150 + 600, at * 150 + 1_500]], service: 30 }),
        () => ({ window: [0, 4_000] }),
      ),
    ],
    [
      'duty that costs, and is limited',
      eight(
        (at) => ({ windows: at % 2 === 0 ? [[at * 200 + 700, at * 200 + 1_300]] : [], service: 60 }),
        () => ({
          ...{ maxDuty: 3_600, costs: { perDutySecond: 1 } },
        }),
      ),
    ],
    [
      'breaks',
      eight(
        () => ({ service: 40 }),
        () => ({
          ...{ window: [0, 5_000], costs: { perDutySecond: 1 } },
          breaks: [{ id: 'lunch', windows: [[900, 1_400]], duration: 300 }],
        }),
      ),
    ],
    [
      'hours of service',
      eight(
        () => ({ service: 40 }),
        () => ({
          costs: { perDutySecond: 1 },
          hours: {
            ...{ driving: 900, break: 300, breakBy: 'rest', dailyDriving: 3_000 },
            ...{ dailyRest: 5_000, day: 9_000, dayLimits: 'driving' },
          },
        }),
      ),
    ],
    [
      'skills',
      eight(
        (at) => ({ skills: at % 4 === 0 ? ['lift'] : [] }),
        (at) => ({ skills: at === 1 ? ['lift'] : [] }),
      ),
    ],
  ])('%s: the plan is the best of all', async (_, problem) => {
    const plan = await solve(problem, { iterations: 3_000 })
    expect([checkSolution(problem, plan), plan.unassigned]).toEqual([[], []])
    expect(plan.cost).toBeCloseTo((await bestPartition(problem))!, 6)
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
      expect([seed, (await solvedValueOf(few)).toFixed(4)]).toEqual([seed, best!.value.toFixed(4)])
    }
  })
})
