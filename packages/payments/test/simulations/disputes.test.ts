import { runSimulation } from '@exprsn/core/testing'
import { describe, expect, it } from 'vitest'
import { plantedBugs } from './disputes/planted-bugs.ts'
import { simulateDisputes } from './disputes/simulate-disputes.ts'
import { simulation } from './disputes.ts'

const seeds = 12

describe('the simulation of disputes', () => {
  it('finds nothing in 12 seeds, and hits every kind of fault', async () => {
    const { violations, missedFaults } = await runSimulation(simulation, { seeds })
    expect({ violations, missedFaults }).toEqual({ violations: [], missedFaults: [] })
  }, 120_000)

  it.for(Object.entries(plantedBugs))('finds: %s', { timeout: 120_000 }, async ([, plant]) => {
    let found = 0
    for (let seed = 1; seed <= seeds && found === 0; seed++)
      found = await simulateDisputes(seed, plant).then(
        ({ violations }) => violations.length,
        () => 1,
      )
    expect(found).toBeGreaterThan(0)
  })
})
