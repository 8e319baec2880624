import { ExprsnError, systemClock } from '@exprsn/core'
import { checkSolution, solve, type Problem, type SolveOptions } from '@exprsn/geo/optimize'
import { describe, expect, it } from 'vitest'

const durations = [0, 10, 20, 10, 0, 10, 20, 10, 0]
const problem: Problem = {
  vehicles: [
    { id: 'van', start: 0, end: 0, capacity: [5], window: [0, 1_000] },
    { id: 'lorry', start: 0, end: 0, capacity: [7], skills: ['lift'], window: [0, 1_000] },
  ],
  stops: [
    { id: 'a', place: 1, deliver: [1] },
    { id: 'b', place: 2, deliver: [1] },
  ],
  matrix: { rows: 3, columns: 3, durations },
}
const withA = (change: object): Problem => ({
  ...problem,
  stops: [{ ...problem.stops![0]!, ...change }, problem.stops![1]!],
})
const withCells = (cells: readonly number[], more: object = {}): Problem => ({
  ...problem,
  matrix: { rows: 3, columns: 3, durations: cells, ...more },
})

/** Either an error that names the place, or a plan that the check accepts and that tells why what is left out. */
async function outcome(own: Problem, options: SolveOptions = { iterations: 60 }): Promise<string> {
  try {
    const plan = await solve(own, options)
    expect(checkSolution(own, plan)).toEqual([])
    for (const { explanation } of plan.unassigned) expect(explanation).toMatch(/^[A-Z].*\.$/)
    return plan.unassigned.map(({ stop, reason }) => `${stop}: ${reason}`).join(', ') || 'all served'
  } catch (error) {
    if (!ExprsnError.is(error)) throw error
    return `${error.code} ${String(error.details.where)}`
  }
}

const invalid = 'GEO_PROBLEM_INVALID'

const cases: readonly (readonly [string, Problem, string])[] = [
  ['demand larger than every vehicle', withA({ deliver: [8] }), 'a: capacity'],
  ['demand larger than the vehicles with the skill', withA({ deliver: [8], skills: ['lift'] }), 'a: capacity'],
  ['demand in a dimension that no vehicle has', withA({ deliver: [1, 1] }), 'a: capacity'],
  ['a window that was closed before anybody can be there', withA({ windows: [[0, 9]] }), 'a: windows'],
  ['a window that opens after all shifts', withA({ windows: [[2_000, 3_000]] }), 'a: windows'],
  ['an inverted window', withA({ windows: [[9, 8]] }), `${invalid} stops[0].windows[0]`],
  [
    'an inverted shift',
    { ...problem, vehicles: [{ ...problem.vehicles[0]!, window: [9, 8] }] },
    `${invalid} vehicles[0].window`,
  ],
  [
    'a pickup after its delivery',
    {
      ...problem,
      shipments: [
        { id: 'x', pickup: { place: 1, windows: [[500, 600]] }, delivery: { place: 2, windows: [[0, 400]] } },
      ],
    },
    'x: windows',
  ],
  ['a skill that nobody has', withA({ skills: ['fly'] }), 'a: skills'],
  ['an asymmetric matrix', withCells([0, 90, 5, 2, 0, 70, 5, 1, 0]), 'all served'],
  ['a detour that is shorter', withCells([0, 900, 5, 5, 0, 5, 5, 5, 0]), 'all served'],
  ['a negative way', withCells(durations.with(5, -1)), `${invalid} matrix.durations[5]`],
  ['minus infinity', withCells(durations.with(5, -Infinity)), `${invalid} matrix.durations[5]`],
  ['a way that is no number', withCells(durations.with(5, '7' as never)), `${invalid} matrix.durations[5]`],
  ['an infinite way to one stop', withCells([0, 10, Infinity, 10, 0, Infinity, 20, 10, 0]), 'b: unreachable'],
  ['an infinite way, with another around', withCells(durations.with(2, Infinity)), 'all served'],
  ['no way at all', withCells(durations.map((value) => (value === 0 ? 0 : NaN))), 'a: unreachable, b: unreachable'],
  ['a matrix with more rows than columns', withCells(durations, { rows: 4 }), `${invalid} matrix`],
  ['a matrix of no rows', withCells([], { rows: 0, columns: 0 }), `${invalid} matrix`],
  ['a matrix with too few cells', withCells([0, 1]), `${invalid} matrix.durations`],
  ['a row that the matrix lacks', withA({ place: 7 }), `${invalid} place 5`],
  [
    'a stop twice',
    { ...problem, stops: [...problem.stops!, problem.stops![0]!] },
    `${invalid} stops and shipments[2].id`,
  ],
  [
    'a shipment named as a stop',
    { ...problem, shipments: [{ id: 'a', pickup: { place: 1 }, delivery: { place: 2 } }] },
    `${invalid} stops and shipments[2].id`,
  ],
  [
    'a vehicle twice',
    { ...problem, vehicles: [problem.vehicles[0]!, problem.vehicles[0]!] },
    `${invalid} vehicles[1].id`,
  ],
  ['zero vehicles', { ...problem, vehicles: [] }, 'a: fleet, b: fleet'],
  ['zero stops', { ...problem, stops: [] }, 'all served'],
  ['nothing at all', { vehicles: [] }, 'all served'],
  ['all at one place', { ...problem, stops: problem.stops!.map((stop) => ({ ...stop, place: 0 })) }, 'all served'],
  [
    'all at one position, and no way to go',
    {
      vehicles: [{ id: 'van', start: [9, 47] }],
      stops: [1, 2, 3].map((at) => ({ id: `${at}`, place: [9, 47] as const })),
    },
    'all served',
  ],
]

describe('bad input has a typed error or an answer with reasons', () => {
  it.each(cases)('%s', async (_, own, expected) => {
    expect(await outcome(own)).toBe(expected)
  })

  it.each(cases)(
    'within the time limit, by a clock that runs on while nothing is done: %s',
    async (_, own, expected) => {
      // Each look at it comes six milliseconds after the last one, as on a machine that is busy with other things.
      let now = 0
      const clock = { ...systemClock, monotonic: () => (now += 6) }
      expect(await outcome(own, { timeLimit: '6s', clock })).toBe(expected)
      expect(now).toBeLessThanOrEqual(6_300)
    },
  )

  it('in time also where many stops are left out: reasons are looked for as long as there is time', async () => {
    const many: Problem = {
      ...problem,
      stops: Array.from({ length: 40 }, (__, at) => ({
        id: `${at}`,
        place: 1 + (at % 2),
        deliver: [1],
        skills: ['lift'],
      })),
    }
    let now = 0
    const clock = { ...systemClock, monotonic: () => (now += 6) }
    const plan = await solve(many, { timeLimit: '6s', clock })
    expect(now).toBeLessThanOrEqual(6_300)
    expect([checkSolution(many, plan), plan.unassigned.length]).toEqual([[], 33])
    for (const { reason, explanation } of plan.unassigned)
      expect([reason, explanation]).toEqual(['fleet', expect.stringMatching(/^[A-Z].*\.$/)])
  })

  it('a time limit that is over before the search can begin: the first plan is given', async () => {
    let now = 0
    const clock = { ...systemClock, monotonic: () => (now += 10_000) }
    const plan = await solve(problem, { timeLimit: '5s', clock })
    expect(plan.statistics.iterations).toBe(0)
    expect(plan.unassigned).toEqual([])
    expect(checkSolution(problem, plan)).toEqual([])
  })

  describe('5,000 stops, more than the vehicles can serve', () => {
    const places = 60
    const cells = Float64Array.from({ length: places ** 2 }, (_, at) => {
      const [from, to] = [Math.floor(at / places), at % places]
      return Math.abs((from % 8) - (to % 8)) * 60 + Math.abs(Math.floor(from / 8) - Math.floor(to / 8)) * 60
    })
    const large: Problem = {
      vehicles: Array.from({ length: 90 }, (_, at) => ({ id: `van ${at}`, start: 0, end: 0, capacity: [50] })),
      stops: Array.from({ length: 5_000 }, (_, at) => ({ id: `${at}`, place: at % places, deliver: [1], service: 60 })),
      matrix: { rows: places, columns: places, durations: cells },
    }

    it('each has its place or its reason', async () => {
      const plan = await solve(large, { iterations: 20 })
      expect(checkSolution(large, plan)).toEqual([])
      expect(plan.unassigned).toHaveLength(500)
      expect(plan.unassigned.every(({ reason }) => reason === 'fleet')).toBe(true)
    })

    it('in time also where it does not suffice for the first plan: those that nobody has looked at say so', async () => {
      let now = 0
      const clock = { ...systemClock, monotonic: () => (now += 6) }
      const plan = await solve(large, { timeLimit: '3s', clock })
      expect(now).toBeLessThanOrEqual(3_150)
      expect(checkSolution(large, plan)).toEqual([])
      expect(plan.statistics.iterations).toBe(0)
      const served = plan.routes.flatMap(({ steps }) => steps.filter(({ type }) => type === 'stop'))
      expect(served.length).toBeGreaterThan(100)
      expect(served.length + plan.unassigned.length).toBe(5_000)
      expect(new Set(plan.unassigned.map(({ reason }) => reason))).toEqual(new Set(['unfinished']))
      expect(plan.unassigned[0]!.explanation).toBe(
        'The search was over before it found a place for it, or why there is none.',
      )
    })
  })
})
