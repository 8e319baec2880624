import { runSimulation } from '@exprsn/core/testing'
import { describe, expect, it } from 'vitest'
import { plantedBugs } from './publish/planted-bugs.ts'
import { simulatePublish } from './publish/simulate-publish.ts'
import { simulation } from './publish.ts'

const seeds = 30

describe('the simulation of the publisher', () => {
  it('finds nothing in 30 seeds, and hits every kind of fault', async () => {
    const { passed, violations, missedFaults } = await runSimulation(simulation, { seeds })
    expect({ violations, missedFaults }).toEqual({ violations: [], missedFaults: [] })
    expect(passed).toBe(true)
  }, 240_000)

  it.for(Object.entries(plantedBugs))('finds: %s', { timeout: 240_000 }, async ([, bug]) => {
    let found = 0
    let seed = 1
    for (; seed <= seeds && found === 0; seed++) found = (await simulatePublish(seed, bug)).violations.length
    expect(found).toBeGreaterThan(0)
  })
})
