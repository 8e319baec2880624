import { authorizeNetGateway } from '@exprsn/payments/drivers/authorizenet'
import { paypalGateway } from '@exprsn/payments/drivers/paypal'
import { stripeGateway } from '@exprsn/payments/drivers/stripe'
import type { PaymentGateway } from '@exprsn/payments/gateway'
import { simulateAuthorizeNet, simulatePaypal, simulateStripe, type GatewaySimulator } from '@exprsn/payments/testing'
import { SimulatedClock, type SeededRandom } from '@exprsn/core/testing'
import { Client } from '@paypal/paypal-server-sdk'
import Stripe from 'stripe'

/** A gateway with a simulator that knows the truth. */
export interface World extends AsyncDisposable {
  readonly gateway: PaymentGateway
  readonly simulator: GatewaySimulator
  readonly clock: SimulatedClock
  readonly currency: string
  readonly pays: () => string
  readonly declines: () => string
}

/** Changes what the gateway does: a planted bug. */
export type Sabotage = (right: PaymentGateway) => Partial<PaymentGateway>

type MakeWorld = (
  clock: SimulatedClock,
  random: SeededRandom,
) => Promise<Omit<World, 'clock' | typeof Symbol.asyncDispose>>

const makers: readonly MakeWorld[] = [
  async (clock, random) => {
    const simulator = await simulateStripe({ clock, random })
    const client = new Stripe(simulator.apiKey, { ...simulator.clientConfig, timeout: 5000 })
    const gateway = stripeGateway({ client, clock, webhookSecrets: [simulator.webhookSecret] })
    const [pays, declines] = [() => 'pm_card_visa', () => 'pm_card_visa_chargeDeclined']
    return { gateway, simulator, currency: 'EUR', pays, declines }
  },
  async (clock, random) => {
    const simulator = await simulatePaypal({ clock, random })
    const { clientConfig, url: baseUrl, webhookId, certificates, roots } = simulator
    const webhook = { webhookIds: [webhookId], webhookCertificates: certificates, webhookRoots: roots }
    const gateway = paypalGateway({ client: new Client(clientConfig), clock, baseUrl, ...webhook })
    const [pays, declines] = [() => simulator.createToken(), () => simulator.createToken('declines')]
    return { gateway, simulator, currency: 'EUR', pays, declines }
  },
  async (clock, random) => {
    const simulator = await simulateAuthorizeNet({ clock, random })
    const { apiLoginId, transactionKey, signatureKey, url: baseUrl } = simulator
    const gateway = authorizeNetGateway({ apiLoginId, transactionKey, baseUrl, clock, signatureKeys: [signatureKey] })
    const [pays, declines] = [() => simulator.createToken(), () => simulator.createToken('declines')]
    return { gateway, simulator, currency: 'USD', pays, declines }
  },
]

/** The seeds take turns with the gateways. */
export async function makeWorld(seed: number, random: SeededRandom, sabotage: Sabotage): Promise<World> {
  const clock = new SimulatedClock({ now: Date.UTC(2026, 0, 5, 9) })
  const made = await makers[seed % makers.length]!(clock, random.fork('gateway'))
  const changes = sabotage(made.gateway)
  const gateway = new Proxy(made.gateway, {
    get(target, name: keyof PaymentGateway) {
      if (name in changes) return changes[name]
      const value = target[name]
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
  return {
    ...made,
    gateway,
    clock,
    async [Symbol.asyncDispose]() {
      await made.gateway.close()
      await made.simulator.close()
    },
  }
}
