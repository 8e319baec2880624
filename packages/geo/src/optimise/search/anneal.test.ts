import { describe, expect, it } from 'vitest'
import { Anneal } from './anneal.ts'
import { vehiclesOf } from './fleet.ts'
import { searchToolsFor } from './search-tools.fixture.ts'

const count = 16
const temperatures = { hot: 200, cold: 1 }

/** Places scattered by a plain rule with windows one after the other, vehicles that are not in use out of it, and the first plan. */
function toolsFor() {
  const size = count + 1
  const at = (place: number): readonly [number, number] => [(place * 617.03) % 1_000, (place * 381.97) % 1_000]
  const tools = searchToolsFor({
    vehicles: Array.from({ length: 8 }, (_, index) => ({ id: `vehicle ${index}`, start: 0, end: 0 })),
    stops: Array.from({ length: count }, (_, index) => ({
      ...{ id: `stop ${index}`, place: index + 1, windows: [[index * 250, index * 250 + 1_500]] as const },
    })),
    matrix: {
      ...{ rows: size, columns: size },
      durations: Array.from({ length: size ** 2 }, (_, cell) => {
        const [from, to] = [at(Math.floor(cell / size)), at(cell % size)]
        return Math.hypot(from[0] - to[0], from[1] - to[1])
      }),
    },
    objectives: ['unassigned', 'vehicles', 'driving'],
  })
  tools.state.closeUnused(tools.state.orders())
  return tools
}

describe('Anneal, where leaving a stop out costs less while it is hot', () => {
  it('leaves stops out then, which the best never does, and goes on from the best where some still are', () => {
    const tools = toolsFor()
    const { state } = tools
    const begun = state.snapshot()
    const anneal = new Anneal(tools, { ...temperatures, caps: new Float64Array(count).fill(1) })
    const loosest = Array.from({ length: 50 }, (_, part) => {
      anneal.run(20, part / 100)
      expect([anneal.best.absent, anneal.best.cost <= begun.cost]).toEqual([0, true])
      // A route that is emptied would pay for more stops than it has served.
      expect(vehiclesOf(state.snapshot())).toBe(vehiclesOf(begun))
      return state.absentCount
    })
    expect(Math.max(...loosest)).toBeGreaterThan(0)
    expect(loosest.at(-1)).toBeGreaterThan(0)
    anneal.run(0, 0.5)
    expect(state.absentCount).toBe(0)
    expect(state.orders()).toEqual(anneal.best.routes)
    anneal.run(500, 0.6)
    expect(state.absentCount).toBe(0)
  })

  it('leaves none out where that costs what the problem says', () => {
    const tools = toolsFor()
    const anneal = new Anneal(tools, temperatures)
    for (let part = 0; part < 50; part++) {
      anneal.run(20, part / 100)
      expect(tools.state.absentCount).toBe(0)
    }
  })

  it('tells what the state costs by the problem, between two parts as well', () => {
    const tools = toolsFor()
    const { state } = tools
    const { absence } = state.model.requests
    const anneal = new Anneal(tools, { ...temperatures, caps: new Float64Array(count).fill(1) })
    for (let part = 0; part < 50; part++) {
      anneal.run(20, part / 100)
      expect(state.absences).toEqual(absence)
      const left = state.absent.subarray(0, state.absentCount).reduce((sum, request) => sum + absence[request]!, 0)
      expect(state.absence).toBe(left)
    }
  })
})
