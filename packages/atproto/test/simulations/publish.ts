import type { Simulation } from '@exprsn/core/testing'
import { simulatePublish } from './publish/simulate-publish.ts'

/** Items that come, change and go, with their files, pages and threads, a network that loses and delays, processes that crash, and a repository that must be equal. */
export const simulation: Simulation = {
  name: 'publish',
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
    'deactivated',
    'rollback',
    'remote-edit',
    'remote-delete',
    'file-error',
    'broken-file',
    'lost-file',
    'silent-image',
    'page-error',
    'page-gone',
    'written-and-500',
  ],
  run: (seed) => simulatePublish(seed),
}
