import { runSimulation } from '@exprsn/core/testing'
import { describe, expect, it } from 'vitest'
import { simulation } from './two-way.ts'
import { plantedBugs } from './two-way/planted-bugs.ts'
import { simulateTwoWay } from './two-way/simulate-two-way.ts'

const seeds = 12

describe('the simulation of the two-way sync', () => {
  it(`finds nothing in ${seeds} seeds, and hits every kind of fault`, async () => {
    const { passed, violations, missedFaults } = await runSimulation(simulation, { seeds })
    expect({ violations, missedFaults }).toEqual({ violations: [], missedFaults: [] })
    expect(passed).toBe(true)
  }, 240_000)

  it.for(Object.entries(plantedBugs))('finds: %s', { timeout: 240_000 }, async ([, bug]) => {
    let found = 0
    let seed = 1
    for (; seed <= seeds && found === 0; seed++) found = (await simulateTwoWay(seed, bug)).violations.length
    expect(found).toBeGreaterThan(0)
  })
})
