import { checkSolution, solve, type Problem, type Stop, type Vehicle } from '@exprsn/geo/optimize'
import { describe, expect, it } from 'vitest'
import { compileProblem } from '../model/compile-problem.ts'
import { Timetables } from '../schedule/timetables.ts'
import { FirstPlan } from './first-plan.ts'
import { neighboursOf } from './neighbours.ts'
import { RandomStream } from './random-stream.ts'
import { Recreate } from './recreate.ts'
import { Ruin } from './ruin.ts'
import { State } from './state.ts'

const count = 16

/** Ways that differ by direction, many of them longer than the way round over a third place; some are not there where holes are wanted. */
function detours(holes: number): Problem['matrix'] {
  const size = count + 1
  const cells = Array.from({ length: size ** 2 }, (_, at) => {
    const [from, to] = [Math.floor(at / size), at % size]
    const draw = (from * 7_919 + to * 104_729 + from * to * 1_299_709) % 1_000
    if (from === to) return 0
    return draw < holes ? Infinity : 10 + (draw % 7 === 0 ? 300 : draw % 90)
  })
  return { rows: size, columns: size, durations: cells, distances: cells }
}

function problemWith(
  { holes = 0, stop = {}, vehicle = {}, locked = 0 }: Variant,
  windows: (at: number) => Stop['windows'] = () => [],
): Problem {
  return {
    vehicles: Array.from({ length: 4 }, (_, at) => ({
      ...{ id: `van ${at}`, start: 0, end: 0, ...vehicle },
      ...(at === 0 && locked > 0 ? { locked: Array.from({ length: locked }, (__, index) => `stop ${index}`) } : {}),
    })),
    stops: Array.from({ length: count }, (_, at) => ({
      ...{ id: `stop ${at}`, place: 1 + (at % (count - 2)), windows: windows(at), ...stop },
    })),
    matrix: detours(holes),
  }
}

interface Variant {
  readonly holes?: number
  readonly stop?: Partial<Stop>
  readonly vehicle?: Partial<Vehicle>
  readonly locked?: number
}

const early = (at: number): Stop['windows'] => [[0, 90 + at * 25]]
const lunch = { id: 'lunch', windows: [[120, 180] as const], duration: 60 }

const variants: readonly (readonly [string, Problem])[] = [
  ['windows', problemWith({ stop: { service: 3 } }, early)],
  [
    'two windows',
    problemWith({}, (at) => [
      [0, 60],
      [100 + at * 5, 140 + at * 25],
    ]),
  ],
  [
    'setups that are spared at one place',
    problemWith({ stop: { setup: 60, service: 1 } }, (at) => [[0, 150 + at * 20]]),
  ],
  ['the end of a shift', problemWith({ vehicle: { window: [0, 400] } })],
  ['ways that there are not', problemWith({ holes: 250 })],
  ['the longest way', problemWith({ vehicle: { maxDistance: 400 } })],
  ['the longest duty', problemWith({ vehicle: { maxDuty: 400 } })],
  ['the longest duty, with windows', problemWith({ vehicle: { maxDuty: 400 } }, early)],
  ['breaks', problemWith({ vehicle: { breaks: [lunch] } }, (at) => [[at * 10, 150 + at * 30]])],
  ['what is locked', problemWith({ locked: 2, vehicle: { window: [0, 900] } }, early)],
]

describe('what stays on a route when stops leave it can still be done, where ways round are shorter', () => {
  it.each(variants)('%s', (_, problem) => {
    const model = compileProblem(problem)
    const timetables = new Timetables(model)
    let served = 0
    for (let seed = 1; seed <= 6; seed++) {
      const random = new RandomStream(seed)
      const [state, neighbours] = [new State(model, timetables), neighboursOf(model)]
      const [ruin, recreate] = [new Ruin(model, neighbours, random), new Recreate(model, random)]
      new FirstPlan(state, recreate, neighbours).extend(Infinity)
      for (let round = 0; round < 60; round++) {
        state.keep()
        ruin.run(state)
        const { routes, travel } = state
        if (travel === Infinity) {
          // Only what is locked cannot leave.
          expect(problem.vehicles[0]!.locked).toBeDefined()
          state.undo()
          continue
        }
        for (const route of routes) {
          const { vehicle, size, tasks, driving, distance, handling } = route
          if (size === 0) continue
          expect(timetables.figures(vehicle, tasks.slice(1, size + 1)).failed).toBeUndefined()
          expect(Math.max(driving, distance)).toBeLessThanOrEqual(Math.min(vehicle.maxDriving, vehicle.maxDistance))
          if (vehicle.hasPlainLimits) expect(driving + handling).toBeLessThanOrEqual(vehicle.maxDuty)
        }
        expect(travel).toBeCloseTo(
          routes.reduce((sum, { cost }) => sum + cost, 0),
          6,
        )
        recreate.run(state, Infinity)
        served += count - state.absentCount
      }
    }
    expect(served).toBeGreaterThan(count)
  })

  it('by plans too', async () => {
    for (const [, problem] of variants)
      for (let seed = 1; seed <= 3; seed++)
        for (const objectives of [undefined, ['unassigned', 'vehicles', 'cost'] as const]) {
          const plan = await solve({ ...problem, objectives }, { iterations: 120, seed })
          expect(checkSolution({ ...problem, objectives }, plan)).toEqual([])
        }
  })

  it('a stop that is reached in time only by way of another one', async () => {
    // Straight to the market takes 30, by way of the mill 11, which is three times as far; the market closes at 25.
    const problem: Problem = {
      vehicles: ['van 1', 'van 2'].map((id) => ({ id, start: 0, end: 0, capacity: [2], costs: { perMetre: 1 } })),
      stops: [
        { id: 'mill', place: 1, deliver: [1] },
        { id: 'market', place: 2, deliver: [1], windows: [[0, 25]] },
        { id: 'inn', place: 1, deliver: [1] },
      ],
      matrix: {
        ...{ rows: 3, columns: 3 },
        durations: [0, 10, 30, 1, 0, 1, 1, 1, 0],
        distances: [0, 30, 10, 30, 0, 30, 10, 30, 0],
      },
    }
    for (let seed = 1; seed <= 20; seed++) {
      const plan = await solve(problem, { iterations: 60, seed })
      expect(checkSolution(problem, plan)).toEqual([])
      expect(plan.unassigned).toEqual([])
    }
  })
})

describe('sums of fractions', () => {
  it('that reach the end of a window in another order do not make what lies behind impossible', async () => {
    // 0.1 + 0.2 + 0.3 is more than 0.6 when it is summed from the front, and not from the back.
    const durations = [0, 0.1, 1, 1, 1, 0, 0.2, 1, 1, 1, 0, 0.3, 1, 1, 1, 0]
    const problem: Problem = {
      vehicles: [{ id: 'van', start: 0, locked: ['a', 'b'] }],
      stops: [
        { id: 'a', place: 1 },
        { id: 'b', place: 2 },
        { id: 'c', place: 3, windows: [[0, 0.6]] },
        { id: 'd', place: 0 },
      ],
      matrix: { rows: 4, columns: 4, durations },
    }
    expect(0.1 + 0.2 + 0.3).toBeGreaterThan(0.6)
    const plan = await solve(problem, { iterations: 50 })
    expect([plan.unassigned, checkSolution(problem, plan)]).toEqual([[], []])
    expect(plan.routes[0]!.steps.map(({ id }) => id)).toEqual([undefined, 'a', 'b', 'c', 'd', undefined])
  })
})
