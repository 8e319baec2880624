import type { ConformanceCase } from '@exprsn/core/testing'
import { chargeCases } from './charge-cases.ts'
import { faultCases } from './fault-cases.ts'
import type { GatewaySubject } from './gateway-subject.ts'
import { refundCases } from './refund-cases.ts'
import { webhookCases } from './webhook-cases.ts'

/**
 * What every implementation of the gateway port has to do, run against a simulator that knows what truly happened. Each case
 * gets a gateway with an empty account. What the gateway says it cannot do (`capabilities`) is not asked of it.
 *
 * @example
 * ```ts
 * import { stripeGateway } from '@exprsn/payments/drivers/stripe'
 * import { gatewayConformance, simulateStripe } from '@exprsn/payments/testing'
 * import { SimulatedClock } from '@exprsn/core/testing'
 *
 * for (const { name, run } of gatewayConformance.slice(0, 1)) {
 *   const clock = new SimulatedClock()
 *   await using simulator = await simulateStripe({ clock })
 *   const clientConfig = { ...simulator.clientConfig, timeout: 500 }
 *   const gateway = stripeGateway({ apiKey: simulator.apiKey, clientConfig, clock, webhookSecrets: [simulator.webhookSecret] })
 *   await run({
 *     gateway,
 *     simulator,
 *     currency: 'EUR',
 *     tokens: { pays: () => 'pm_card_visa', declines: () => 'pm_card_visa_chargeDeclined' },
 *     command: 'POST',
 *     now: () => clock.now(),
 *     advance: (milliseconds) => clock.advanceBy(milliseconds),
 *   })
 *   console.log(name)
 * }
 * ```
 */
export const gatewayConformance: readonly ConformanceCase<GatewaySubject>[] = [
  ...chargeCases,
  ...refundCases,
  ...faultCases,
  ...webhookCases,
]
