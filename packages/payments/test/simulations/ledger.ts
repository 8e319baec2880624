import type { Simulation } from '@exprsn/core/testing'
import { simulateLedger } from './ledger/simulate-ledger.ts'

/** The books under callers in two processes that end at every statement, forget answers and ask again. */
export const simulation: Simulation = {
  name: 'ledger',
  expectedFaults: [
    'crash/before-transaction',
    'crash/in-transaction',
    'crash/after-transaction',
    'busy',
    'answer/forgotten',
  ],
  run: (seed) => simulateLedger(seed),
}
