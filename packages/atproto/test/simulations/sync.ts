import type { Simulation } from '@exprsn/core/testing'
import { simulateSync } from './sync/simulate-sync.ts'

/** Repositories that change, a network that loses and spoils, a process that crashes, and a table that must be equal. */
export const simulation: Simulation = {
  name: 'sync',
  expectedFaults: [
    'crash/query',
    'crash/before-commit',
    'crash/after-commit',
    'cut',
    'duplicate',
    'drop',
    'reorder',
    'corrupt/frame',
    'lie',
    'phantom',
    'outdated',
    'reset',
    'handler',
    'poison',
    'fetch/error',
    'fetch/corrupt',
    'fetch/stale',
    'list/error',
    'rotate',
    'deactivate',
    'delete-account',
  ],
  run: (seed) => simulateSync(seed),
}
