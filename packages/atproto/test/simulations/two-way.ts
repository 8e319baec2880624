import type { Simulation } from '@exprsn/core/testing'
import { simulateTwoWay } from './two-way/simulate-two-way.ts'

/** A host and a repository that both change, with a network, a stream and processes that fail, and that must become equal. */
export const simulation: Simulation = {
  name: 'two-way',
  expectedFaults: [
    'crash/query',
    'crash/before-commit',
    'crash/after-commit',
    'crash/before-call',
    'crash/after-call',
    'error',
    'drop',
    'lost-response',
    'late',
    'rollback',
    'handler',
    'remote-create',
    'remote-edit',
    'remote-delete',
    'stream/cut',
    'stream/duplicate',
    'stream/outdated',
    'fetch/error',
  ],
  run: (seed) => simulateTwoWay(seed),
}
