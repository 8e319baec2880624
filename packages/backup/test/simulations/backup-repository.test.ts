import { runSimulation } from '@exprsn/core/testing'
import { describe, expect, it } from 'vitest'
import { simulation } from './backup-repository.ts'
import { plantedBugs } from './repository/planted-bugs.ts'
import { runSeed, type Sabotage } from './repository/run-seed.ts'

const seeds = 50

describe('a repository under simulated faults', () => {
  it(`keeps its promises over ${seeds} seeds, and every kind of fault happens`, { timeout: 120_000 }, async () => {
    const { violations, missedFaults } = await runSimulation(simulation, { seeds })
    expect({ violations, missedFaults }).toEqual({ violations: [], missedFaults: [] })
  })

  it('gives the same result for the same seed', async () => {
    const [one, two] = [await runSeed(7), await runSeed(7)]
    expect(one.faults).toEqual(two.faults)
    expect(one.violations).toEqual(two.violations)
  })

  it.each(plantedBugs)('finds a planted bug: $bug', { timeout: 120_000 }, async ({ sabotage, from }) => {
    expect(await firstViolation(sabotage, from), `not found in ${seeds} seeds`).toBeDefined()
  })
})

async function firstViolation(sabotage: Sabotage, from = 1): Promise<string | undefined> {
  for (let seed = from; seed < from + seeds; seed++) {
    const { violations } = await runSeed(seed, sabotage)
    if (violations.length > 0) return violations[0]
  }
  return undefined
}
