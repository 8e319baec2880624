import { checkSolution, solve } from '@exprsn/geo/optimize'
import { describe, expect, it } from 'vitest'
import { importMutant, type Mutation } from './fences/mutant.ts'
import { simulateManyStops } from './optimise/many-stops.ts'
import { solverAreas } from './optimise/solver-areas.ts'

// Those with shipments take several times as long and come last: planted bugs show before.
const seeds = [5, 3, 7, 9, 10, 1, 4, 6]

describe('plans for so many stops that some are left out while it is hot', () => {
  it.each(seeds)('keep every rule and give up nothing that was found: seed %i', async (seed) => {
    const { violations, faults } = await simulateManyStops(seed, { solve }, checkSolution)
    expect(violations).toEqual([])
    // Where no vehicle is saved, nothing is ever left out.
    expect(faults['vehicles saved']).toBe(1)
  })

  const anneal = 'optimise/search/anneal.ts'
  it.each<[string, Mutation]>([
    [
      'what leaves stops out counts as the best',
      { file: anneal, from: '!(this.#isLoose && state.absentCount > 0)', to: 'true' },
    ],
    ['whatever is accepted counts as the best', { file: anneal, from: 'state.cost < this.#least &&', to: '' }],
    [
      'a vehicle counts as saved before its stops are served',
      { file: 'optimise/search/fleet.ts', from: 'if (!isWhole) continue', to: '' },
    ],
  ])('would not go unnoticed: %s', async (_, mutation) => {
    const broken = await importMutant<{ solve: typeof solve }>('optimise/solve/solve.ts', mutation, solverAreas)
    let isNoticed = false
    for (const seed of seeds) isNoticed ||= (await simulateManyStops(seed, broken, checkSolution)).violations.length > 0
    expect(isNoticed).toBe(true)
  })
})
