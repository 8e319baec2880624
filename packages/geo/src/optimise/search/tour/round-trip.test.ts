import { checkSolution, solve, type Problem } from '@exprsn/geo/optimize'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

type Points = readonly (readonly [number, number])[]

const points = (count: { readonly minLength: number; readonly maxLength: number }) =>
  fc.array(fc.tuple(fc.nat(100), fc.nat(100)), count)

function matrixOf(places: Points) {
  const distances = places.flatMap(([x, y]) => places.map(([otherX, otherY]) => Math.hypot(x - otherX, y - otherY)))
  return { rows: places.length, columns: places.length, distances }
}

/** One vehicle for all places but those where it starts and ends. */
function roundTrip(places: Points, ends: { readonly start?: number; readonly end?: number }): Problem {
  const stops = places.flatMap((_, place) =>
    place === ends.start || place === ends.end ? [] : [{ id: String(place), place }],
  )
  return { vehicles: [{ id: 'van', ...ends }], stops, matrix: matrixOf(places) }
}

/** The least length over all orders: dynamic programming over sets (Held and Karp 1962). */
function shortest({ vehicles, stops = [], matrix }: Problem): number {
  const { start, end } = vehicles[0]!
  const { distances, rows } = matrix as ReturnType<typeof matrixOf>
  const place = (stop: number): number => stops[stop]!.place as number
  const length = (from: unknown, to: unknown): number =>
    from === undefined || to === undefined ? 0 : distances[(from as number) * rows + (to as number)]!
  const count = stops.length
  const table = new Float64Array(2 ** count * count).fill(Infinity)
  for (let stop = 0; stop < count; stop++) table[(1 << stop) * count + stop] = length(start, place(stop))
  for (let set = 1; set < 2 ** count; set++)
    for (let last = 0; last < count; last++)
      for (let next = 0; next < count; next++) {
        if ((set & (1 << last)) === 0 || (set & (1 << next)) !== 0) continue
        const cell = (set | (1 << next)) * count + next
        table[cell] = Math.min(table[cell]!, table[set * count + last]! + length(place(last), place(next)))
      }
  let best = Infinity
  for (let last = 0; last < count; last++)
    best = Math.min(best, table[(2 ** count - 1) * count + last]! + length(place(last), end))
  return best
}

describe('one vehicle for all stops', () => {
  it.each([
    ['there and back', { start: 0, end: 0 }],
    ['from one place to another', { start: 0, end: 1 }],
    ['open at the end', { start: 0 }],
    ['open at the beginning', { end: 0 }],
    ['open at both ends', {}],
  ])('%s: the tour is the shortest of all', async (_, ends) => {
    await fc.assert(
      fc.asyncProperty(points({ minLength: 9, maxLength: 10 }), async (places) => {
        const problem = roundTrip(places, ends)
        const plan = await solve(problem, { iterations: 400 })
        expect([checkSolution(problem, plan), plan.unassigned]).toEqual([[], []])
        expect(plan.cost).toBeCloseTo(shortest(problem), 6)
      }),
      { numRuns: 40 },
    )
  })

  it('serves every stop where many lie at one place', async () => {
    const problem = roundTrip(
      Array.from({ length: 60 }, (_, at) => [at % 3, 0] as const),
      { start: 0, end: 0 },
    )
    const plan = await solve(problem, { iterations: 200 })
    expect([checkSolution(problem, plan), plan.unassigned, plan.cost]).toEqual([[], [], 4])
  })

  it('is the same for the same seed, and never worse than the plan it begins with', async () => {
    const problem = roundTrip(
      Array.from({ length: 300 }, (_, at) => [(at * 7_919) % 1_009, (at * 104_729) % 997] as const),
      { start: 0, end: 0 },
    )
    const orderOf = (plan: Awaited<ReturnType<typeof solve>>) => plan.routes[0]!.steps.map(({ id }) => id)
    const first = await solve(problem, { iterations: 2_000, seed: 5 })
    expect(orderOf(await solve(problem, { iterations: 2_000, seed: 5 }))).toEqual(orderOf(first))
    expect((await solve(problem, { iterations: 1, seed: 9, initial: first })).cost).toBeLessThanOrEqual(first.cost)
  })

  it('leaves out what is not worth its way, and keeps to one-way streets', async () => {
    const places = Array.from({ length: 10 }, (_, at) => [at, at % 2] as const)
    const problem = roundTrip([...places, [1_000, 0]], { start: 0, end: 0 })
    const stops = problem.stops!.map((stop) => (stop.id === '10' ? { ...stop, prize: 100 } : stop))
    const plan = await solve({ ...problem, stops }, { iterations: 300 })
    expect(plan.unassigned.map(({ stop }) => stop)).toEqual(['10'])
    const circle = Array.from({ length: 100 }, (_, cell) => (((cell % 10) - Math.floor(cell / 10) + 10) % 10) * 10)
    const oneWay: Problem = {
      vehicles: [{ id: 'van', start: 0, end: 0 }],
      stops: Array.from({ length: 9 }, (_, at) => ({ id: String(at + 1), place: at + 1 })),
      matrix: { rows: 10, columns: 10, distances: circle },
    }
    expect((await solve(oneWay, { iterations: 300 })).cost).toBe(100)
  })
})
