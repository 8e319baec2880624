import type { Simulation } from '@exprsn/core/testing'
import { simulateDisputes } from './disputes/simulate-disputes.ts'

/** Two processes that answer disputes and end at every statement, over a gateway that loses answers and tells in any order. */
export const simulation: Simulation = {
  name: 'disputes',
  expectedFaults: [
    'crash/before-transaction',
    'crash/in-transaction',
    'crash/after-transaction',
    'crash/before-call',
    'busy',
    'command/lost',
    'command/unanswered',
    'event/lost',
    'event/doubled',
    'event/reordered',
    'answered/twice-at-once',
  ],
  run: (seed) => simulateDisputes(seed),
}
