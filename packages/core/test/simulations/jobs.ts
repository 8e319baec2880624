import type { Simulation } from '@exprsn/core/testing'
import { simulateJobs } from './jobs/simulate-jobs.ts'

/** Jobs under crashes, standstills and a busy database at every await. */
export const simulation: Simulation = {
  name: 'jobs',
  expectedFaults: [
    'crash/before-query',
    'crash/after-query',
    'crash/before-transaction',
    'crash/in-transaction',
    'crash/after-transaction',
    'stall',
    'busy',
  ],
  run: (seed) => simulateJobs(seed),
}
