import { runSimulation } from '@exprsn/core/testing'
import { describe, expect, it } from 'vitest'
import { plantedBugs } from './ledger/planted-bugs.ts'
import { simulateLedger } from './ledger/simulate-ledger.ts'
import { simulation } from './ledger.ts'

const seeds = 50

describe('the simulation of the ledger', () => {
  it('finds nothing in 50 seeds, and hits every kind of fault', async () => {
    const { violations, missedFaults } = await runSimulation(simulation, { seeds })
    expect({ violations, missedFaults }).toEqual({ violations: [], missedFaults: [] })
  }, 120_000)

  it.for(Object.entries(plantedBugs))('finds: %s', { timeout: 120_000 }, async ([, plant]) => {
    let found = 0
    for (let seed = 1; seed <= seeds && found === 0; seed++)
      found = await simulateLedger(seed, plant).then(
        ({ violations }) => violations.length,
        () => 1,
      )
    expect(found).toBeGreaterThan(0)
  })
})
