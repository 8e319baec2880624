import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Problem } from '../problem/problem.ts'
import { compileProblem } from '../model/compile-problem.ts'
import { Timetables } from '../schedule/timetables.ts'
import { Route } from './route.ts'
import { copyKnown, dropMarked, insertKnown } from './route-updates.ts'

const stops = 9

/** Places scattered by a plain rule; ways differ by direction. */
function problemWith(windows: boolean, speed: number): Problem {
  const size = stops + 1
  const durations = Array.from({ length: size ** 2 }, (_, at) => {
    const [from, to] = [Math.floor(at / size), at % size]
    return from === to ? 0 : 5 + ((from * 37 + to * 53) % 90)
  })
  return {
    vehicles: [{ id: 'van', start: 0, end: 0, capacity: [9, 9], speed, costs: { perSecond: 1, fixed: 7 } }],
    stops: Array.from({ length: stops }, (_, at) => ({
      ...{ id: `stop ${at}`, place: at + 1, deliver: [at * 0.1, 1], service: at },
      windows: windows && at % 3 > 0 ? [[at * 30, at * 30 + 60 * at] as const] : [],
    })),
    matrix: { rows: size, columns: size, durations },
  }
}

/** All that is read of a route. */
function known({ size, cost, tasks, places, legs, times, departs, arriveBy, sums }: Route, hasWindows: boolean) {
  const part = (cells: ArrayLike<number>, from: number, to: number): number[] => Array.from(cells).slice(from, to + 1)
  return {
    ...{ size, cost: cost.toFixed(9), sums: [...sums].map((sum) => sum.toFixed(9)) },
    ...{ tasks: part(tasks, 1, size), places: part(places, 0, size + 1), legs: part(legs, 0, size) },
    ...(hasWindows
      ? { times: part(times, 0, size), departs: part(departs, 0, size), arriveBy: part(arriveBy, 1, size + 1) }
      : {}),
  }
}

/** Inserted after a position, dropped where the bit of a position is set, or copied. */
const change = fc.oneof(
  fc.record({ type: fc.constant('insert' as const), task: fc.nat(stops - 1), after: fc.nat(stops) }),
  fc.record({ type: fc.constant('drop' as const), bits: fc.nat(2 ** stops - 1) }),
  fc.record({ type: fc.constant('copy' as const) }),
)

describe('what is known about a route after a change', () => {
  it.each([
    ['room alone', false, 1],
    ['windows', true, 1],
    ['windows and a slow vehicle', true, 0.7],
  ])('is what working it out anew comes to: %s', (_, hasWindows, speed) => {
    const model = compileProblem(problemWith(hasWindows, speed))
    expect(model.shape).toBe(hasWindows ? 'timed' : 'plain')
    const timetables = new Timetables(model)
    const vehicle = model.vehicles[0]!
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 25 }), (changes) => {
        let route = new Route(vehicle, model.dimensions)
        route.refresh(model, timetables, 1)
        for (const one of changes) {
          const served = route.tasks.slice(1, route.size + 1)
          if (one.type === 'insert' && !served.includes(one.task))
            insertKnown(model, route, one.task, Math.min(one.after, route.size))
          else if (one.type === 'drop') {
            const marks = Uint8Array.from({ length: stops }, (__, task) => (one.bits >> task) & 1)
            dropMarked(model, route, marks)
          } else if (one.type === 'copy') {
            const copy = new Route(vehicle, model.dimensions)
            copyKnown(copy, route, model.hasWindows)
            route = copy
          }
          const anew = new Route(vehicle, model.dimensions)
          anew.copyOrder(route)
          anew.refresh(model, timetables, 1)
          expect(known(route, hasWindows)).toEqual(known(anew, hasWindows))
        }
      }),
      { numRuns: 200 },
    )
  })
})
