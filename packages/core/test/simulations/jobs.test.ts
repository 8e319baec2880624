import { runSimulation } from '@exprsn/core/testing'
import { describe, expect, it } from 'vitest'
import { plantedBugs } from './jobs/planted-bugs.ts'
import { simulateJobs } from './jobs/simulate-jobs.ts'
import { simulation } from './jobs.ts'

const seeds = 50

describe('the simulation of jobs', () => {
  it('finds nothing in 50 seeds, and hits every kind of fault', async () => {
    const { passed, violations, missedFaults } = await runSimulation(simulation, { seeds })
    expect({ violations, missedFaults }).toEqual({ violations: [], missedFaults: [] })
    expect(passed).toBe(true)
  }, 120_000)

  it.for(Object.entries(plantedBugs))('finds: %s', { timeout: 120_000 }, async ([, plant]) => {
    let found = 0
    let seed = 1
    for (; seed <= seeds && found === 0; seed++) found = (await simulateJobs(seed, plant)).violations.length
    expect(found).toBeGreaterThan(0)
  })
})
