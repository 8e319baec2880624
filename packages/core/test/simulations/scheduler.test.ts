import { runSimulation } from '@exprsn/core/testing'
import { describe, expect, it } from 'vitest'
import { simulation } from './scheduler.ts'
import { plantedBugs } from './scheduler/planted-bugs.ts'
import { runSeed } from './scheduler/run-seed.ts'

const seeds = 50

describe('the scheduler under simulated faults', () => {
  it(`keeps its promises over ${seeds} seeds, and every kind of fault happens`, { timeout: 120_000 }, async () => {
    const { violations, missedFaults } = await runSimulation(simulation, { seeds })
    expect({ violations, missedFaults }).toEqual({ violations: [], missedFaults: [] })
  })

  it('gives the same result for the same seed', async () => {
    expect(await runSeed(7)).toEqual(await runSeed(7))
  })

  it.each(plantedBugs)('finds a planted bug: $bug', { timeout: 120_000 }, async ({ sabotage }) => {
    const found = await firstViolation(sabotage)
    expect(found, `not found in ${seeds} seeds`).toBeDefined()
  })
})

async function firstViolation(sabotage: Parameters<typeof runSeed>[1]): Promise<string | undefined> {
  for (let seed = 1; seed <= seeds; seed++) {
    const { violations } = await runSeed(seed, sabotage)
    if (violations.length > 0) return violations[0]
  }
  return undefined
}
