import type { Simulation } from '@exprsn/core/testing'
import { runReplicaSeed } from './replica/run-seed.ts'
import { storeFaults } from './repository/store-faults.ts'

/** A repository and its replica, both pruned while the replica is brought up to date by programs that die and stand still. */
export const simulation: Simulation = {
  name: 'backup-replica',
  expectedFaults: ['kill', 'pause', ...Object.keys(storeFaults), 'copied', 'replicated', 'swept', 'kept'],
  run: (seed) => runReplicaSeed(seed),
}
