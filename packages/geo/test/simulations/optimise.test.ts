import { checkSolution, reoptimise, solve } from '@exprsn/geo/optimize'
import { describe, expect, it } from 'vitest'
import { importMutant, type Mutation } from './fences/mutant.ts'
import { solverAreas } from './optimise/solver-areas.ts'
import { simulateOptimise } from './optimise/storm.ts'

type Engine = Pick<typeof import('@exprsn/geo/optimize'), 'solve' | 'reoptimise'>

const seeds = Array.from({ length: 120 }, (_, seed) => seed + 1)

describe('plans for problems with every constraint mixed', () => {
  it('keep them all: 120 seeds', async () => {
    let visits = 0
    for (const seed of seeds) {
      const result = await simulateOptimise(seed, { solve, reoptimise }, checkSolution)
      expect([seed, result.violations]).toEqual([seed, []])
      visits += result.visits
    }
    expect(visits).toBeGreaterThan(400)
  })

  it('also where a stop is in time only after another one, which leaves: seed 17749', async () => {
    expect((await simulateOptimise(17_749, { solve, reoptimise }, checkSolution)).violations).toEqual([])
  })

  const timetable = 'optimise/schedule/timetable.ts'
  const hours = 'optimise/schedule/driver-hours.ts'
  const stop = 'optimise/search/insert-stop.ts'
  const pair = 'optimise/search/insert-pair.ts'
  it.each<[string, Mutation]>([
    [
      'windows do not close',
      {
        file: 'optimise/search/depart.ts',
        from: 'while (windowCloses[window]! + rounding < arrival)',
        to: 'while (false)',
      },
    ],
    [
      'time for setting up is forgotten',
      { file: timetable, from: 'service[task]! + setup[task]!', to: 'service[task]!' },
    ],
    [
      'what is loaded is not counted',
      { file: stop, from: 'route.before[here]! + tasks.deliver[cell]!', to: 'route.before[here]!' },
    ],
    [
      'what is taken along is not counted',
      { file: stop, from: 'route.after[here]! + tasks.pickUp[cell]!', to: 'route.after[here]!' },
    ],
    [
      'sums are not held against capacities',
      { file: 'optimise/search/insertions.ts', from: '> this.#capacities[room + at]!', to: '> Infinity' },
    ],
    ['shipments need no room', { file: pair, from: 'tasks.carry[pickup * dimensions + at]! >', to: '0 >' }],
    ['skills do not matter', { file: 'optimise/model/compile-problem.ts', from: 'skills.has(skill)', to: 'true' }],
    ['backhauls may come first', { file: stop, from: 'if (own === 1) return true', to: 'if (own < 9) return true' }],
    [
      'groups are not looked at',
      { file: 'optimise/search/state.ts', from: "if (kind === 'one-of' ||", to: 'if (false && kind &&' },
    ],
    [
      'breaks are forgotten',
      { file: timetable, from: 'this.#isPending[at] = Number(isDue)', to: 'this.#isPending[at] = 0' },
    ],
    [
      'driving goes on without a break',
      { file: hours, from: 'this.#rules.driving - this.#sinceBreak', to: 'Infinity' },
    ],
    ['driving goes on without a rest', { file: hours, from: 'this.#dailyDriving - this.#today,', to: 'Infinity,' }],
    ['the day has no end', { file: hours, from: 'this.#dayBegan + day - (', to: 'this.#dayBegan + 9 * day - (' }],
    [
      'work goes on when the day is over',
      { file: hours, from: 'return begin + handling <= this.#dayEndWith', to: 'return day > 0 || this.#dayEndWith' },
    ],
    [
      'any free time is the first part of a daily rest',
      { file: hours, from: 'split !== undefined && free + moment >= split[0]', to: 'split !== undefined && free > 0' },
    ],
    [
      'duty has no limit',
      { file: 'optimise/schedule/timetables.ts', from: 'if (duty > maxDuty + 1e-6) return Infinity', to: '' },
    ],
    ['driving has no limit', { file: timetable, from: 'this.driving > maxDriving + tolerance', to: 'false' }],
    ['distance has no limit', { file: timetable, from: 'this.distance > maxDistance + tolerance', to: 'false' }],
    [
      'there is no limit of visits',
      { file: 'optimise/search/insertions.ts', from: 'route.size >= route.vehicle.maxStops', to: 'route.size >= 1e9' },
    ],
    [
      'trips carry too much',
      {
        file: 'optimise/schedule/split-trips.ts',
        from: 'most > capacity[dimension]!',
        to: 'most > 2 * capacity[dimension]!',
      },
    ],
    [
      'traffic does not slow down',
      { file: 'optimise/schedule/traffic.ts', from: 'this.#fastest / factors[at]!.factor', to: '1' },
    ],
    [
      'a remembered insertion outlives its route',
      {
        file: 'optimise/search/insertions.ts',
        from: 'this.#cells[2 * cell] === state.versions[vehicle]',
        to: 'this.#cells[2 * cell]! >= 0',
      },
    ],
    [
      'room is not looked at in the hot loop',
      {
        file: 'optimise/search/insertions.ts',
        from: 'sums[vehicle]! + amount > capacities[vehicle]!',
        to: 'amount > capacities[vehicle]!',
      },
    ],
    [
      'stops with one window are served when it has closed',
      { file: 'optimise/search/insert-timed.ts', from: 'if (arrival > until) continue', to: '' },
    ],
    [
      'stops with one window make the next one late',
      {
        file: 'optimise/search/insert-timed.ts',
        from: '> arriveBy[at + 1]! + leeway) continue',
        to: '> Infinity) continue',
      },
    ],
    [
      'handling takes no time where stops have one window',
      { file: 'optimise/search/insert-timed.ts', from: '+ handling +', to: '+' },
    ],
    [
      'taking back forgets who served what',
      {
        file: 'optimise/search/state.ts',
        from: 'while (this.#journalCount > 0) {',
        to: 'while (this.#journalCount > 1e9) {',
      },
    ],
    [
      'what cannot be served without what has left stays',
      { file: 'optimise/search/state.ts', from: 'late > 0; late', to: 'late > 1e9; late' },
    ],
  ])('would not go unnoticed: %s', async (_, mutation) => {
    const broken = await importMutant<Engine>('optimise/engine.ts', mutation, solverAreas, {
      'optimise/engine.ts': "export * from './solve/solve.ts'\nexport * from './solve/reoptimise.ts'\n",
    })
    let isNoticed = false
    for (let seed = 1; seed <= seeds.length && !isNoticed; seed++)
      try {
        isNoticed = (await simulateOptimise(seed, broken, checkSolution)).violations.length > 0
      } catch {
        isNoticed = true
      }
    expect(isNoticed).toBe(true)
  })
})
