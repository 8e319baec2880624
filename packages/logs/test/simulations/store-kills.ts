import type { Simulation } from '@exprsn/core/testing'
import { killWriters } from './store-kills/kill-writers.ts'

/** Real processes that share a store and are killed by the system while they append, seal, compact and hand over. */
export const simulation: Simulation = {
  name: 'store-kills',
  expectedFaults: ['kill', 'kill of the writer'],
  run: (seed) => killWriters(seed % 2 === 0 ? { processes: 5, kills: 4, seed } : { processes: 1, kills: 3, seed }),
}
