import { describe, expect, it, vi } from 'vitest'
import { searchToolsFor } from './search-tools.fixture.ts'
import { Search } from './search.ts'

/** Whether stops may be left out for less at some time of a search over places scattered by a plain rule. */
function leavesOut(count: number, { hasWindows = true, perDutySecond = 0 } = {}): boolean {
  const size = count + 1
  const windowsOf = (index: number) => [[(index % 20) * 100, (index % 20) * 100 + 2_000]] as const
  const tools = searchToolsFor({
    vehicles: Array.from({ length: 20 }, (_, index) => ({
      ...{ id: `vehicle ${index}`, start: 0, end: 0, costs: { perMetre: 1, perDutySecond } },
    })),
    stops: Array.from({ length: count }, (_, index) => ({
      ...{ id: `stop ${index}`, place: index + 1, windows: hasWindows ? windowsOf(index) : undefined },
    })),
    matrix: {
      ...{ rows: size, columns: size },
      durations: Array.from({ length: size ** 2 }, (_, cell) => {
        const [from, to] = [Math.floor(cell / size), cell % size]
        return Math.hypot(((from * 37) % 101) - ((to * 37) % 101), ((from * 53) % 97) - ((to * 53) % 97))
      }),
    },
    objectives: ['unassigned', 'vehicles', 'cost'],
  })
  const cap = vi.spyOn(tools.state, 'capAbsences')
  const search = new Search(tools, { seed: 1, minimisesVehicles: true })
  for (let part = 0; part < 100; part++) search.run(1, part / 100)
  expect(search.best.absent).toBe(0)
  return cap.mock.calls.length > 0
}

describe('Search, of the fewest vehicles', () => {
  it('may leave stops out for less while it is hot where there are many with windows, and ways are all that costs', () => {
    expect(leavesOut(150)).toBe(true)
    expect(leavesOut(149)).toBe(false)
    expect(leavesOut(150, { hasWindows: false })).toBe(false)
    expect(leavesOut(150, { perDutySecond: 1 })).toBe(false)
  })
})
