import type { PaymentGateway } from '@exprsn/payments/gateway'
import { stripeGateway } from '@exprsn/payments/drivers/stripe'
import { simulateStripe, type StripeSimulator } from '@exprsn/payments/testing'
import Stripe from 'stripe'
import type { Config } from './config.ts'

/** Where the money comes in: Stripe, or a simulation of it in this process. */
export interface Till {
  readonly gateway: PaymentGateway
  /** For Stripe.js; undefined where the buyer chooses among test cards. */
  readonly publishableKey: string | undefined
  readonly simulator: StripeSimulator | undefined
  close(): Promise<void>
}

/** Opens the real Stripe when there are keys. */
export async function openTill({ stripe }: Pick<Config, 'stripe'>): Promise<Till> {
  if (stripe !== undefined) {
    const { secretKey, publishableKey, webhookSecret } = stripe
    const gateway = stripeGateway({ apiKey: secretKey.reveal(), webhookSecrets: [webhookSecret.reveal()] })
    return { gateway, publishableKey, simulator: undefined, close: () => gateway.close() }
  }
  const simulator = await simulateStripe()
  const client = new Stripe(simulator.apiKey, simulator.clientConfig)
  const gateway = stripeGateway({ client, webhookSecrets: [simulator.webhookSecret] })
  const close = async (): Promise<void> => {
    await gateway.close()
    await simulator.close()
  }
  return { gateway, publishableKey: undefined, simulator, close }
}
