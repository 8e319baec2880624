import type { Simulation, SimulationResult } from '@exprsn/core/testing'
import { plantedChainBugs } from './postgres/planted-chain-bugs.ts'
import { plantedNetworkBugs } from './postgres/planted-network-bugs.ts'
import { takeChain } from './postgres/run-chain.ts'
import { runNetwork } from './postgres/run-network.ts'

const known = new Set<string>()

/**
 * Whether the campaigns `postgres-network` and `postgres-chains` are worth something: each bug that is planted counts as hit once it was
 * found. One that no seed finds fails the campaign.
 */
export const simulation: Simulation = {
  name: 'postgres-planted',
  expectedFaults: [...Object.keys(plantedNetworkBugs), ...Object.keys(plantedChainBugs)],
  realServers: true,
  run: runPlanted,
}

async function runPlanted(seed: number): Promise<SimulationResult> {
  for (const [bug, sabotage] of Object.entries(plantedNetworkBugs))
    if (!known.has(bug) && (await isFound(async () => (await runNetwork(seed, sabotage())).violations))) known.add(bug)
  await using chain = await takeChain(seed, 3)
  for (const [bug, sabotage] of Object.entries(plantedChainBugs))
    if (!known.has(bug) && (await isFound(() => chain.restored(sabotage)))) known.add(bug)
  return {
    faults: Object.fromEntries([...known].map((bug) => [bug, 1])),
    violations: [...chain.violations, ...(await chain.restored())],
  }
}

/** What throws was noticed, too. */
async function isFound(work: () => Promise<readonly string[]>): Promise<boolean> {
  try {
    return (await work()).length > 0
  } catch {
    return true
  }
}
