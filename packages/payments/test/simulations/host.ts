import type { Simulation } from '@exprsn/core/testing'
import { simulateHost, type HostGateway } from '@exprsn/payments/testing'
import { openShop } from '../host/shop.ts'

const gateways: readonly HostGateway[] = ['stripe', 'paypal', 'authorizenet']

/** A careful shop over each gateway by turns: processes that end, buyers who click twice, answers and webhooks that are lost. */
export const simulation: Simulation = {
  name: 'host',
  expectedFaults: ['buyer/double-click', 'crash', 'database/busy', 'webhook/lost', 'stripe', 'paypal', 'authorizenet'],
  async run(seed) {
    const { faults, violations } = await simulateHost(openShop, {
      seeds: 1,
      firstSeed: seed,
      gateways: [gateways[seed % gateways.length]!],
    })
    return { faults, violations: violations.map(({ violation }) => violation) }
  },
}
