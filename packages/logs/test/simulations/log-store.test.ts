import { runSimulation } from '@exprsn/core/testing'
import { describe, expect, it } from 'vitest'
import { plantedBugs } from './log-store/planted-bugs.ts'
import { simulateStore } from './log-store/simulate-store.ts'
import { simulation } from './log-store.ts'

const seeds = 50

describe('the simulation of the store', () => {
  it(`finds nothing in ${seeds} seeds, and hits every kind of fault`, async () => {
    const { violations, missedFaults } = await runSimulation(simulation, { seeds })
    expect({ violations, missedFaults }).toEqual({ violations: [], missedFaults: [] })
  }, 120_000)

  it.for(Object.entries(plantedBugs))('finds: %s', { timeout: 120_000 }, async ([, bug]) => {
    let found = 0
    for (let seed = 1; seed <= seeds && found === 0; seed++) found = await violationsOf(seed, bug)
    expect(found).toBeGreaterThan(0)
  })
})

/** What breaks down altogether is found as well. */
async function violationsOf(seed: number, bug: Parameters<typeof simulateStore>[1]): Promise<number> {
  try {
    return (await simulateStore(seed, bug)).violations.length
  } catch {
    return 1
  }
}
