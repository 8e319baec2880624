import { describe, expect, it } from 'vitest'
import type { Problem } from '../problem/problem.ts'
import { compileProblem } from '../model/compile-problem.ts'
import { Timetables } from '../schedule/timetables.ts'
import { Insertions } from './insertions.ts'
import { FirstPlan } from './first-plan.ts'
import { neighboursOf } from './neighbours.ts'
import { RandomStream } from './random-stream.ts'
import { Recreate } from './recreate.ts'
import { Ruin } from './ruin.ts'
import { State } from './state.ts'

/** Thirty places scattered by a plain rule, vehicles for six of them each. */
function problemWith(kind: 'room' | 'windows' | 'shipments'): Problem {
  const count = 30
  const size = count + 1
  const durations = Array.from({ length: size ** 2 }, (_, at) => {
    const [from, to] = [Math.floor(at / size), at % size]
    return Math.hypot(((from * 37) % 101) - ((to * 37) % 101), ((from * 53) % 97) - ((to * 53) % 97))
  })
  const windows = (at: number) => (kind === 'room' ? {} : { windows: [[at * 20, at * 20 + 400] as const] })
  return {
    vehicles: Array.from({ length: 8 }, (_, at) => ({ id: `van ${at}`, start: 0, end: 0, capacity: [6] })),
    stops: Array.from({ length: kind === 'shipments' ? 16 : count }, (_, at) => ({
      ...{ id: `stop ${at}`, place: at + 1, deliver: [1], service: 5 },
      ...windows(at),
    })),
    shipments:
      kind === 'shipments'
        ? Array.from({ length: 7 }, (_, at) => ({
            ...{ id: `shipment ${at}`, amount: [1] },
            pickup: { place: 17 + at },
            delivery: { place: 24 + at },
          }))
        : [],
    matrix: { rows: size, columns: size, durations },
  }
}

/** The state after so many changes, every third of them taken back. */
function changed(problem: Problem, remembered: number | undefined): State {
  const model = compileProblem(problem)
  const timetables = new Timetables(model)
  const state = new State(model, timetables, new Insertions(model, timetables, remembered))
  const random = new RandomStream(7)
  const neighbours = neighboursOf(model)
  const [ruin, recreate] = [new Ruin(model, neighbours, random), new Recreate(model, random)]
  new FirstPlan(state, recreate, neighbours).extend(Infinity)
  state.keep()
  for (let change = 1; change <= 150; change++) {
    ruin.run(state)
    recreate.run(state, Infinity)
    if (change % 3 === 0) state.undo()
    else state.keep()
  }
  return state
}

describe.each(['room', 'windows', 'shipments'] as const)('State, where stops ask for %s', (kind) => {
  const problem = problemWith(kind)

  it('holds each task once, and says who serves it', () => {
    const { model, routes, vehicleOf, absentCount, sizes, travel } = changed(problem, undefined)
    const tasks = routes.flatMap((route) => [...route.tasks.subarray(1, route.size + 1)])
    expect([absentCount, tasks.toSorted((a, b) => a - b)]).toEqual([0, tasks.map((_, task) => task)])
    expect(tasks).toHaveLength(model.tasks.count)
    for (const [vehicle, route] of routes.entries()) {
      expect(sizes[vehicle]).toBe(route.size)
      for (const task of route.tasks.subarray(1, route.size + 1))
        expect(vehicleOf[model.tasks.request[task]!]).toBe(vehicle)
    }
    expect(travel).toBeCloseTo(
      routes.reduce((sum, { cost }) => sum + cost, 0),
      6,
    )
  })

  it('is the same where there are too many insertions to remember', () => {
    expect(changed(problem, 0).orders()).toEqual(changed(problem, undefined).orders())
  })
})
