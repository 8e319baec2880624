import { runSimulation } from '@exprsn/core/testing'
import { describe, expect, it } from 'vitest'
import { plantedBugs } from './reconcile/planted-bugs.ts'
import { simulateReconcile } from './reconcile/simulate-reconcile.ts'
import { simulation } from './reconcile.ts'

const seeds = 25

describe('the simulation of a growing reconciliation', () => {
  it('finds nothing in 25 seeds, and hits every kind of fault', async () => {
    const { violations, missedFaults } = await runSimulation(simulation, { seeds })
    expect({ violations, missedFaults }).toEqual({ violations: [], missedFaults: [] })
  }, 120_000)

  it.for(Object.entries(plantedBugs))('finds: %s', { timeout: 120_000 }, async ([, plant]) => {
    let found = 0
    for (let seed = 1; seed <= seeds && found === 0; seed++)
      found = await simulateReconcile(seed, plant).then(
        ({ violations }) => violations.length,
        () => 1,
      )
    expect(found).toBeGreaterThan(0)
  })
})
