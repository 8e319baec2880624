import { runSimulation } from '@exprsn/core/testing'
import { describe, expect, it } from 'vitest'
import { plantedBugs } from './sync/planted-bugs.ts'
import { simulateSync } from './sync/simulate-sync.ts'
import { simulation } from './sync.ts'

const seeds = 50

describe('the simulation of the sync', () => {
  it('finds nothing in 50 seeds, and hits every kind of fault', async () => {
    const { passed, violations, missedFaults } = await runSimulation(simulation, { seeds })
    expect({ violations, missedFaults }).toEqual({ violations: [], missedFaults: [] })
    expect(passed).toBe(true)
  }, 240_000)

  it.for(Object.entries(plantedBugs))('finds: %s', { timeout: 240_000 }, async ([, plant]) => {
    let found = 0
    let seed = 1
    for (; seed <= seeds && found === 0; seed++) found = (await simulateSync(seed, plant)).violations.length
    expect(found).toBeGreaterThan(0)
  })
})
