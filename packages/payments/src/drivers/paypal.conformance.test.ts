import { SeededRandom, SimulatedClock } from '@exprsn/core/testing'
import { Client } from '@paypal/paypal-server-sdk'
import { describe, it } from 'vitest'
import { gatewayConformance } from '../testing/conformance/gateway-conformance.ts'
import { simulatePaypal } from '../testing/paypal/simulate-paypal.ts'
import { paypalGateway } from './paypal.ts'

describe('paypalGateway with the server SDK, unmodified', () => {
  for (const { name, run } of gatewayConformance) {
    it(name, async () => {
      const clock = new SimulatedClock()
      await using simulator = await simulatePaypal({ clock, random: new SeededRandom(name) })
      const { webhookId, certificates, roots, url: baseUrl, clientConfig } = simulator
      const client = new Client({ ...clientConfig, timeout: 1_000 })
      const webhook = { webhookIds: [webhookId], webhookCertificates: certificates, webhookRoots: roots }
      await using gateway = paypalGateway({ client, clock, baseUrl, ...webhook })
      await run({
        gateway,
        simulator,
        currency: 'EUR',
        tokens: { pays: () => simulator.createToken(), declines: () => simulator.createToken('declines') },
        command: 'POST /v2',
        now: () => clock.now(),
        advance: (milliseconds) => clock.advanceBy(milliseconds),
      })
    })
  }
})
