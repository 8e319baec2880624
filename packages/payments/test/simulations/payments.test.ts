import { runSimulation } from '@exprsn/core/testing'
import { describe, expect, it } from 'vitest'
import { plantedBugs } from './payments/planted-bugs.ts'
import { simulatePayments } from './payments/simulate-payments.ts'
import { simulation } from './payments.ts'

const seeds = 50

describe('the simulation of payments', () => {
  it('finds nothing in 50 seeds, and hits every kind of fault', async () => {
    const { passed, violations, missedFaults } = await runSimulation(simulation, { seeds })
    expect({ violations, missedFaults }).toEqual({ violations: [], missedFaults: [] })
    expect(passed).toBe(true)
  }, 240_000)

  it.for(Object.entries(plantedBugs))('finds: %s', { timeout: 240_000 }, async ([, plant]) => {
    let found = 0
    for (let seed = 1; seed <= seeds && found === 0; seed++)
      found = (await simulatePayments(seed, plant)).violations.length
    expect(found).toBeGreaterThan(0)
  })
})
