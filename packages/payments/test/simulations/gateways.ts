import type { Simulation } from '@exprsn/core/testing'
import { runSeed } from './gateways/run-seed.ts'

/** A careful host on Stripe, PayPal and Authorize.Net in turn, under lost answers, errors, crashes and lost webhooks. */
export const simulation: Simulation = {
  name: 'gateways',
  expectedFaults: [
    'lost_request',
    'lost_response',
    'truncated_response',
    'error_before',
    'error_after',
    'rate_limited',
    'crash/before',
    'crash/after',
    'webhook-lost',
  ],
  run: (seed) => runSeed(seed),
}
