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

  /** Two hours to a stop that opens so many minutes later, then so many hours more. */
  const waiting = (minutes: number, hours: number): Problem => ({
    vehicles: [{ id: 'lorry', start: 0, hours: 'eu-561' }],
    stops: [
      // Holds the departure: else it would leave later, and not wait.
      { id: 'here', place: 0, windows: [[0, 0]] },
      { id: 'gate', place: 1, service: 60, windows: [[(2 + minutes / 60) * hour, 3 * hour]] },
      { id: 'far', place: 2 },
    ],
    matrix: {
      ...{ rows: 3, columns: 3 },
      durations: [0, 2, 9, 2, 0, hours, 9, hours, 0].map((value) => value * hour),
    },
  })

  it.each([
    [14, 45],
    [15, 30],
    [44, 30],
  ])('Article 7: after a break of %i minutes it is %i that are missing', async (first, second) => {
    const begin = 2 + first / 60 + 1 / 60 + 2.5
    const [pause, ...others] = pauses(await stepsOf(waiting(first, 4)))
    expect([pause![0], others]).toEqual(['break', []])
    expect([pause![1], (pause![2] - pause![1]) * 60]).toEqual([expect.closeTo(begin, 6), expect.closeTo(second, 6)])
  })

  it('Article 7: after the second part, the next four and a half hours begin', async () => {
    const [, next] = pauses(await stepsOf(waiting(20, 7.5)))
    expect((next![2] - next![1]) * 60).toBeCloseTo(45, 6)
  })

  it('Article 7: 15 minutes and then 30, not the other way round, and not in three parts', () => {
    const check = (...parts: readonly (readonly [hours: number, minutes: number])[]): readonly string[] => {
      let [clock, driven] = [0, 0]
      const steps: PlanStep[] = [{ type: 'start', place: 0, arrival: 0, begin: 0, end: 0, load: [] }]
      const drive = (seconds: number): number => ((driven += seconds), (clock += seconds))
      for (const [hours, minutes] of parts) {
        const begin = drive(hours * hour)
        clock += minutes * 60
        steps.push({ type: 'break', arrival: begin, begin, end: clock, load: [] })
      }
      const end = drive(8 * hour - driven)
      for (const type of ['stop', 'end'] as const)
        steps.push({
          type,
          ...(type === 'stop' ? { id: 'far', place: 1 } : {}),
          arrival: end,
          begin: end,
          end,
          load: [],
        })
      const total = { cost: 8 * hour, distance: 8 * hour, driving: 8 * hour, duty: end }
      const problem = tour(8, { hours: 'eu-561' })
      const plan = { routes: [{ vehicle: 'lorry', steps, ...total }], unassigned: [], cost: 8 * hour }
      return checkSolution(problem, plan).map(({ kind }) => kind)
    }
    expect(check([4.5, 45])).toEqual([])
    expect(check([2, 15], [2.5, 30])).toEqual([])
    expect(check([2, 30], [2.5, 15])).toContain('hours')
    expect(check([2, 14], [2.5, 30])).toContain('hours')
    expect(check([1, 15], [1, 15], [2.5, 15])).toContain('hours')
    // Both parts lie within the four and a half hours.
    expect(check([2, 15], [2.6, 30])).toContain('hours')
  })

  /** An hour to a gate that opens so many hours later, work there, and so many hours of driving more; no short rest is left. */
  const gate = (wait: number, work: number, hours: number, soFar: Vehicle['hoursSoFar'] = {}): Problem => ({
    vehicles: [{ id: 'lorry', start: 0, hours: 'eu-561', hoursSoFar: { shortRests: 3, longDays: 2, ...soFar } }],
    stops: [
      { id: 'here', place: 0, windows: [[0, 0]] },
      { id: 'gate', place: 1, service: work * hour, windows: [[(1 + wait) * hour, 40 * hour]] },
      { id: 'far', place: 2 },
    ],
    matrix: {
      ...{ rows: 3, columns: 3 },
      durations: [0, 1, 50, 1, 0, hours, 50, hours, 0].map((value) => value * hour),
    },
  })
  const restsOf = async (problem: Problem): Promise<readonly number[]> =>
    pauses(await stepsOf(problem))
      .filter(([type]) => type === 'rest')
      .map(([, from, to]) => Math.round((to - from) * 1e6) / 1e6)

  it.each([
    [3, 9],
    [5, 9],
    [2.9, 11],
  ])('Article 4(g): after %f free hours in a day, %i more are a whole daily rest', async (free, rest) => {
    expect(await restsOf(gate(free, 0.1, 9))).toEqual([rest])
  })

  it('Article 4(g): the parts use up no short rest, and count for one day', async () => {
    const soFar = { shortRests: 2 }
    expect(await restsOf(gate(3, 0.1, 35, soFar))).toEqual([9, 9, 11])
    expect(await restsOf(gate(2.9, 0.1, 35, soFar))).toEqual([9, 11, 11])
  })

  it('Article 8(2): with the first part taken, work may end nine hours before the day does', async () => {
    expect(await restsOf(gate(3, 10.9, 0))).toEqual([])
    expect(await restsOf(gate(3, 11.1, 0))).toEqual([11])
    expect(await restsOf(gate(2.9, 10.9, 0))).toEqual([11])
  })

  it('Article 4(g): the first part may have been taken before the plan begins', async () => {
    expect(await restsOf(gate(0, 0.1, 9, { hasRestPart: true }))).toEqual([9])
    expect(await restsOf(gate(0, 0.1, 9))).toEqual([11])
  })

  it('Article 8(2): a rest that is a short one is followed by a day that ends with a whole one', async () => {
    // Nine hours of waiting are the last short rest; the next day has room for thirteen hours of work then.
    const waitsNine = (work: number): Problem => gate(9.5, work, 0, { shortRests: 2 })
    expect(await restsOf(waitsNine(13))).toEqual([])
    const plan = await solve(waitsNine(13.5), { iterations: 20 })
    expect(checkSolution(waitsNine(13.5), plan)).toEqual([])
    expect(plan.unassigned.map(({ stop }) => stop)).toEqual(['gate'])
  })

  it('Article 4(g): three hours and then nine, not less, not the other way round, and not from the day before', () => {
    /** Days of four and a half hours of driving, a break, and as much again; then a rest. */
    const check = (...days: readonly (readonly [pause: number, rest: number])[]): readonly string[] => {
      const steps: PlanStep[] = [{ type: 'start', place: 0, arrival: 0, begin: 0, end: 0, load: [] }]
      let clock = 0
      for (const [pause, rest] of days)
        for (const [type, hours] of [
          ['break', pause],
          ['rest', rest],
        ] as const) {
          clock += 4.5 * hour
          if (hours === 0) continue
          steps.push({ type, arrival: clock, begin: clock, end: clock + hours * hour, load: [] })
          clock += hours * hour
        }
      const at = { arrival: clock, begin: clock, end: clock, load: [] }
      steps.push({ type: 'stop', id: 'far', place: 1, ...at }, { type: 'end', ...at })
      const driven = days.length * 9
      const problem = tour(driven, { hours: 'eu-561', hoursSoFar: { shortRests: 3 } })
      const total = { cost: driven * hour, distance: driven * hour, driving: driven * hour, duty: clock }
      const plan = { routes: [{ vehicle: 'lorry', steps, ...total }], unassigned: [], cost: driven * hour }
      return checkSolution(problem, plan).map(({ kind }) => kind)
    }
    expect(check([3, 9], [0.75, 0])).toEqual([])
    expect(check([0.75, 11], [0.75, 0])).toEqual([])
    expect(check([2.9, 9], [0.75, 0])).toContain('hours')
    expect(check([3, 8.9], [0.75, 0])).toContain('hours')
    expect(check([0.75, 9], [3, 0])).toContain('hours')
    expect(check([3, 9], [3, 9], [0.75, 0])).toEqual([])
    expect(check([3, 9], [0.75, 9], [0.75, 0])).toContain('hours')
    expect(check([3, 9], [0.75, 11], [0.75, 0])).toEqual([])
    // The second part ends after the 24 hours.
    expect(check([7, 9], [0.75, 0])).toContain('hours')
  })

  it('Article 8(4): after three rests of nine hours between weekly rests, eleven', async () => {
    const used = await stepsOf(tour(14, { hours: 'eu-561', hoursSoFar: { shortRests: 3 } }))
    const rests = pauses(used).filter(([type]) => type === 'rest')
    expect(rests.map(([, from, to]) => to - from)).toEqual([11])
  })

  it('Article 8(6): a weekly rest begins after six periods of 24 hours; a plan ends before', async () => {
    const wait = (hours: number): Problem => ({
      vehicles: [{ id: 'lorry', start: 0, hours: 'eu-561' }],
      stops: [
        { id: 'here', place: 0, windows: [[0, 0]] },
        { id: 'far', place: 1, windows: [[hours * hour, 200 * hour]] },
      ],
      matrix: { rows: 2, columns: 2, durations: [0, hour, hour, 0] },
    })
    expect(await stepsOf(wait(144))).not.toEqual([])
    const plan = await solve(wait(144.1), { iterations: 20 })
    expect(plan.unassigned).toHaveLength(1)
    expect(checkSolution(wait(144.1), plan)).toEqual([])
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

  it('(b)(1): 60 hours in seven days, for carriers that do not drive each day', async () => {
    const sixty = { ...hoursOfService['us-fmcsa'], totalDuty: 60 * hour }
    expect(await stepsOf(tour(4, { hours: sixty, hoursSoFar: { totalDuty: 56 * hour } }))).not.toEqual([])
    expect(await stepsOf(tour(4, { hours: sixty, hoursSoFar: { totalDuty: 57 * hour } }))).toEqual([])
    expect(await stepsOf(tour(4, { hours: 'us-fmcsa', hoursSoFar: { totalDuty: 57 * hour } }))).not.toEqual([])
  })

  it('a break of half an hour is not parted', async () => {
    const base = tour(9, { hours: 'us-fmcsa' })
    expect(pauses(await stepsOf(base))).toEqual([['break', 8, 8.5]])
    expect(hoursOfService['us-fmcsa'].splitBreak).toBeUndefined()
  })
})

it('takes rules of one’s own', async () => {
  const own = { ...hoursOfService['eu-561'], driving: 2 * hour, break: hour }
  expect(pauses(await stepsOf(tour(3, { hours: own })))).toEqual([['break', 2, 3]])
})
