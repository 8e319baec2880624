import { checkSolution, hoursOfService, solve, type PlanStep, type Problem, type Vehicle } from '@exprsn/geo/optimize'
import { describe, expect, it } from 'vitest'

const hour = 3_600

/** One lorry that drives so many hours to a stop and ends there. */
function tour(hours: number, vehicle: Partial<Vehicle>, service = 0): Problem {
  const durations = [0, hours * hour, hours * hour, 0]
  return {
    vehicles: [{ id: 'lorry', start: 0, ...vehicle }],
    stops: [{ id: 'far', place: 1, service }],
    matrix: { rows: 2, columns: 2, durations },
  }
}

async function stepsOf(problem: Problem): Promise<readonly PlanStep[]> {
  const plan = await solve(problem, { iterations: 20 })
  expect(checkSolution(problem, plan)).toEqual([])
  return plan.routes[0]?.steps ?? []
}

/** Breaks and rests as hours: from, to. */
const pauses = (steps: readonly PlanStep[]): readonly (readonly [string, number, number])[] =>
  steps
    .filter(({ type }) => type === 'break' || type === 'rest')
    .map(({ type, begin, end }) => [type, begin / hour, end / hour])

describe('Regulation (EC) No 561/2006', () => {
  it('Article 7: no break for four and a half hours of driving, one of 45 minutes for more', async () => {
    expect(pauses(await stepsOf(tour(4.5, { hours: 'eu-561' })))).toEqual([])
    expect(pauses(await stepsOf(tour(5, { hours: 'eu-561' })))).toEqual([['break', 4.5, 5.25]])
  })

  it('Article 6(1): ten hours of driving twice, then nine; Article 8(4): rests of nine hours, at most three', async () => {
    const steps = await stepsOf(tour(40, { hours: 'eu-561' }))
    const rests = pauses(steps).filter(([type]) => type === 'rest')
    expect(rests.map(([, from, to]) => to - from)).toEqual([9, 9, 9, 11])
    const days = [0, ...rests.map(([, , to]) => to)].map((begin, day) => {
      const end = rests[day]?.[1] ?? steps.at(-1)!.end / hour
      const breaks = pauses(steps).filter(([type, from]) => type === 'break' && from > begin && from < end)
      return end - begin - breaks.reduce((sum, [, from, to]) => sum + to - from, 0)
    })
    expect(days).toEqual([10, 10, 9, 9, 2])
  })

  it('Article 6(2): 56 hours of driving in a week, and no more', async () => {
    expect(await stepsOf(tour(56, { hours: 'eu-561' }))).not.toEqual([])
    expect(await stepsOf(tour(56.1, { hours: 'eu-561' }))).toEqual([])
    expect(await stepsOf(tour(20, { hours: 'eu-561', hoursSoFar: { totalDriving: 37 * hour } }))).toEqual([])
  })

  it('Article 8(2): work that cannot end before the rest begins waits until after it', async () => {
    const steps = await stepsOf(tour(4, { hours: 'eu-561' }, 12 * hour))
    expect(pauses(steps)).toEqual([['rest', 4, 13]])
  })

  it('counts what the driver has done before', async () => {
    const so = { driving: 4 * hour, dailyDriving: 4 * hour }
    expect(pauses(await stepsOf(tour(1, { hours: 'eu-561', hoursSoFar: so })))).toEqual([['break', 0.5, 1.25]])
  })

  it('takes waiting for a window as the break that is due', async () => {
    const base = tour(4, { hours: 'eu-561', end: 0, window: [0, 30 * hour] })
    const problem = { ...base, stops: [{ ...base.stops![0]!, windows: [[5 * hour, 6 * hour] as const] }] }
    const plan = await solve({ ...problem, vehicles: [{ ...problem.vehicles[0]!, locked: [] }] }, { iterations: 20 })
    expect(checkSolution(problem, plan)).toEqual([])
    const steps = plan.routes[0]!.steps
    // It may as well leave later, and then needs one on the way back.
    expect(steps.find(({ type }) => type === 'stop')!.begin / hour).toBeGreaterThanOrEqual(5)
  })
})

describe('49 CFR § 395.3', () => {
  it('(a)(3)(ii): 30 minutes after eight hours of driving', async () => {
    expect(pauses(await stepsOf(tour(8, { hours: 'us-fmcsa' })))).toEqual([])
    expect(pauses(await stepsOf(tour(9, { hours: 'us-fmcsa' })))).toEqual([['break', 8, 8.5]])
  })

  it('(a)(3)(i): eleven hours of driving, then ten off duty', async () => {
    expect(pauses(await stepsOf(tour(12, { hours: 'us-fmcsa' })))).toEqual([
      ['break', 8, 8.5],
      ['rest', 11.5, 21.5],
    ])
  })

  it('(a)(2): no driving after the 14th hour on duty', async () => {
    const base = tour(2, { hours: 'us-fmcsa', end: 0 }, 13 * hour)
    expect(pauses(await stepsOf(base))).toEqual([['rest', 15, 25]])
  })

  it('unloading of half an hour is as good as a break', async () => {
    expect(pauses(await stepsOf(tour(5, { hours: 'us-fmcsa', end: 0 }, 0.5 * hour)))).toEqual([])
  })

  it('(b)(2): 70 hours on duty', async () => {
    expect(await stepsOf(tour(5, { hours: 'us-fmcsa', hoursSoFar: { totalDuty: 66 * hour } }))).toEqual([])
  })
})

it('takes rules of one’s own', async () => {
  const own = { ...hoursOfService['eu-561'], driving: 2 * hour, break: hour }
  expect(pauses(await stepsOf(tour(3, { hours: own })))).toEqual([['break', 2, 3]])
})
