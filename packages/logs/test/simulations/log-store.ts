import type { Simulation } from '@exprsn/core/testing'
import { simulateStore } from './log-store/simulate-store.ts'

/** An embedded store through kills, power losses and a failing disk, while it seals, compacts and deletes. */
export const simulation: Simulation = {
  name: 'log-store',
  expectedFaults: [
    'kill',
    'power-loss',
    'disk/EIO write',
    'disk/ENOSPC write',
    'disk/EIO fdatasync',
    'flush',
    'compaction',
    'delete',
  ],
  run: (seed) => simulateStore(seed),
}
