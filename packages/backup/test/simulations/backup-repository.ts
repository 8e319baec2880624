import type { Simulation } from '@exprsn/core/testing'
import { runSeed } from './repository/run-seed.ts'
import { storeFaults } from './repository/store-faults.ts'

/** Backups, forgets and prunes of one repository by programs that die and stand still, over a store in trouble. */
export const simulation: Simulation = {
  name: 'backup-repository',
  expectedFaults: ['kill', 'pause', ...Object.keys(storeFaults), 'stale-list', 'swept', 'kept', 'waited', 'repacked'],
  run: async (seed) => {
    const { faults, violations } = await runSeed(seed)
    return { faults, violations }
  },
}
