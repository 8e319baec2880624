import { describe, expect, it } from 'vitest'
import { compileProblem } from '../../model/compile-problem.ts'
import type { Problem, Vehicle } from '../../problem/problem.ts'
import { Anneal } from '../anneal.ts'
import { searchToolsFor } from '../search-tools.fixture.ts'
import { neighboursOf } from '../neighbours.ts'
import { AnnealKernel } from './anneal-kernel.ts'

const count = 60

interface Changes {
  readonly vehicles?: number
  readonly vehicle?: (index: number) => Partial<Vehicle>
  readonly stop?: (index: number) => Partial<NonNullable<Problem['stops']>[number]>
  readonly distance?: (from: number, to: number, straight: number) => number
}

/** Sixty stops and two depots scattered by a plain rule, nine vehicles with room for about eight of them each. */
function problemWith({
  vehicles = 9,
  vehicle,
  stop,
  distance = (_, __, straight) => Math.round(straight),
}: Changes = {}): Problem {
  const size = count + 2
  const at = (place: number): readonly [number, number] => [(place * 617.03) % 1_000, (place * 381.97) % 1_000]
  const distances = Array.from({ length: size ** 2 }, (_, cell) => {
    const [from, to] = [Math.floor(cell / size), cell % size]
    return distance(from, to, Math.hypot(at(from)[0] - at(to)[0], at(from)[1] - at(to)[1]))
  })
  return {
    vehicles: Array.from({ length: vehicles }, (_, index) => ({
      ...{ id: `vehicle ${index}`, start: 0, end: 0, capacity: [40] },
      ...vehicle?.(index),
    })),
    stops: Array.from({ length: count }, (_, index) => ({
      ...{ id: `stop ${index}`, place: index + 2, deliver: [1 + ((index * 7) % 9)] },
      ...stop?.(index),
    })),
    matrix: { rows: size, columns: size, distances },
  }
}

/** What an annealing in two legs comes to, with a return to the best between them, and all that chance will bring next. */
function annealed(problem: Problem, { inKernel, closed = [] }: { inKernel: boolean; closed?: readonly number[] }) {
  const { kernel, ...tools } = searchToolsFor(problem)
  if (inKernel) expect(kernel).toBeDefined()
  for (const vehicle of closed) tools.state.isClosed[vehicle] = 1
  const anneal = new Anneal({ ...tools, kernel: inKernel ? kernel : undefined }, { hot: 200, cold: 1 })
  for (let leg = 0; leg < 10; leg++) anneal.run(300, leg / 10)
  anneal.rewind()
  anneal.run(500, 0.5)
  const { best, improvements } = anneal
  return { best, improvements, chance: tools.random.state, blinks: tools.recreate.blinks.left }
}

describe('AnnealKernel', () => {
  it.each<[string, Changes, readonly number[]]>([
    ['whole distances', {}, []],
    [
      'whole distances, some of them as long as 32 bits allow',
      { distance: (_, __, straight) => Math.min(2 ** 28, Math.round(straight) * 2 ** 19) },
      [],
    ],
    ['whole distances longer than that', { distance: (_, __, straight) => Math.round(straight) * 2 ** 21 }, []],
    ['distances with fractions', { distance: (_, __, straight) => straight }, []],
    ['more stops than there is room for', { vehicle: () => ({ capacity: [27.5] }) }, []],
    ['stops that are not worth a detour', { stop: (index) => (index % 3 === 0 ? { prize: 90 } : {}) }, []],
    ['stops without weight', { stop: (index) => (index % 4 === 0 ? { deliver: [0] } : {}) }, []],
    ['vehicles that are closed', {}, [3, 8]],
    ['a stop that is as heavy as can be', { stop: (index) => (index === 7 ? { deliver: [40] } : {}) }, []],
    ['routes of one stop each', { vehicles: 70, vehicle: () => ({ capacity: [9.5] }) }, []],
    [
      'more vehicles with room than are looked at together',
      {
        vehicles: 80,
        vehicle: (index) => ({ capacity: [12 + (index % 7)], costs: { perMetre: 1, fixed: (index * 29) % 80 } }),
        stop: (index) => (index % 5 === 0 ? { prize: 150 } : {}),
      },
      [],
    ],
    [
      'vehicles that differ',
      {
        distance: (_, __, straight) => straight * 1.1,
        vehicle: (index) => ({
          ...{ start: index % 2, end: index % 3 === 0 ? 1 : 0, capacity: [30 + 7 * (index % 3)] },
          costs: { perMetre: 1, fixed: 100 * (index % 3) },
        }),
      },
      [],
    ],
    [
      'vehicles that go at different prices',
      { vehicle: (index) => ({ capacity: [30 + 7 * (index % 3)], costs: { perMetre: 1 + (index % 3), fixed: 50 } }) },
      [],
    ],
    [
      'prices some of which make fractions',
      { vehicle: (index) => ({ capacity: [30 + 7 * (index % 3)], costs: { perMetre: 1 + (index % 3) / 8 } }) },
      [],
    ],
    ['vehicles that need not come back', { vehicle: () => ({ end: undefined }) }, []],
  ])('comes to the same as the plain search: %s', (_, changes, closed) => {
    const problem = problemWith(changes)
    const plain = annealed(problem, { inKernel: false, closed })
    expect(plain.improvements).toBeGreaterThan(5)
    expect(annealed(problem, { inKernel: true, closed })).toEqual(plain)
  })

  it.each<[string, Changes]>([
    ['windows', { stop: () => ({ windows: [[0, 5_000]] }) }],
    ['ways that differ by direction', { distance: (from, to, straight) => (from < to ? straight + 1 : straight) }],
    ['a stop that is locked', { vehicle: (index) => (index === 0 ? { locked: ['stop 3'] } : {}) }],
    ['vehicles that may not serve all', { vehicle: () => ({ skills: [] }), stop: () => ({ skills: ['crane'] }) }],
    ['a stop that weighs more than can be said', { stop: (index) => (index === 7 ? { deliver: [Infinity] } : {}) }],
    ['goods of two kinds', { vehicle: () => ({ capacity: [9, 9] }), stop: () => ({ deliver: [1, 1] }) }],
  ])('leaves to the plain search: %s', (_, changes) => {
    expect(searchToolsFor(problemWith(changes)).kernel).toBeUndefined()
  })

  it('leaves to the plain search what the machine cannot run', () => {
    const model = compileProblem(problemWith())
    expect(AnnealKernel.create(model, neighboursOf(model), 'AGFzbQ')).toBeUndefined()
  })
})
