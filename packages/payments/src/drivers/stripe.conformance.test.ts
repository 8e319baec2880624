import { SeededRandom, SimulatedClock } from '@exprsn/core/testing'
import Stripe from 'stripe'
import { describe, it } from 'vitest'
import { gatewayConformance } from '../testing/conformance/gateway-conformance.ts'
import { simulateStripe } from '../testing/stripe/simulate-stripe.ts'
import { stripeGateway } from './stripe.ts'

describe('stripeGateway with the stripe package, unmodified', () => {
  for (const { name, run } of gatewayConformance) {
    it(name, async () => {
      const clock = new SimulatedClock()
      await using simulator = await simulateStripe({ clock, random: new SeededRandom(name) })
      const client = new Stripe(simulator.apiKey, { ...simulator.clientConfig, timeout: 1_000 })
      await using gateway = stripeGateway({ client, clock, webhookSecrets: [simulator.webhookSecret] })
      await run({
        gateway,
        simulator,
        currency: 'EUR',
        tokens: { pays: () => 'pm_card_visa', declines: () => 'pm_card_visa_chargeDeclined' },
        command: 'POST',
        now: () => clock.now(),
        advance: (milliseconds) => clock.advanceBy(milliseconds),
      })
    })
  }
})
