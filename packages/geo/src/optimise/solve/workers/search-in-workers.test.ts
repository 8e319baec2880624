import { checkSolution, solve, type Plan, type Problem } from '@exprsn/geo/optimize'
import { describe, expect, it } from 'vitest'

/** Stops around a depot, by a plain rule; vehicles for eight each. */
const problem: Problem = {
  vehicles: Array.from({ length: 8 }, (_, at) => ({ id: `van ${at}`, start: 0, end: 0, capacity: [8] })),
  stops: Array.from({ length: 40 }, (_, at) => ({ id: `stop ${at}`, place: at + 1, deliver: [1] })),
  matrix: matrix(41),
}

function matrix(size: number) {
  const points = Array.from({ length: size }, (_, at) => [(at * 37) % 101, (at * 53) % 97] as const)
  const distances = points.flatMap(([x, y]) => points.map(([otherX, otherY]) => Math.hypot(x - otherX, y - otherY)))
  return { rows: size, columns: size, distances, durations: distances }
}

const ordersOf = ({ routes }: Plan) => routes.map(({ vehicle, steps }) => [vehicle, ...steps.map(({ id }) => id)])

describe('solve with workers', () => {
  it('gives the same plan for the same seed and iterations, and each worker does its share', async () => {
    const shares: number[] = []
    const options = { iterations: 600, seed: 3, workers: 2 }
    const onProgress = ({ share }: { readonly share: number }): void => void shares.push(share)
    const first = await solve(problem, { ...options, onProgress })
    expect([checkSolution(problem, first), first.unassigned, first.statistics.iterations]).toEqual([[], [], 1_200])
    expect(shares.map((share) => share.toFixed(2))).toEqual(['0.17', '0.33', '0.50', '0.67', '0.83', '1.00'])
    expect(ordersOf(await solve(problem, options))).toEqual(ordersOf(first))
    const alone = await solve(problem, { iterations: 600, seed: 3 })
    expect(first.cost).toBeLessThan(alone.cost * 1.05)
  })

  it('keeps the fewest vehicles that any of them found', async () => {
    const ranked: Problem = { ...problem, objectives: ['unassigned', 'vehicles', 'cost'] }
    const plan = await solve(ranked, { iterations: 1_200, workers: 2 })
    expect([checkSolution(ranked, plan), plan.unassigned, plan.routes.length]).toEqual([[], [], 5])
  })

  it('is never worse than the plan it begins with, and searches round trips, too', async () => {
    const { vehicles, ...rest } = problem
    const tour: Problem = { ...rest, vehicles: [{ ...vehicles[0]!, capacity: [99] }] }
    const initial = await solve(tour, { iterations: 50 })
    const plan = await solve(tour, { iterations: 60, workers: 2, initial })
    expect([checkSolution(tour, plan), plan.cost <= initial.cost]).toEqual([[], true])
  })

  it('ends with the signal, and refuses what is no number of workers', async () => {
    const reason = new Error('enough')
    const signal = AbortSignal.timeout(50)
    await expect(solve(problem, { iterations: 1e9, workers: 2, signal })).rejects.toThrow(/timeout/)
    expect(signal.aborted).toBe(true)
    await expect(solve(problem, { workers: 2, signal: AbortSignal.abort(reason) })).rejects.toBe(reason)
    for (const workers of [0, 1.5, Number.NaN])
      await expect(solve(problem, { iterations: 1, workers })).rejects.toMatchObject({
        code: 'GEO_OPTIMISE_OPTION_INVALID',
      })
  })
})
