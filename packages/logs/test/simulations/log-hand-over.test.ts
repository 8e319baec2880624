import { runSimulation } from '@exprsn/core/testing'
import { describe, expect, it } from 'vitest'
import { plantedBugs } from './log-hand-over/planted-bugs.ts'
import { simulateHandOver } from './log-hand-over/simulate-hand-over.ts'
import { simulation } from './log-hand-over.ts'

const seeds = 50

describe('the simulation of processes that share a store', () => {
  it(`finds nothing in ${seeds} seeds, and hits every kind of fault`, { timeout: 120_000 }, async () => {
    const { violations, missedFaults } = await runSimulation(simulation, { seeds })
    expect({ violations, missedFaults }).toEqual({ violations: [], missedFaults: [] })
  })

  it.for(Object.entries(plantedBugs))('finds: %s', { timeout: 120_000 }, async ([, bug]) => {
    let found = 0
    for (let seed = 1; seed <= seeds && found === 0; seed++)
      // What breaks down altogether is found as well.
      found = await simulateHandOver(seed, bug).then(
        ({ violations }) => violations.length,
        () => 1,
      )
    expect(found).toBeGreaterThan(0)
  })
})
