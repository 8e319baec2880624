import { runSimulation } from '@exprsn/core/testing'
import { describe, expect, it } from 'vitest'
import { plantedBugs } from './log-wal/planted-bugs.ts'
import { simulateLogs } from './log-wal/simulate-logs.ts'
import { simulation } from './log-wal.ts'

const seeds = 60

describe('the simulation of the log', () => {
  it('finds nothing in 60 seeds, and hits every kind of fault', async () => {
    const { passed, violations, missedFaults } = await runSimulation(simulation, { seeds })
    expect({ violations, missedFaults }).toEqual({ violations: [], missedFaults: [] })
    expect(passed).toBe(true)
  }, 120_000)

  it.for(Object.entries(plantedBugs))('finds: %s', { timeout: 120_000 }, async ([, bug]) => {
    let found = 0
    for (let seed = 1; seed <= seeds && found === 0; seed++) found = await violationsOf(seed, bug)
    expect(found).toBeGreaterThan(0)
  })
})

/** What breaks down altogether is found as well. */
async function violationsOf(seed: number, bug: Parameters<typeof simulateLogs>[1]): Promise<number> {
  try {
    return (await simulateLogs(seed, bug)).violations.length
  } catch {
    return 1
  }
}
