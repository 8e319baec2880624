import type { Simulation } from '@exprsn/core/testing'
import { simulatePayments } from './payments/simulate-payments.ts'

/** Payments under faults of gateway, network, webhooks, processes and clocks at every await. */
export const simulation: Simulation = {
  name: 'payments',
  expectedFaults: [
    'crash/before-call',
    'crash/after-call',
    'crash/in-transaction',
    'crash/after-transaction',
    'crash/lookup',
    'busy',
    'lost',
    'late',
    'unanswered',
    'limited',
    'webhook/lost',
    'webhook/doubled',
    'webhook/reordered',
    'refund-elsewhere',
    'refund-failed',
    'clock-jump',
    'event-delayed',
  ],
  run: (seed) => simulatePayments(seed),
}
