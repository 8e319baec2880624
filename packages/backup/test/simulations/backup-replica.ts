import type { Simulation } from '@exprsn/core/testing'
import { runReplicaSeed } from './replica/run-seed.ts'

/** A repository and its replica, both pruned while the replica is brought up to date by programs that die and stand still. */
export const simulation: Simulation = {
  name: 'backup-replica',
  expectedFaults: [
    'kill',
    'pause',
    'slow',
    'unavailable',
    'lost-response',
    'duplicate',
    'truncated',
    'corrupted',
    'copied',
    'replicated',
    'swept',
    'kept',
  ],
  run: (seed) => runReplicaSeed(seed),
}
