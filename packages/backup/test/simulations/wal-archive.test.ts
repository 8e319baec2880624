import { runSimulation } from '@exprsn/core/testing'
import { describe, expect, it } from 'vitest'
import { simulation } from './wal-archive.ts'
import { plantedBugs } from './wal-archive/planted-bugs.ts'
import { runSeed, type Sabotage } from './wal-archive/run-seed.ts'

const seeds = 12
/** A bug that needs several things at once is rarer. */
const bugSeeds = 40

describe('an archive of WAL under simulated faults', () => {
  it(`loses nothing over ${seeds} seeds, and every kind of fault happens`, { timeout: 120_000 }, async () => {
    const { violations, missedFaults } = await runSimulation(simulation, { seeds })
    expect({ violations, missedFaults }).toEqual({ violations: [], missedFaults: [] })
  })

  it.each(plantedBugs)('finds a planted bug: $bug', { timeout: 120_000 }, async ({ sabotage, seed }) => {
    expect(await firstViolation(sabotage, seed), `not found in ${bugSeeds} seeds`).toBeDefined()
  })
})

async function firstViolation(sabotage: () => Sabotage, likely = 1): Promise<string | undefined> {
  const others = Array.from({ length: bugSeeds }, (_, index) => index + 1).filter((seed) => seed !== likely)
  for (const seed of [likely, ...others]) {
    const { violations } = await runSeed(seed, sabotage())
    if (violations.length > 0) return violations[0]
  }
  return undefined
}
