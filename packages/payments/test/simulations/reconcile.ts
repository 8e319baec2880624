import type { Simulation } from '@exprsn/core/testing'
import { simulateReconcile } from './reconcile/simulate-reconcile.ts'

/** A month that arrives in portions at two processes that end at every statement, forget answers and ask again. */
export const simulation: Simulation = {
  name: 'reconcile',
  expectedFaults: [
    'crash/before-transaction',
    'crash/in-transaction',
    'crash/after-transaction',
    'busy',
    'answer/forgotten',
    'statement/corrected',
    'portion/repeated',
  ],
  run: (seed) => simulateReconcile(seed),
}
