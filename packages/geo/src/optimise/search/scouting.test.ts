import { describe, expect, it, vi } from 'vitest'
import { Anneal, type Annealing } from './anneal.ts'
import { Scouting } from './scouting.ts'
import { searchToolsFor } from './search-tools.fixture.ts'

const count = 16
const temperatures = { hot: 200, cold: 1 }

/** Places scattered by a plain rule, and the first plan. */
function toolsFor() {
  const size = count + 1
  const at = (place: number): readonly [number, number] => [(place * 617.03) % 1_000, (place * 381.97) % 1_000]
  return searchToolsFor({
    vehicles: Array.from({ length: 6 }, (_, index) => ({ id: `vehicle ${index}`, start: 0, end: 0, capacity: [25] })),
    stops: Array.from({ length: count }, (_, index) => ({
      ...{ id: `stop ${index}`, place: index + 1, deliver: [1 + ((index * 7) % 9)] },
    })),
    matrix: {
      ...{ rows: size, columns: size },
      distances: Array.from({ length: size ** 2 }, (_, cell) => {
        const [from, to] = [at(Math.floor(cell / size)), at(cell % size)]
        return Math.hypot(from[0] - to[0], from[1] - to[1])
      }),
    },
  })
}

/** What the best costs after each of a hundred parts. */
function costsOf(annealing: Annealing, iterations: number): readonly number[] {
  return Array.from({ length: 100 }, (_, part) => {
    annealing.run(iterations / 100, part / 100)
    return annealing.best.cost
  })
}

describe('Scouting', () => {
  it('begins twenty plans where iterations are plenty, goes on from the best of them, and never has a worse one', () => {
    const tools = toolsFor()
    const clear = vi.spyOn(tools.state, 'clear')
    const restore = vi.spyOn(tools.state, 'restore')
    const scouting = new Scouting(tools, temperatures)
    const costs = costsOf(scouting, 41_000 * count)
    expect(clear).toHaveBeenCalledTimes(20)
    expect(costs).toEqual(costs.toSorted((one, other) => other - one))
    // The last plan that was put back is the best of them.
    const put = restore.mock.lastCall![0]
    expect(put.flatMap((order) => [...order])).toHaveLength(count)
    tools.state.restore(put)
    expect(costs.slice(60, 70).map(Math.round)).toContain(Math.round(tools.state.cost))
    expect(scouting.improvements).toBeGreaterThan(0)
  })

  it('anneals once where they are not', () => {
    const tools = toolsFor()
    const clear = vi.spyOn(tools.state, 'clear')
    const costs = costsOf(new Scouting(tools, temperatures), 39_000 * count)
    expect(clear).not.toHaveBeenCalled()
    expect(costs).toEqual(costsOf(new Anneal(toolsFor(), temperatures), 39_000 * count))
  })
})
