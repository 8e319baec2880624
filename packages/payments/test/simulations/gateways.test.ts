import { runSimulation } from '@exprsn/core/testing'
import { describe, expect, it } from 'vitest'
import { simulation } from './gateways.ts'
import { plantedBugs } from './gateways/planted-bugs.ts'
import { runSeed } from './gateways/run-seed.ts'
import type { Sabotage } from './gateways/world.ts'

const seeds = 50

describe('the gateways under simulated faults', () => {
  it(
    `charge once and lose nothing over ${seeds} seeds, and every kind of fault happens`,
    { timeout: 120_000 },
    async () => {
      const { violations, missedFaults } = await runSimulation(simulation, { seeds })
      expect({ violations, missedFaults }).toEqual({ violations: [], missedFaults: [] })
    },
  )

  it('do the same for the same seed', async () => {
    expect(await runSeed(7)).toEqual(await runSeed(7))
  })

  it.each(plantedBugs)('show a planted bug: $bug', { timeout: 120_000 }, async ({ sabotage }) => {
    expect(await firstViolation(sabotage), `not found in ${seeds} seeds`).toBeDefined()
  })
})

async function firstViolation(sabotage: Sabotage): Promise<string | undefined> {
  for (let seed = 1; seed <= seeds; seed++) {
    const found = await runSeed(seed, sabotage).then(({ violations }) => violations[0], String)
    if (found !== undefined) return found
  }
  return undefined
}
