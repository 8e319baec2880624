import type { Simulation } from '@exprsn/core/testing'
import { runSeed } from './wal-archive/run-seed.ts'

/** WAL is archived, trimmed and pruned by programs that die and stand still, over a store in trouble. */
export const simulation: Simulation = {
  name: 'wal-archive',
  expectedFaults: [
    'kill',
    'pause',
    'slow',
    'unavailable',
    'lost-response',
    'duplicate',
    'truncated',
    'trimmed',
    'tidied',
  ],
  run: async (seed) => {
    const { faults, violations } = await runSeed(seed)
    return { faults, violations }
  },
}
