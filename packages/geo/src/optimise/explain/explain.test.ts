import { ExprsnError } from '@exprsn/core'
import { explain, solve, type Plan, type Problem, type RouteExplanation } from '@exprsn/geo/optimize'
import { describe, expect, it } from 'vitest'

const hour = 3_600
const matrix = { rows: 3, columns: 3, durations: [0, 100, 200, 100, 0, 100, 200, 100, 0] }
const base: Problem = {
  vehicles: [{ id: 'van', start: 0, end: 0, capacity: [5] }],
  stops: [
    { id: 'a', place: 1, deliver: [1], service: 10, windows: [[50, 150]] },
    { id: 'b', place: 2, deliver: [2], windows: [[300, 400]] },
  ],
  matrix,
}

async function explained(problem: Problem, options = {}) {
  const plan = await solve(problem, { iterations: 200 })
  return { plan, ...explain(problem, plan, options) }
}

async function onlyRoute(problem: Problem, options = {}): Promise<RouteExplanation> {
  const { routes } = await explained(problem, options)
  expect(routes).toHaveLength(1)
  return routes[0]!
}

describe('explain', () => {
  it('takes costs apart, and the day', async () => {
    const costs = { fixed: 7, perMetre: 2, perSecond: 3, perDutySecond: 0.5 }
    const vehicles = [{ ...base.vehicles[0]!, costs }]
    const { costs: sum, plan, routes } = await explained({ ...base, vehicles })
    const [route] = routes
    // It leaves late enough to wait for nothing but b.
    expect(route).toMatchObject({
      vehicle: 'van',
      driving: 400,
      handling: 10,
      pauses: 0,
      load: [{ most: 3, capacity: 5 }],
    })
    expect(route!.waiting + 410).toBe(route!.end - route!.begin)
    const duty = (route!.end - route!.begin) * 0.5
    expect(sum).toEqual({ fixed: 7, distance: 800, driving: 1_200, duty, total: plan.cost })
    expect(route!.costs).toEqual(sum)
  })

  it('tells how late a stop may be, and what ends that', async () => {
    const { stops } = await onlyRoute(base)
    expect(stops.map(({ id, begin, slack, slackEnds }) => ({ id, begin, slack, slackEnds }))).toEqual([
      { id: 'a', begin: 150, slack: 0, slackEnds: { by: 'windows', at: 'a' } },
      { id: 'b', begin: 300, slack: 100, slackEnds: { by: 'windows', at: 'b' } },
    ])
    const shift = await onlyRoute({ ...base, vehicles: [{ ...base.vehicles[0]!, window: [0, 530] }] })
    expect(shift.stops[1]).toMatchObject({ slack: 30, slackEnds: { by: 'shift' } })
    expect(shift.limits).toEqual([{ limit: 'shift', used: 500, allowed: 530 }])
    const free = await onlyRoute({ ...base, stops: [{ id: 'a', place: 1 }] })
    expect(free.stops[0]).toMatchObject({ slack: Infinity })
    expect(free.stops[0]).not.toHaveProperty('slackEnds')
  })

  it('ends the slack where a driver would be on duty too long', async () => {
    // Eight hours there, and back: a rest of nine hours is over within 24.
    const durations = [0, 4 * hour, 4 * hour, 0]
    const problem: Problem = {
      vehicles: [{ id: 'lorry', start: 0, hours: 'eu-561' }],
      stops: [{ id: 'far', place: 1, service: 5 * hour, windows: [[0, 20 * hour]] }],
      matrix: { rows: 2, columns: 2, durations },
    }
    const { stops } = await onlyRoute(problem)
    // 24 − 9 hours of the day, less four of driving and five of work.
    expect(stops[0]!.slackEnds).toEqual({ by: 'hours' })
    expect(stops[0]!.slack / hour).toBeCloseTo(6, 2)
  })

  it('compares with other vehicles', async () => {
    const vehicles = [
      { id: 'van', start: 0, end: 0, skills: ['cold'] },
      { id: 'plain', start: 0, end: 0, costs: { fixed: 50, perSecond: 1 } },
      { id: 'small', start: 0, end: 0, capacity: [1] },
      { id: 'early', start: 0, end: 0, window: [0, 210] as const },
    ]
    const stops = [{ ...base.stops![0]!, skills: ['cold'] }, base.stops![1]!]
    const { stops: told } = await onlyRoute({ ...base, vehicles, stops })
    expect(told[0]).toMatchObject({
      saving: 0,
      alternatives: ['plain', 'small', 'early'].map((vehicle) => ({ vehicle, blockedBy: 'skills' })),
      reason: 'No other vehicle can take it as things are: skills.',
    })
    // Without b it drives 200 less; the other one 400 and its use, 50.
    expect(told[1]).toMatchObject({
      saving: 200,
      alternatives: [
        { vehicle: 'plain', cost: 250 },
        { vehicle: 'small', blockedBy: 'capacity' },
        { vehicle: 'early', blockedBy: 'shift' },
      ],
      reason: 'The next best vehicle, plain, would cost 250 more.',
    })
    const plain = await onlyRoute({ ...base, vehicles, stops }, { alternatives: false })
    expect(plain.stops.map(({ alternatives, saving }) => [alternatives, saving])).toEqual([
      [[], undefined],
      [[], undefined],
    ])
  })

  it('tries shipments with both ends, and keeps groups', async () => {
    const problem: Problem = {
      ...base,
      vehicles: [
        { id: 'van', start: 0, end: 0 },
        { id: 'far', start: 2, end: 2 },
      ],
      stops: [{ id: 'a', place: 1 }],
      shipments: [{ id: 'x', pickup: { place: 0 }, delivery: { place: 1 } }],
    }
    const { routes } = await explained(problem)
    const told = routes.find(({ vehicle }) => vehicle === 'van')!.stops
    expect(told.find(({ type }) => type === 'pickup')).toMatchObject({
      id: 'x',
      alternatives: [{ vehicle: 'far', cost: 400 }],
    })
    const bound = await explained({ ...problem, groups: [{ kind: 'together', stops: ['a', 'x'] }] })
    const alternatives = bound.routes.flatMap(({ stops }) => stops.flatMap((stop) => stop.alternatives))
    expect(alternatives).toHaveLength(3)
    for (const one of alternatives) expect(one).toMatchObject({ blockedBy: 'group' })
  })

  it('tells what is locked, under way and done', async () => {
    const vehicles = [
      { id: 'van', start: 1, window: [160, 900] as const, locked: ['a', 'c'] },
      { id: 'other', start: 0 },
    ]
    const problem = {
      ...base,
      vehicles,
      stops: [
        base.stops![0]!,
        { ...base.stops![1]!, service: 20, windows: [[200, 400] as const] },
        { id: 'c', place: 2 },
      ],
    }
    const plan = await solve(problem, { iterations: 50 })
    const { routes } = explain(problem, plan)
    const statuses = (of: readonly RouteExplanation[]) =>
      Object.fromEntries(of.flatMap(({ stops }) => stops.map(({ id, status }) => [id, status])))
    expect(statuses(routes)).toEqual({ a: 'in-progress', c: 'locked', b: 'planned' })
    const [a] = routes[0]!.stops
    expect(a).toMatchObject({
      slack: 130,
      slackEnds: { by: 'windows', at: 'b' },
      alternatives: [],
      reason: 'It is under way.',
    })
    expect(statuses(explain(problem, plan, { now: 275 }).routes)).toEqual({ a: 'done', c: 'done', b: 'in-progress' })
    expect(statuses(explain(problem, plan, { now: 165 }).routes)).toEqual({
      a: 'in-progress',
      c: 'locked',
      b: 'planned',
    })
  })

  it('tells which rule asked for a break', async () => {
    const far = (hours: number, rules: 'eu-561' | 'us-fmcsa'): Problem => ({
      vehicles: [{ id: 'lorry', start: 0, hours: rules }],
      stops: [{ id: 'far', place: 1 }],
      matrix: { rows: 2, columns: 2, durations: [0, hours * hour, hours * hour, 0] },
    })
    const eu = (await onlyRoute(far(12, 'eu-561'))).hours!
    expect(eu.pauses.map(({ type, because, source }) => [type, because, source])).toEqual([
      ['break', 'driving', 'Article 7 of Regulation (EC) No 561/2006'],
      ['break', 'driving', 'Article 7 of Regulation (EC) No 561/2006'],
      ['rest', 'daily-driving', 'Article 6(1) of Regulation (EC) No 561/2006'],
    ])
    expect([eu.rules, eu.today / hour, eu.leftUntilBreak / hour, eu.leftToday / hour]).toEqual(['eu-561', 2, 2.5, 8])
    const us = (await onlyRoute(far(12, 'us-fmcsa'))).hours!
    expect(us.pauses.map(({ because, source }) => [because, source])).toEqual([
      ['driving', '49 CFR § 395.3(a)(3)(ii)'],
      ['daily-driving', '49 CFR § 395.3(a)(3)(i)'],
    ])
  })

  it('says everything for people, too', async () => {
    const problem = { ...base, stops: [...base.stops!, { id: 'safe', place: 1, deliver: [9] }] }
    const { text } = await explained(problem)
    expect(text).toContain('1 route, 2 visits, cost 400 (driving 400).')
    expect(text).toContain('van: 00:00:50 to 00:08:20, 0.4 km, cost 400 (driving 400)')
    expect(text).toContain(
      '2. b at 00:05: waits 40 s, may be 2 min later (windows of b), without it the route costs 200 less.',
    )
    expect(text).toContain(
      'safe: It is more than any vehicle that may take it can carry. Without capacity it would cost 0.',
    )
  })

  it('explains plans from elsewhere, also wrong ones, and finds reasons that they do not tell', async () => {
    const { routes, cost } = await solve(base, { iterations: 50 })
    const late = routes.map((route) => ({
      ...route,
      steps: route.steps.map((step) => ({
        ...step,
        arrival: step.arrival + 500,
        begin: step.begin + 500,
        end: step.end + 500,
      })),
    }))
    const wrong = explain(base, { routes: late, unassigned: [], cost })
    expect(wrong.violations.map(({ kind }) => kind)).toContain('window')
    expect(wrong.routes[0]!.stops[0]!.slack).toBe(-500)
    expect(wrong.text).toContain('8 min late')
    expect(wrong.text).toContain('The plan breaks its problem’s rules:\n  van, a, window:')
    const small = {
      ...base,
      vehicles: [
        { ...base.vehicles[0]!, capacity: [0] },
        { id: 'spare', capacity: [0] },
      ],
    }
    const none = explain(small, { routes: [], unassigned: [{ stop: 'a' }, { stop: 'b' }], cost: 0 })
    expect(none.unassigned.map(({ reason }) => reason)).toEqual(['capacity', 'capacity'])
    expect(none.idle).toEqual(['van', 'spare'])
  })

  it.each([
    [
      'a router',
      { ...base, matrix: undefined, router: { matrix: async () => ({}) as never } },
      { routes: [], unassigned: [] },
    ],
    ['no problem', null, { routes: [], unassigned: [] }],
    ['no plan', base, null],
    ['half a plan', base, { routes: [] }],
  ])('refuses %s by name', (_, problem, plan) => {
    let thrown: unknown
    try {
      explain(problem as Problem, plan as unknown as Plan)
    } catch (error) {
      thrown = error
    }
    expect(ExprsnError.is(thrown) && thrown.code).toMatch(/^GEO_(PROBLEM|PLAN)_INVALID$/)
  })
})
